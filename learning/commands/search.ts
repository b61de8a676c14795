import { OutpostError } from '../../shared/errors/index.ts';
import { clusteredMean } from '../statistics/model-selection.ts';
import { splitRows } from '../train/split.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { crossValidateInWorker } from '../train/train-in-worker.ts';
import { parseSpace, type TrainerSpace } from '../search/search-space.ts';
import type { Evaluation } from '../search/search.ts';
import type { TrainSettings } from '../train/settings.ts';
import { trainers } from '../trainers/index.ts';
import type { RunsPlace } from '../runs/record.ts';
import { recordSearch, settingsAt } from '../runs/search.ts';
import { note, type CommandIo } from '../../platform/command-io.ts';
import { readText } from '../../platform/files.ts';
import { progressLine } from './progress.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface SearchOptions {
  readonly spaces: readonly TrainerSpace[];
  readonly budget: number;
  readonly budgetSeconds?: number;
  readonly signal: AbortSignal;
  readonly threads?: number;
  /** What the rows came from, for people. */
  readonly from: string;
}

/** Reads the file that declares a space. Throws BAD_INPUT when it is none the trainers know. */
export function readSpaces(file: string): TrainerSpace[] {
  let space: unknown;
  try {
    space = JSON.parse(readText(file));
  } catch (cause) {
    if (cause instanceof OutpostError) throw cause;
    throw new OutpostError('BAD_INPUT', sentence('learn.file_no_json', { file }), { cause });
  }
  return parseSpace(space, trainers);
}

/** Standard error of the difference between the losses of two trials on the same rows. */
function pairedError(dataset: Dataset, settings: TrainSettings) {
  const { train } = splitRows(dataset, settings.split, settings.seed);
  const { labels, weights, groups } = dataset.frame;
  const pick = (of: ArrayLike<number>): Float64Array => Float64Array.from(train, (i) => of[i]!);
  const rows = { labels: pick(labels), weights: pick(weights), groups: pick(groups) };
  return (a: Evaluation<Float64Array>, b: Evaluation<Float64Array>): number =>
    clusteredMean(
      a.value.map((loss, i) => loss - b.value[i]!),
      rows,
    ).error;
}

/**
 * Looks for the best settings in a declared space, each trial a run under that of the search. Answers the settings to
 * train with and the search's run as their parent. Throws BAD_INPUT when no trial came to an end, CANCELLED when asked
 * to stop; the trials made so far are kept.
 */
export async function searched(
  io: CommandIo,
  place: RunsPlace,
  dataset: Dataset,
  settings: TrainSettings,
  options: SearchOptions,
): Promise<{ settings: TrainSettings; parent: string }> {
  const { signal, spaces, threads } = options;
  const progress = progressLine(io, sentence('progress.searching'));
  const budget = { trials: options.budget, seconds: options.budgetSeconds ?? null };
  const { run, result } = await recordSearch<Float64Array>(
    place,
    { dataset, data: options.from, settings, spaces, budget },
    async (_request, trial) => {
      const { losses, ...found } = await crossValidateInWorker(dataset, trial, { signal, threads });
      return { ...found, value: losses };
    },
    {
      cancelled: () => signal.aborted,
      onProgress: (done, total) => progress.show(total === null ? 0 : done / total, { done, total, of: 'points' }),
      errorOfDifference: pairedError(dataset, settings),
    },
  ).finally(progress.end);
  if (result.ended === 'cancelled') throw new OutpostError('CANCELLED', sentence('learn.search_cancelled'));
  if (result.best === null) {
    const why = result.trials.find((trial) => trial.reason !== null)?.reason ?? '';
    throw new OutpostError('BAD_INPUT', sentence('learn.no_point_space_could_tried', { why }));
  }
  const { point } = result.best;
  const best = { trainer: point.trainer, params: JSON.stringify(point.params) };
  note(io, sentence('search.points_tried', { n: result.trials.length, ...best }));
  return { settings: settingsAt(settings, point), parent: run };
}
