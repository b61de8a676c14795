import type { Language } from '../../shared/language/language.ts';
import { readText } from '../../platform/files.ts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import { addDays } from '../../shared/drift/days.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { calibrationKinds } from '../calibration/index.ts';
import { trainerNames, trainersFor } from '../trainers/index.ts';
import { defaultSettings, type SplitRule, type TrainSettings } from '../train/settings.ts';
import { defaultLimits, type ThresholdRule } from '../thresholds/thresholds.ts';
import { appVersion } from '../../platform/version.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { plainDate, wholeNumber } from '../../platform/command-options.ts';

/** Options that say how to train. */
export interface SettingsOptions {
  readonly trainer: TrainSettings['trainer'];
  readonly params?: string;
  readonly seed: number;
  readonly calibration?: NonNullable<TrainSettings['calibration']>;
  readonly split?: 'none' | 'time' | 'incident' | 'scammer' | 'random';
  readonly cut?: string;
  readonly share: number;
  readonly refit?: boolean;
  readonly costs?: readonly [number, number, number];
  readonly recall?: number;
  readonly unclear?: number;
  readonly receivedRate?: number;
  readonly name?: string;
  readonly modelVersion: number;
  readonly l2?: number;
}

function share({ say }: Language): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && value < 1)) throw new InvalidArgumentError(say('commands.share_between'));
    return value;
  };
}

/** Reads what a missed scam, a wrong accusation and a visit cost. */
export function threeCosts({ say }: Language): (text: string) => [number, number, number] {
  return (text) => {
    const parts = text.split(',').map(Number);
    if (parts.length !== 3 || !parts.every((c) => c > 0 && Number.isFinite(c)))
      throw new InvalidArgumentError(say('commands.three_costs'));
    return parts as [number, number, number];
  };
}

/** Characters of the name of a model at most. */
const longestName = 80;

function modelName({ say }: Language): (text: string) => string {
  return (text) => {
    const name = text.trim();
    if (name === '' || name.length > longestName)
      throw new InvalidArgumentError(say('commands.short_name', { most: longestName }));
    return name;
  };
}

function penalty({ say }: Language): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError(say('commands.above_0'));
    return value;
  };
}

/** Adds the options that say how to hold rows out. */
export function withSplit(command: Command, language: Language): Command {
  const { say } = language;
  const rules = ['none', 'time', 'incident', 'scammer', 'random'];
  return command
    .addOption(new Option('--split <rule>', say('train.split_option')).choices(rules))
    .option('--cut <date>', say('train.cut_option'), plainDate(language))
    .option('--share <share>', say('train.split_share'), share(language), 0.25);
}

/** Adds the options that say how to train. */
export function withSettings(command: Command, language: Language): Command {
  const { say } = language;
  const trainer = new Option('--trainer <name>', say('train.trainer_option')).choices([...trainerNames, 'auto']);
  const kinds = [...calibrationKinds, 'auto'];
  return withSplit(command, language)
    .addOption(trainer.default('logistic'))
    .option('--params <file>', say('train.params_option'))
    .option('--seed <n>', say('train.seed_option'), wholeNumber(language, 0), 1)
    .addOption(new Option('--calibration <kind>', say('train.calibration_option')).choices(kinds))
    .option('--refit', say('train.refit_option'))
    .option('--no-refit', say('train.no_refit_option'))
    .option('--costs <missed,accused,visit>', say('train.costs_option'), threeCosts(language))
    .option('--recall <share>', say('train.recall_option'), share(language))
    .option('--unclear <share>', say('train.unclear_option'), share(language))
    .option('--received-rate <share>', say('train.received_rate_option'), share(language))
    .option('--name <name>', say('train.name_option'), modelName(language))
    .option('--model-version <n>', say('train.model_version_option'), wholeNumber(language, 1), 1)
    .option('--l2 <strength>', say('train.l2_option'), penalty(language));
}

function rule({ costs, recall, unclear }: SettingsOptions): ThresholdRule {
  if (costs !== undefined && recall !== undefined)
    throw new OutpostError('BAD_INPUT', sentence('learn.set_thresholds_costs_or_recall'));
  if (costs !== undefined) {
    const [missedScam, wrongAccusation, visit] = costs;
    return { by: 'costs', missedScam, wrongAccusation, visit, ...(unclear !== undefined && { unclear }) };
  }
  if (recall !== undefined) return { by: 'recall', recall, unclear: unclear ?? 0.2 };
  if (unclear !== undefined) throw new OutpostError('BAD_INPUT', sentence('learn.unclear_goes_costs_or_recall'));
  return { by: 'shares', ...defaultLimits };
}

/** The split the options ask for; with dates the latest rows are held out unless something else is asked for. */
export function splitRule(options: Pick<SettingsOptions, 'split' | 'cut' | 'share'>, hasTime: boolean): SplitRule {
  const { share, cut } = options;
  const by = options.split ?? (cut !== undefined || hasTime ? 'time' : 'none');
  if (cut !== undefined && by !== 'time') throw new OutpostError('BAD_INPUT', sentence('learn.cut_goes_split_time'));
  if (by === 'none') return { by };
  return by === 'time' ? { by, cut: cut ?? null, share } : { by, share };
}

function readParams({ trainer, params, l2 }: SettingsOptions): TrainSettings['params'] {
  if (params !== undefined && l2 !== undefined) throw new OutpostError('BAD_INPUT', sentence('learn.l2_short_params'));
  if (l2 !== undefined && trainer !== 'logistic')
    throw new OutpostError('BAD_INPUT', sentence('learn.l2_logistic_trainer', { trainer }));
  if (params === undefined) return l2 === undefined ? {} : { l2 };
  const text = readText(params);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('learn.params_no_json', { params }), { cause });
  }
  const parsed = z.record(z.string(), z.json()).safeParse(value);
  if (!parsed.success)
    throw new OutpostError('BAD_INPUT', sentence('learn.params_holds_no_json_object', { params }), {
      cause: parsed.error,
    });
  return parsed.data;
}

/** What is known of the data when settings are made. */
export interface AboutData {
  readonly hasTime: boolean;
  readonly name: string;
  readonly simulated: boolean;
  /** Further spellings of unknown in the file the rows came from. */
  readonly missing?: TrainSettings['missing'];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Settings that are known but for what depends on the data. */
export type SettingsFor = (about: AboutData) => TrainSettings;

/**
 * Training settings from options, with all that can be wrong about them found before any data is read. Without --cut
 * the model that ships learns from all rows, however it was judged. Throws BAD_INPUT for parameters the trainer does
 * not take and options that do not go together.
 */
export function settingsFrom(options: SettingsOptions): SettingsFor {
  const params = readParams(options);
  trainersFor(options.trainer, params);
  const thresholds = rule(options);
  splitRule(options, true);
  return (about) => completed(options, { params, thresholds }, about);
}

function completed(
  options: SettingsOptions,
  known: Pick<TrainSettings, 'params' | 'thresholds'>,
  about: AboutData,
): TrainSettings {
  const created = new Date(about.now).toISOString();
  return {
    ...defaultSettings,
    ...known,
    trainer: options.trainer,
    calibration: options.calibration ?? null,
    seed: options.seed,
    split: splitRule(options, about.hasTime),
    refit: options.refit ?? options.cut === undefined,
    receivedRate: options.receivedRate ?? null,
    name: options.name ?? about.name,
    version: options.modelVersion,
    created,
    expires: addDays(created.slice(0, 10), 365),
    codeVersion: appVersion(),
    simulated: about.simulated,
    ...(about.missing !== undefined && { missing: about.missing }),
  };
}
