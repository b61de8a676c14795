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
import { plainDate } from './simulate.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { wholeNumber } from '../../platform/command-options.ts';

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

function shareOf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return value;
}

/** Reads what a missed scam, a wrong accusation and a visit cost. */
export function threeCosts(text: string): [number, number, number] {
  const parts = text.split(',').map(Number);
  if (parts.length !== 3 || !parts.every((c) => c > 0 && Number.isFinite(c)))
    throw new InvalidArgumentError('It must be three numbers above 0, as in 10,5,1.');
  return parts as [number, number, number];
}

function modelName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > 80) throw new InvalidArgumentError('It must have 1 to 80 characters.');
  return name;
}

function penalty(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Adds the options that say how to hold rows out. */
export function withSplit(command: Command, language: Language): Command {
  return command
    .addOption(
      new Option('--split <rule>', language.say('train.split_option')).choices([
        'none',
        'time',
        'incident',
        'scammer',
        'random',
      ]),
    )
    .option('--cut <date>', 'hold out what was received from this day on, and learn from the rest only', plainDate)
    .option('--share <share>', 'share of the rows held out', shareOf, 0.25);
}

/** Adds the options that say how to train. */
export function withSettings(command: Command, language: Language): Command {
  return withSplit(command, language)
    .addOption(new Option('--trainer <name>', 'how to learn').choices([...trainerNames, 'auto']).default('logistic'))
    .option(
      '--params <file>',
      'JSON with parameters of the trainer ("learn trainers" lists them); for auto by trainer, {"boosting": {"rounds": 100}}',
    )
    .option('--seed <n>', 'the same seed and rows give the same bytes', wholeNumber(language, 0), 1)
    .addOption(
      new Option(
        '--calibration <kind>',
        'auto: by cross-validated log loss (default: auto for trees, none for logistic)',
      ).choices([...calibrationKinds, 'auto']),
    )
    .option('--refit', 'after judging, learn from the held-out rows too (default without --cut)')
    .option('--no-refit', 'what was judged is what ships')
    .option(
      '--costs <missed,accused,visit>',
      'set the thresholds by what a missed scam, a wrong accusation and a visit cost',
      threeCosts,
    )
    .option('--recall <share>', 'set the thresholds so that this share of scams is called scam', shareOf)
    .option('--unclear <share>', 'most cases that may be left unclear, with --costs or --recall', shareOf)
    .option(
      '--received-rate <share>',
      'share of scams among all received cases, when the rows are not like them',
      shareOf,
    )
    .option('--name <name>', 'name of the model (default: that of the data)', modelName)
    .option('--model-version <n>', 'version of the model', wholeNumber(language, 1), 1)
    .option('--l2 <strength>', 'strength of the logistic penalty, short for --params', penalty);
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
  };
}
