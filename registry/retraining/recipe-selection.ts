import { normalQuantile } from '../../shared/metrics/index.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { clusteredMean, lossPerRow, simplestOf, type JudgedRows } from '../../learning/statistics/model-selection.ts';
import { validateInWorker } from '../../learning/train/train-in-worker.ts';
import { judgedRowsOf, type Validation } from '../../learning/train/inner-validation.ts';
import { feedbackData, jsonOf, recordRun, type RunOutcome } from '../../learning/runs/record.ts';
import { nameOfCases } from './hold-out.ts';
import { blocksOf, casesOf, stretchesOf, type Stretch } from './inner-validation.ts';
import type { Recipe } from './recipes.ts';
import { settingsOf, startOf, type RetrainingCycle } from './cycle.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A recipe that was tried on later cases than it learned from, all of them before the cut. */
export interface TuningTrial {
  readonly recipe: Recipe;
  readonly validation: Validation;
  /** Id of its run. */
  readonly run: string;
}

export interface Choice {
  /** Id of the run the trials are under. */
  readonly search: string;
  /** Those that came to an end. */
  readonly tuningTrials: readonly TuningTrial[];
  readonly recipe: Recipe;
}

/** Recipes tried unless a budget is given: all under the schema asked for. More also tries the current one. */
const usualBudget = 6;

/** Halfwidth of a 95 % interval in standard errors. */
const halfWidth = normalQuantile(0.975);

/** What a cycle compares its recipes on. */
interface Inner {
  readonly stretches: readonly Stretch[];
  readonly rows: JudgedRows;
  readonly judgedOn: string;
}

function innerOf(cycle: RetrainingCycle, recipe: Recipe): Inner {
  const { learned, request, cut } = cycle;
  const stretches = stretchesOf(learned, request.since, cut).filter((one) => casesOf(learned, one).length > 0);
  return {
    stretches,
    rows: judgedRowsOf(blocksOf(learned, stretches, recipe)),
    judgedOn: `${nameOfCases(stretches.flatMap((one) => casesOf(learned, one)))}/inner`,
  };
}

function outcomeOf(inner: Inner, { logLoss: value, standardError }: Validation): RunOutcome {
  const n = inner.rows.labels.length;
  const [low, high] = [value - halfWidth * standardError, value + halfWidth * standardError];
  return {
    figures: { log_loss: { value, low, high, n } },
    judgedOn: inner.judgedOn,
    metrics: jsonOf({ basis: 'inner_validation', stretches: inner.stretches, logLoss: value, standardError }),
  };
}

function dataOf({ learned }: RetrainingCycle) {
  return { dataset: nameOfCases(learned), data: feedbackData, rows: learned.length };
}

/** Tries one recipe as a run; null when it could not be tried, which its run says. */
async function tryRecipe(
  cycle: RetrainingCycle,
  inner: Inner,
  recipe: Recipe,
  search: string,
): Promise<TuningTrial | null> {
  const { request, learned, cut } = cycle;
  const settings = { ...settingsOf(cycle, recipe), split: { by: 'none' } as const };
  const { name, trainer, schema, halfLife } = recipe;
  const start = {
    ...startOf(cycle),
    ...dataOf(cycle),
    kind: 'trial' as const,
    parent: search,
    trainer,
    params: { recipe: name, ...recipe.params, schema: schema.version, halfLife, cut },
    settings,
    notes: `inner-validation from=${inner.stretches[0]?.from ?? cut} until=${cut}`,
  };
  try {
    const { run, value } = await recordRun(cycle.context, start, async ({ step }) => {
      const blocks = blocksOf(learned, inner.stretches, recipe);
      // In a thread of its own: the server goes on answering laptops.
      const found = await step('validate', () => validateInWorker(blocks, settings, { signal: request.signal }));
      return { outcome: outcomeOf(inner, found), value: found };
    });
    return { recipe, run, validation: value };
  } catch (error) {
    if (!isOutpostError(error, 'BAD_INPUT')) throw error;
    return null;
  }
}

/**
 * The trial whose recipe is taken, of some in the order of preference. After an alarm the one with the smallest log loss:
 * few labelled genuine providers of large weight make the standard error so wide that the simplest would always do.
 * Otherwise the first that the best does not beat by more than one standard error.
 */
function chosenOf(trials: readonly TuningTrial[], rows: JudgedRows, alarm: boolean): TuningTrial | null {
  if (trials.length === 0) return null;
  if (alarm) return trials.reduce((a, b) => (b.validation.logLoss < a.validation.logLoss ? b : a));
  return simplestOf(rows, trials, (one) => one.validation.scores).chosen;
}

/** Standard error of how much worse a trial did than the chosen one; 0 for itself. */
function errorAgainst(trial: TuningTrial, chosen: TuningTrial, rows: JudgedRows): number {
  const [own, best] = [lossPerRow(rows, trial.validation.scores), lossPerRow(rows, chosen.validation.scores)];
  return clusteredMean(
    own.map((loss, i) => loss - best[i]!),
    rows,
  ).error;
}

function searchOutcome(
  inner: Inner,
  tried: number,
  trials: readonly TuningTrial[],
  recipe: Recipe,
  chosen: TuningTrial | null,
) {
  const against = trials.map((trial) => ({
    recipe: trial.recipe.name,
    logLoss: trial.validation.logLoss,
    errorOfDifference: chosen && errorAgainst(trial, chosen, inner.rows),
  }));
  const own = chosen === null ? {} : outcomeOf(inner, chosen.validation);
  const metrics = { basis: 'inner_validation', chosen: recipe.name, tried, failed: tried - trials.length, against };
  return { ...own, metrics: jsonOf({ ...metrics, stretches: inner.stretches }) };
}

function goOn({ request }: RetrainingCycle): void {
  if (request.signal?.aborted === true)
    throw new OutpostError('CANCELLED', sentence('retraining.retraining_cancelled'));
}

/**
 * Tries recipes on the later part of the cases before the cut, each as a run under that of the search, and says which
 * to train with; the hold-out is not looked at. When none can be tried (too few cases), it is the first. Throws CANCELLED when asked to stop.
 */
export async function chooseRecipe(cycle: RetrainingCycle, space: readonly Recipe[]): Promise<Choice> {
  const { request, context, champion, schema } = cycle;
  const tried = space.slice(0, request.budget ?? usualBudget);
  const first = tried[0]!;
  const inner = innerOf(cycle, first);
  const parent = champion?.run ?? null;
  const params = { recipes: tried.map((one) => one.name), budget: tried.length, since: request.since, cut: cycle.cut };
  const start = { ...startOf(cycle), ...dataOf(cycle), kind: 'search' as const, parent, trainer: 'auto', params };
  const { run, value } = await recordRun(context, start, async ({ id }) => {
    const trials: TuningTrial[] = [];
    for (const [index, recipe] of tried.entries()) {
      goOn(cycle);
      request.onProgress?.(index, tried.length + 1, recipe.name);
      const trial = await tryRecipe(cycle, inner, recipe, id);
      if (trial !== null) trials.push(trial);
    }
    const answering = trials.filter((trial) => trial.recipe.schema === schema);
    const chosen = chosenOf(answering, inner.rows, request.since !== null);
    const recipe = chosen?.recipe ?? first;
    request.onProgress?.(tried.length, tried.length + 1, recipe.name);
    return {
      outcome: searchOutcome(inner, tried.length, trials, recipe, chosen),
      value: { tuningTrials: trials, recipe },
    };
  });
  return { search: run, ...value };
}
