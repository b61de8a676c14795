import { companionsOf } from '../../shared/encoding/companions.ts';
import { availableParallelism } from 'node:os';
import type { Gate, HoldOut } from '../../shared/contract/registry.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import {
  countFlips,
  heldOutLogLoss,
  evaluateGates,
  meanCost,
  type GateSample,
  type Judged,
} from '../../shared/releases/gates.ts';
import { writeSnapshot, type Provenance } from '../../learning/dataset/snapshot.ts';
import { duplicateOfIncident } from '../../learning/data/duplicates.ts';
import { datasetOf } from '../../learning/dataset/dataset.ts';
import { threadsFor, trainInWorker } from '../../learning/train/train-in-worker.ts';
import type { TrainResult } from '../../learning/train/train.ts';
import { feedbackData, filesOf, jsonOf, keepSnapshot, recordRun } from '../../learning/runs/record.ts';
import { artefactNames, type Run } from '../../learning/runs/run.ts';
import { feedbackName } from '../cases/dataset-of-cases.ts';
import { nameOfCases } from './hold-out.ts';
import type { LabelledCase } from '../../learning/data/labelled-cases.ts';
import { trainingRows } from './recipes.ts';
import { settingsOf, startOf, type Champion, type RetrainingCycle } from './cycle.ts';
import { scoreFacts } from '../../learning/evaluation/score-model.ts';
import type { Choice } from './recipe-selection.ts';
import { heldOutOf, heldOutFile } from './hold-out-reuse.ts';

/** The trained recipe of a cycle, judged once on the held-out cases. */
export interface Candidate {
  readonly recipe: Choice['recipe'];
  readonly run: string;
  readonly result: TrainResult;
  readonly gates: readonly Gate[];
  readonly flips: number;
  /** Log loss, and mean cost of the verdicts in visits, on the held-out cases. */
  readonly logLoss: number;
  readonly cost: number;
  readonly heldOut: HoldOut | null;
}

/** What gates are computed on: held-out cases with the scores of a candidate and of the current model, if there is one. */
export async function sampleOf(
  champion: Pick<Champion, 'model' | 'manifest'> | null,
  candidate: Pick<Champion, 'model' | 'manifest'>,
  holdOut: readonly LabelledCase[],
): Promise<GateSample> {
  const facts = holdOut.map(({ known }) => known.facts);
  const scoredBy = async (model: Uint8Array, manifest: Manifest): Promise<Judged> => ({
    scores: await scoreFacts(model, manifest, facts),
    thresholds: manifest.thresholds,
  });
  return {
    rows: holdOut.map((one) => ({ label: one.label, weight: one.weight, incident: one.group })),
    candidate: await scoredBy(candidate.model, candidate.manifest),
    champion: champion && (await scoredBy(champion.model, champion.manifest)),
  };
}

/** Figures of a candidate on the held-out cases. */
function figuresOn({ holdOut }: RetrainingCycle, made: Omit<Candidate, 'run'>): Run['figures'] {
  const [missed, accused] = made.gates;
  const n = holdOut.length;
  const rate = (gate: Gate | undefined) => (gate?.figure == null ? null : { value: gate.figure, n: gate.n });
  const figures = {
    log_loss: { value: made.logLoss, n },
    cost: { value: made.cost, n },
    missed: rate(missed),
    wrong_accusation: rate(accused),
  };
  return Object.fromEntries(Object.entries(figures).flatMap(([name, f]) => (f === null ? [] : [[name, f]])));
}

/** Labelled cases of a registry as the source of a dataset. */
function provenanceOf({ request, duplicates }: RetrainingCycle): Provenance {
  return {
    from: 'feedback',
    name: feedbackName,
    sha256: null,
    columns: [],
    rejected: duplicates === 0 ? [] : [{ why: duplicateOfIncident, rows: duplicates }],
    unlabelled: 0,
    simulated: request.simulated,
  };
}

async function evaluateOnHoldOut(
  cycle: RetrainingCycle,
  recipe: Choice['recipe'],
  result: TrainResult,
  run: string,
): Promise<Omit<Candidate, 'run'>> {
  const sample = await sampleOf(cycle.champion, result, cycle.holdOut);
  return {
    recipe,
    result,
    gates: evaluateGates(sample),
    logLoss: heldOutLogLoss(sample),
    cost: meanCost(sample),
    flips: countFlips(sample),
    heldOut: await heldOutOf(cycle.context, cycle.holdOut, run),
  };
}

/**
 * Trains the chosen recipe on all cases before the cut and judges it, once, on the held-out ones; kept as a run under
 * that of the search. What was judged is what may ship.
 */
export async function trainAndEvaluate(cycle: RetrainingCycle, { recipe, search }: Choice): Promise<Candidate> {
  const { context, request, learned, holdOut, cut } = cycle;
  const settings = settingsOf(cycle, recipe);
  const { schema } = recipe;
  const texts = companionsOf({ schema, texts: cycle.champion?.manifest.texts ?? [] });
  const dataset = datasetOf(schema, trainingRows(learned, recipe, cut), texts);
  const start = {
    ...startOf(cycle),
    kind: 'retraining' as const,
    parent: search,
    trainer: recipe.trainer,
    params: { recipe: recipe.name, ...recipe.params, schema: recipe.schema.version, halfLife: recipe.halfLife, cut },
    settings,
    dataset: dataset.hash,
    data: feedbackData,
    rows: dataset.frame.rows,
  };
  const { run, value } = await recordRun(context, start, async ({ id, step, keepNow }) => {
    // In a thread of its own: the server goes on answering laptops.
    const { signal, threads = threadsFor(dataset.frame.rows, Math.max(1, availableParallelism() - 1)) } = request;
    const result = await step('train', () => trainInWorker(dataset, settings, { signal, threads }));
    await keepNow(artefactNames.heldOut, heldOutFile(holdOut));
    const made = await step('judge', () => evaluateOnHoldOut(cycle, recipe, result, id));
    const { gates, logLoss, cost, heldOut } = made;
    const metrics = jsonOf({ ...result.metrics, gates, holdOut: holdOut.length, logLoss, cost, heldOut });
    const snapshot = await step('snapshot', () =>
      keepSnapshot(context, dataset.hash, () => writeSnapshot(dataset, provenanceOf(cycle))),
    );
    const kept = { [artefactNames.dataset]: snapshot };
    const outcome = { figures: figuresOn(cycle, made), judgedOn: nameOfCases(holdOut), metrics, kept };
    return { outcome: { ...outcome, files: filesOf(result) }, value: made };
  });
  return { run, ...value };
}
