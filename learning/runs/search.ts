import { normalQuantile } from '../../shared/metrics/index.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Point, TrainerSpace } from '../search/search-space.ts';
import {
  searchSpace,
  type Evaluation,
  type SearchOptions,
  type SearchResult,
  type TrialRequest,
} from '../search/search.ts';
import { trainSettingsSchema, type TrainSettings } from '../train/settings.ts';
import { jsonOf, judgedOnOf, recordRun, startOf, type OpenRun, type RunsPlace, type RunStart } from './record.ts';
import type { Run } from './run.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A search that is to be kept as a run, with its trials as runs under it. */
interface SearchOrder {
  readonly dataset: Pick<Dataset, 'hash'> & { readonly frame: { readonly rows: number } };
  /** What the rows came from, for people. */
  readonly data?: string | null;
  /** The settings of every trial; trainer and parameters come from the space. */
  readonly settings: TrainSettings;
  readonly spaces: readonly TrainerSpace[];
  readonly budget: SearchOptions<unknown>['budget'];
  readonly halving?: boolean;
  readonly parent?: string | null;
  readonly notes?: string;
}

/** What trying one point gave; figures are kept with the trial beside its log loss. */
type TrialOutcome<T> = Evaluation<T> & { readonly figures?: Run['figures'] };

/** Control of a search; neither changes what a trial gives. */
interface SearchControl<T> {
  readonly cancelled?: () => boolean;
  readonly onProgress?: (done: number, trials: number | null) => void;
  readonly errorOfDifference?: (a: Evaluation<T>, b: Evaluation<T>) => number;
}

/** Settings of a training with a point of the space. Throws when the point names a trainer there is not. */
export function settingsAt(settings: TrainSettings, point: Point): TrainSettings {
  return trainSettingsSchema.parse({ ...settings, trainer: point.trainer, params: { ...point.params } });
}

function trialStart(order: SearchOrder, search: string, { point }: TrialRequest): RunStart {
  const settings = settingsAt(order.settings, point);
  const { trainer, params } = settings;
  return { ...startOf(order), kind: 'trial', parent: search, trainer, params, settings };
}

/** 95 % of a normal distribution lie within so many standard errors. */
const halfWidth = normalQuantile(0.975);

async function tryAsRun<T>(
  place: RunsPlace,
  start: RunStart,
  request: TrialRequest,
  evaluate: (request: TrialRequest, settings: TrainSettings) => Promise<TrialOutcome<T>>,
): Promise<Evaluation<T>> {
  const settings = start.settings!;
  const done = await recordRun(place, start, async ({ step }) => {
    const found = await step('cross-validate', () => evaluate(request, settings));
    const { logLoss, standardError, figures = {} } = found;
    const n = Math.round(request.share * (start.rows ?? 0));
    const own = {
      value: logLoss,
      low: logLoss - halfWidth * standardError,
      high: logLoss + halfWidth * standardError,
      n,
    };
    const judged = judgedOnOf(start.dataset, settings, 'out_of_fold');
    return {
      outcome: {
        figures: { ...figures, log_loss: own },
        judgedOn: request.share === 1 ? judged : `${judged}/${request.share}`,
        metrics: jsonOf({ index: request.index, share: request.share, logLoss, standardError }),
      },
      value: found,
    };
  });
  return done.value;
}

function outcomeOf<T>({ trials, best, ended }: SearchResult<T>) {
  const evaluation = best?.evaluation ?? null;
  const metrics = jsonOf({
    ended,
    trials: trials.length,
    failed: trials.filter((trial) => trial.evaluation === null).length,
    best: best && { trainer: best.point.trainer, params: best.point.params, index: best.index },
    logLoss: evaluation?.logLoss ?? null,
    standardError: evaluation?.standardError ?? null,
  });
  const cancelled = { status: 'cancelled', reason: sentence('runs.search_cancelled') } as const;
  return { metrics, ...(ended === 'cancelled' ? cancelled : {}) };
}

/**
 * Searches as `searchSpace` does and keeps it: the search as a run, each trial as a run under it. Answers the id of the
 * search's run with the result; train with `settingsAt(settings, result.best.point)` and the run as parent.
 */
export async function recordSearch<T>(
  place: RunsPlace,
  order: SearchOrder,
  evaluate: (request: TrialRequest, settings: TrainSettings) => Promise<TrialOutcome<T>>,
  control: SearchControl<T> = {},
): Promise<{ run: string; result: SearchResult<T> }> {
  const { spaces, budget, halving = false, settings, parent = null, notes = '' } = order;
  const trainer = spaces.length === 1 ? spaces[0]!.trainer : 'auto';
  const params = jsonOf({ spaces, budget, halving });
  const start: RunStart = { ...startOf(order), kind: 'search', parent, notes, trainer, params };
  const search = ({ id }: OpenRun): Promise<SearchResult<T>> =>
    searchSpace<T>({
      spaces,
      budget,
      halving,
      seed: settings.seed,
      now: () => place.clock.now(),
      evaluate: (request) => tryAsRun(place, trialStart(order, id, request), request, evaluate),
      ...control,
    });
  const { run, value } = await recordRun(place, start, async (open) => {
    const result = await search(open);
    return { outcome: outcomeOf(result), value: result };
  });
  return { run, result: value };
}
