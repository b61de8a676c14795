import { availableParallelism } from 'node:os';
import { groupTactics, type TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { isAdditive, type FeatureSchema } from '../../shared/encoding/schema.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson, sha256Hex } from '../../shared/log/canonical.ts';
import {
  countFlips,
  heldOutLogLoss,
  judgeGates,
  meanCost,
  mayBeProposed,
  type GateSample,
  type Judged,
} from '../../shared/releases/gates.ts';
import type { CandidateReport, Gate } from '../../shared/contract/registry.ts';
import { readBlob } from '../blobs.ts';
import { instant, type RegistryContext } from '../context.ts';
import { currentChampion, nextVersion, putUp, readManifest } from '../releases/candidates.ts';
import { datasetOf, type Dataset } from '../learning/dataset.ts';
import { writeSnapshot, type Provenance } from '../learning/data/snapshot.ts';
import { threadsFor, trainInWorker } from '../learning/in-worker.ts';
import { defaultSettings, type TrainSettings } from '../learning/settings.ts';
import type { TrainResult } from '../learning/train.ts';
import {
  expiryOf,
  holdOutCases,
  holdOutStart,
  labelledCases,
  recipes,
  requireEnough,
  requireTagged,
  trainingRows,
  type LabelledCase,
  type Recipe,
} from './candidates.ts';
import { knownCases, type KnownCase } from './cases.ts';
import { promoteTactics } from './promote.ts';
import { feedbackData, filesOf, jsonOf, keepSnapshot, recordRun, type RunStart } from '../runs/record.ts';
import { artefactNames, type Run } from '../runs/run.ts';
import { runOfModel } from '../runs/store.ts';
import { scoreFacts } from './score.ts';

/** What a retraining is asked to do. `tactics` are the tags the monitor named; their spellings are found here. */
export interface RetrainRequest {
  readonly tactics: readonly string[];
  /** First day the alarm is about: candidates are judged on cases after it. Null: there is no alarm. */
  readonly since: string | null;
  readonly seed: number;
  readonly codeVersion: string;
  readonly simulated: boolean;
  readonly by: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, what: string) => void;
  /** Threads of a training; unless said as many as its rows are worth, one core left to whoever asks. */
  readonly threads?: number;
}

/** A trained and judged recipe. */
export interface Candidate {
  readonly recipe: Recipe;
  readonly run: string;
  readonly result: TrainResult;
  readonly gates: readonly Gate[];
  readonly flips: number;
  /** Log loss, and mean cost of the verdicts in visits, on the held-out cases. */
  readonly logLoss: number;
  readonly cost: number;
}

export interface RetrainResult {
  readonly candidates: readonly Candidate[];
  /** The report of the one put up for approval; null when none may be proposed. */
  readonly proposed: CandidateReport | null;
  readonly promoted: readonly TacticGroup[];
  readonly cut: string;
}

/**
 * Share of the unseen cases that is held out when nothing presses. After an alarm the newest cases are needed for
 * learning, and the gates' own minimum has to do.
 */
const quietShare = 0.15;

interface Champion {
  readonly manifest: Manifest;
  readonly model: Uint8Array;
  readonly reference: NonNullable<CandidateReport['champion']>;
}

async function readChampion(context: RegistryContext): Promise<Champion | null> {
  const reference = await currentChampion(context);
  if (reference === null) return null;
  return {
    reference,
    manifest: readManifest(readBlob(context.folder, reference.manifest)),
    model: readBlob(context.folder, reference.model),
  };
}

/** The newest feature schema in use: that of the current model, else the one that comes with the program. */
export async function currentSchema(context: RegistryContext): Promise<FeatureSchema> {
  return (await readChampion(context))?.manifest.schema ?? complaintsSchema;
}

/** Spellings recorded so far that belong to the tactics asked for. */
export function spellingsOf(
  cases: readonly KnownCase[],
  schema: FeatureSchema,
  tactics: readonly string[],
): TacticGroup[] {
  const counts = new Map<string, number>();
  for (const { tactics: tags } of cases) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const groups = groupTactics(counts, new Set(schema.understoodTactics), schema.synonyms);
  return groups.filter((group) => group.spellings.some((s) => tactics.includes(s)) || tactics.includes(group.tag));
}

async function judge(
  champion: Champion | null,
  result: TrainResult,
  holdOut: readonly LabelledCase[],
): Promise<GateSample> {
  const facts = holdOut.map(({ known }) => known.facts);
  const judgedBy = async (model: Uint8Array, manifest: Manifest): Promise<Judged> => ({
    scores: await scoreFacts(model, manifest, facts),
    thresholds: manifest.thresholds,
  });
  return {
    rows: holdOut.map(({ known, label, weight }) => ({ label, weight, incident: known.incident ?? known.id })),
    candidate: await judgedBy(result.model, result.manifest),
    champion: champion && (await judgedBy(champion.model, champion.manifest)),
  };
}

interface Round {
  readonly context: RegistryContext;
  readonly request: RetrainRequest;
  /** Null before the first release. */
  readonly champion: Champion | null;
  readonly labelled: readonly LabelledCase[];
  readonly holdOut: readonly LabelledCase[];
  readonly cut: string;
  /** Run that made the current model; null when it was made elsewhere. */
  readonly parent: string | null;
  /** Version the models of this round carry. */
  readonly version: number;
}

function settingsOf({ context, request, cut, version }: Round): TrainSettings {
  const created = instant(context);
  return {
    ...defaultSettings,
    seed: request.seed,
    split: { by: 'time', cut, share: quietShare },
    name: `Complaints ${created.slice(0, 7)}`,
    version,
    created,
    expires: expiryOf(created.slice(0, 10)),
    codeVersion: request.codeVersion,
    simulated: request.simulated,
  };
}

/** What a candidate's run is told apart by before it is trained. */
function startOf(round: Round, recipe: Recipe, dataset: Dataset, settings: TrainSettings): RunStart {
  const { request, parent, cut } = round;
  return {
    kind: 'retraining',
    parent,
    trainer: settings.trainer,
    params: { recipe: recipe.name, schema: recipe.schema.version, halfLife: recipe.halfLife, cut },
    settings,
    seed: request.seed,
    dataset: dataset.hash,
    data: feedbackData,
    rows: dataset.frame.rows,
    codeVersion: request.codeVersion,
    simulated: request.simulated,
    notes: `made for the tactics ${request.tactics.join(', ') || 'known'}`,
  };
}

/** Figures of a candidate on the held-out cases, which all candidates of a round are judged on. */
function figuresOn(holdOut: Round['holdOut'], made: Omit<Candidate, 'run'>): Run['figures'] {
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

/** A name for the held-out cases: equal for runs judged on the same ones. */
function nameOfHoldOut({ holdOut }: Round): string {
  const cases = holdOut.map(({ known, label, weight }) => [known.id, label, weight]);
  return sha256Hex(canonicalJson(cases)).slice(0, 16);
}

/** Labelled cases of a registry as the source of a dataset. */
function provenanceOf({ request }: Round): Provenance {
  return {
    from: 'feedback',
    name: 'outcomes collected by the registry',
    sha256: null,
    columns: [],
    rejected: {},
    unlabelled: 0,
    simulated: request.simulated,
  };
}

async function tryRecipe(round: Round, recipe: Recipe): Promise<Candidate> {
  const { context, request, champion, holdOut, labelled, cut } = round;
  const settings = settingsOf(round);
  const rows = trainingRows(labelled, recipe, cut).filter((row) => row.received < cut);
  const dataset = datasetOf(recipe.schema, rows);
  const { run, value } = await recordRun(context, startOf(round, recipe, dataset, settings), async ({ step }) => {
    // In a thread of its own: the server goes on answering laptops.
    const { signal, threads = threadsFor(dataset.frame.rows, Math.max(1, availableParallelism() - 1)) } = request;
    const result = await step('train', () => trainInWorker(dataset, settings, { signal, threads }));
    const sample = await step('judge', () => judge(champion, result, holdOut));
    const gates = judgeGates(sample);
    const [logLoss, cost, flips] = [heldOutLogLoss(sample), meanCost(sample), countFlips(sample)];
    const made = { recipe, result, gates, flips, logLoss, cost };
    const metrics = jsonOf({ ...result.metrics, gates, holdOut: holdOut.length, logLoss, cost });
    const files = filesOf(result);
    const snapshot = await step('snapshot', () =>
      keepSnapshot(context, dataset.hash, () => writeSnapshot(dataset, provenanceOf(round))),
    );
    const kept = { [artefactNames.dataset]: snapshot };
    const judgedOn = nameOfHoldOut(round);
    return { outcome: { figures: figuresOn(holdOut, made), judgedOn, metrics, files, kept }, value: made };
  });
  return { run, ...value };
}

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? 'an unknown share' : `${(100 * value).toFixed(1)} %`;
}

function sentenceOf(best: Candidate, champion: Champion | null, promoted: readonly TacticGroup[]): string {
  const [missed, accused] = best.gates;
  const own = `Model ${best.result.manifest.model.version} misses ${percent(missed?.figure)} of scams`;
  if (champion === null)
    return `${own} and calls ${percent(accused?.figure)} of genuine providers scam. It is the first.`;
  const isNew = best.recipe.schema.version > champion.manifest.schema.version;
  const reads = isNew ? ` It reads ${promoted.map((g) => g.tag.replaceAll('_', ' ')).join(', ')}.` : '';
  return `${own} where model ${champion.manifest.model.version} misses ${percent(missed?.champion)}, and calls ${percent(accused?.figure)} of genuine providers scam (now ${percent(accused?.champion)}).${reads}`;
}

async function propose(round: Round, best: Candidate, promoted: readonly TacticGroup[]): Promise<CandidateReport> {
  const { context, request, champion, holdOut } = round;
  return putUp(
    context,
    {
      model: best.result.model,
      manifest: new TextEncoder().encode(JSON.stringify(best.result.manifest)),
      evidence: {
        format: 'outpost.evidence/1',
        rows: holdOut.map(({ known, label, weight }) => ({
          facts: known.facts,
          label,
          weight,
          incident: known.incident ?? known.id,
          received: known.received,
        })),
      },
      champion: champion && champion.reference,
      gates: best.gates,
      flips: best.flips,
      run: best.run,
      sentence: sentenceOf(best, champion, promoted),
    },
    request.by,
  );
}

async function search(round: Round, space: readonly Recipe[]): Promise<Candidate[]> {
  const { request } = round;
  const candidates: Candidate[] = [];
  for (const [index, recipe] of space.entries()) {
    if (request.signal?.aborted)
      throw new OutpostError('CANCELLED', 'Retraining was cancelled. The runs made so far are kept.');
    request.onProgress?.(index, space.length, recipe.name);
    candidates.push(await tryRecipe(round, recipe));
  }
  return candidates;
}

/**
 * Trains the declared recipes on what is known, records each as a run, judges them against the current model (if there
 * is one) on cases neither has seen, and puts the best that passes its gates up for approval. Throws BAD_INPUT ("cannot
 * tell yet") when there are too few labelled cases, CANCELLED when asked to stop.
 */
export async function retrain(context: RegistryContext, request: RetrainRequest): Promise<RetrainResult> {
  const champion = await readChampion(context);
  const schema = champion?.manifest.schema ?? complaintsSchema;
  const all = await knownCases(context.db);
  const labelled = labelledCases(all);
  const promoted = spellingsOf(all, schema, request.tactics);
  const notBefore = [champion?.manifest.training.cut, request.since]
    .filter((day) => typeof day === 'string')
    .toSorted()
    .at(-1);
  const cut = requireEnough(holdOutStart(labelled, notBefore ?? null, request.since === null ? quietShare : 0));
  requireTagged(labelled, promoted, cut);
  const next = promoted.length === 0 ? null : promoteTactics(schema, promoted);
  if (next !== null && !isAdditive(schema, next))
    throw new OutpostError('INTERNAL', 'The next schema would break cases taken in before.');
  const version = await nextVersion(context);
  const parent = champion && (await runOfModel(context.db, champion.manifest.model.sha256));
  const holdOut = holdOutCases(labelled, cut);
  const round: Round = { context, request, champion, labelled, holdOut, cut, parent, version };
  const candidates = await search(round, recipes(schema, next));
  // A candidate for an alarm has to answer it: one that cannot see the new tactic either is kept as a run only.
  const answering = candidates.filter((c) => next === null || c.recipe.schema === next);
  const best = answering
    .filter((c) => mayBeProposed(c.gates))
    .toSorted((a, b) => a.cost - b.cost || a.logLoss - b.logLoss)[0];
  return { candidates, promoted, cut, proposed: best === undefined ? null : await propose(round, best, promoted) };
}
