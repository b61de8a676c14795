import { isOutpostError, OutpostError, sentenceOf } from '../../shared/errors/index.ts';
import { createRandom } from '../statistics/random.ts';
import { defaultPoint, drawPoint, keyOf, type Point, type TrainerSpace } from './search-space.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { storedName } from '../../shared/language/stored-name.ts';

/** How long a search goes on: at least one of the two is a number. */
interface Budget {
  /** Points that are tried. */
  readonly trials: number | null;
  /** Seconds after which no further trial begins. */
  readonly seconds: number | null;
}

/** What trying a point gave: the mean cross-validated log loss with its standard error, and what the caller wants. */
export interface Evaluation<T> {
  readonly logLoss: number;
  readonly standardError: number;
  readonly value: T;
}

/** A point and how it is tried. */
export interface TrialRequest {
  readonly point: Point;
  /** Which trial of the search it is, from 0. */
  readonly index: number;
  /** Share of the rows to try it on: 1, but less in the early rounds of successive halving. */
  readonly share: number;
}

/** A point that was tried, with its last evaluation. */
interface Trial<T> {
  readonly point: Point;
  readonly index: number;
  /** Share of the rows the evaluation is about; below 1 it was discarded early. */
  readonly share: number;
  /** Null when trying it failed, for the reason. */
  readonly evaluation: Evaluation<T> | null;
  readonly reason: Sentence | null;
}

export interface SearchOptions<T> {
  /** One per trainer, the simplest trainer first. */
  readonly spaces: readonly TrainerSpace[];
  readonly budget: Budget;
  readonly seed: number;
  /** Milliseconds, for a budget in seconds. */
  readonly now: () => number;
  /** Tries a point. BAD_INPUT and other errors of ours make a failed trial; CANCELLED ends the search. */
  readonly evaluate: (request: TrialRequest) => Promise<Evaluation<T>>;
  /** Asked before each trial; true ends the search with what was done. */
  readonly cancelled?: () => boolean;
  readonly onProgress?: (done: number, trials: number | null) => void;
  /**
   * Standard error of the difference between two evaluations of the same rows. Without it that of the better one is
   * taken, which is larger: trials on the same rows rise and fall together.
   */
  readonly errorOfDifference?: (a: Evaluation<T>, b: Evaluation<T>) => number;
  /** Discards early: see `halvingRounds`. False: every trial is on all rows. */
  readonly halving?: boolean;
}

export interface SearchResult<T> {
  /** In the order they were begun. */
  readonly trials: readonly Trial<T>[];
  /** The one to train with; null when none came to an end on all rows. */
  readonly best: Trial<T> | null;
  /** Why the search ended. */
  readonly ended: 'budget' | typeof exhausted | 'cancelled';
}

/** Every point of the spaces was tried; as runs keep it. */
const exhausted = storedName`nothing left to try` as 'nothing left to try';

/** One in three goes on to three times the rows: the usual rate of successive halving (Li et al. 2018, section 3.6). */
const keepOneIn = 3;
/** Draws in a row that may hit points tried before until a space counts as exhausted. */
const mostRepeats = 200;

/** Points in the order they are tried: the default point of each trainer, then drawn ones, none twice. */
function* pointsOf(spaces: readonly TrainerSpace[], seed: number): Generator<Point> {
  const random = createRandom(seed);
  const known = new Set<string>();
  const isNew = (point: Point): boolean => {
    const before = known.size;
    return known.add(keyOf(point)).size > before;
  };
  for (const space of spaces) {
    const point = defaultPoint(space);
    if (isNew(point)) yield point;
  }
  const open = spaces.filter((space) => space.dimensions.length > 0);
  for (let missed = 0; open.length > 0 && missed < mostRepeats; missed++) {
    const point = drawPoint(random.pick(open), random);
    if (!isNew(point)) continue;
    missed = -1;
    yield point;
  }
}

/** State of one search. */
interface Going<T> {
  readonly options: SearchOptions<T>;
  readonly trials: Trial<T>[];
  readonly deadline: number;
  cancelled: boolean;
}

function mayGoOn<T>(going: Going<T>): boolean {
  if (going.options.cancelled?.() === true) going.cancelled = true;
  return !going.cancelled && going.options.now() < going.deadline;
}

/** Tries a point and keeps the trial in its place. Errors that are not ours are thrown on. */
async function tryPoint<T>(going: Going<T>, point: Point, index: number, share: number): Promise<void> {
  const trial = { point, index, share };
  try {
    const evaluation = await going.options.evaluate(trial);
    if (!Number.isFinite(evaluation.logLoss))
      throw new OutpostError('BAD_INPUT', sentence('search.log_loss_trial_no_number'));
    going.trials[index] = { ...trial, evaluation, reason: null };
  } catch (error) {
    if (!isOutpostError(error)) throw error;
    if (error.code === 'CANCELLED') going.cancelled = true;
    // What an earlier round said of a cancelled trial stays.
    else going.trials[index] = { ...trial, evaluation: null, reason: sentenceOf(error) };
  }
}

async function tryAll<T>(going: Going<T>): Promise<SearchResult<T>['ended']> {
  const { spaces, seed, budget, onProgress } = going.options;
  for (const point of pointsOf(spaces, seed)) {
    if (going.trials.length === (budget.trials ?? Infinity)) return 'budget';
    // One trial there is always: a search without any has no answer.
    if (going.trials.length > 0 && !mayGoOn(going)) return going.cancelled ? 'cancelled' : 'budget';
    await tryPoint(going, point, going.trials.length, 1);
    if (going.cancelled) return 'cancelled';
    onProgress?.(going.trials.length, budget.trials);
  }
  return going.trials.length === budget.trials ? 'budget' : exhausted;
}

/** Shares of the rows in the rounds of successive halving with so many points: a third each time, at least a ninth. */
export function halvingRounds(points: number): number[] {
  const rounds = Math.min(3, 1 + Math.floor(Math.log(Math.max(1, points)) / Math.log(keepOneIn) + 1e-9));
  return Array.from({ length: rounds }, (_, i) => keepOneIn ** (i + 1 - rounds));
}

function lossOf<T>(trial: Trial<T>): number {
  return trial.evaluation?.logLoss ?? Infinity;
}

/** Trials that go on to the next round: the best third, and the default points, which the result must not fall behind. */
function survivors<T>(trials: readonly Trial<T>[], defaults: number): Trial<T>[] {
  const alive = trials.filter((trial) => trial.evaluation !== null);
  const kept = alive
    .toSorted((a, b) => lossOf(a) - lossOf(b))
    .slice(0, Math.max(1, Math.floor(alive.length / keepOneIn)));
  return alive.filter((trial) => trial.index < defaults || kept.includes(trial));
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): all points on a ninth of the rows, the best third of them on a third,
 * the best third of those on all. Rounds with fewer points have fewer steps.
 */
async function tryHalving<T>(going: Going<T>, points: readonly Point[]): Promise<SearchResult<T>['ended']> {
  const { spaces, onProgress, budget } = going.options;
  let left = points.map((point, index) => ({ point, index }));
  for (const share of halvingRounds(points.length)) {
    const round: Trial<T>[] = [];
    for (const { point, index } of left) {
      const inTime = mayGoOn(going);
      if (going.cancelled) return 'cancelled';
      // Out of time, the best so far is still tried on all rows: a search without that has no answer.
      const needed = round.length === 0 && (share === 1 || going.trials.length === 0);
      if (!inTime && !needed) break;
      await tryPoint(going, point, index, share);
      if (going.trials[index]?.share === share) round.push(going.trials[index]);
      onProgress?.(going.trials.length, budget.trials);
    }
    if (going.cancelled) return 'cancelled';
    if (round.length > 0) left = survivors(round, spaces.length).toSorted((a, b) => lossOf(a) - lossOf(b));
  }
  return points.length === budget.trials ? 'budget' : exhausted;
}

/**
 * The best trial on all rows, by the one-standard-error rule between trainers (Breiman et al. 1984, section 3.4.3): of
 * the best of each trainer, the simplest that the best of all does not beat by more than one standard error.
 */
export function bestOf<T>(trials: readonly Trial<T>[], options: SearchOptions<T>): Trial<T> | null {
  const finished = trials.filter((trial) => trial.share === 1 && trial.evaluation !== null);
  const champions = options.spaces.flatMap(({ trainer }) => {
    const own = finished.filter((trial) => trial.point.trainer === trainer);
    return own.length === 0 ? [] : [own.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a))];
  });
  if (champions.length === 0) return null;
  const best = champions.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a));
  const error = (trial: Trial<T>): number =>
    trial === best || options.errorOfDifference === undefined
      ? best.evaluation!.standardError
      : options.errorOfDifference(trial.evaluation!, best.evaluation!);
  return champions.find((trial) => lossOf(trial) - lossOf(best) <= error(trial)) ?? best;
}

function requireBudget({ trials, seconds }: Budget): void {
  const sound = (n: number | null): boolean => n === null || (Number.isFinite(n) && n > 0);
  if ((trials === null && seconds === null) || !sound(trials) || !sound(seconds) || !Number.isInteger(trials ?? 1))
    throw new OutpostError('BAD_INPUT', sentence('search.search_needs_budget'));
}

/** First `count` points; fewer when the spaces hold no more. */
function firstPoints(spaces: readonly TrainerSpace[], seed: number, count: number): Point[] {
  const points: Point[] = [];
  for (const point of pointsOf(spaces, seed)) {
    if (points.push(point) === count) break;
  }
  return points;
}

/**
 * Random search over declared spaces (Bergstra and Bengio 2012): the default point of each trainer first, then drawn
 * ones until the budget is used up; the answer is the best by cross-validated log loss, the simpler trainer where the
 * difference may be chance. The same seed tries the same points in the same order. Cancelling keeps what was done;
 * failing trials do not end the search. Throws BAD_INPUT without a budget or a trainer, and the reason of the first
 * trial when all failed.
 */
export async function searchSpace<T>(options: SearchOptions<T>): Promise<SearchResult<T>> {
  const { spaces, budget, seed, now } = options;
  requireBudget(budget);
  if (spaces.length === 0) throw new OutpostError('BAD_INPUT', sentence('search.search_needs_least_one_trainer'));
  const deadline = budget.seconds === null ? Infinity : now() + 1000 * budget.seconds;
  const going: Going<T> = { options, trials: [], deadline, cancelled: options.cancelled?.() === true };
  if (going.cancelled) return { trials: [], best: null, ended: 'cancelled' };
  const halved = options.halving === true && budget.trials !== null;
  const ended = halved ? await tryHalving(going, firstPoints(spaces, seed, budget.trials!)) : await tryAll(going);
  const trials = going.trials.filter((trial) => trial !== undefined);
  const best = bestOf(trials, options);
  if (best === null && ended !== 'cancelled' && trials.every((trial) => trial.evaluation === null))
    throw new OutpostError('BAD_INPUT', sentence('search.all_trials_failed', { why: trials[0]?.reason ?? '' }));
  return { trials, best, ended };
}
