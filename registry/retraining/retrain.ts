import type { CandidateReport } from '../../shared/contract/registry.ts';
import type { TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { learnedBefore } from '../../shared/encoding/manifest.ts';
import { adoptSchema } from '../../shared/encoding/extend-schema.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { isAdditive } from '../../shared/encoding/schema-identity.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { mayBeProposed } from '../../shared/releases/gates.ts';
import type { RegistryContext } from '../identity/context.ts';
import { nextSchemaVersion, nextVersion } from '../releases/candidates.ts';
import { withLease } from '../storage/db/lease.ts';
import { appVersion } from '../../platform/version.ts';
import { registryMachine } from '../identity/access.ts';
import { integrate } from '../cases/integrate.ts';
import { isSimulated } from '../cases/simulated.ts';
import { knownCases } from '../cases/cases.ts';
import { caseReader } from '../cases/read-under.ts';
import { holdOutCases, holdOutStart, requireEnough } from './hold-out.ts';
import { trainAndEvaluate, type Candidate } from './hold-out-evaluation.ts';
import { firstOfIncidents, labelledCases, type LabelledCase } from '../../learning/data/labelled-cases.ts';
import { promoteTactics } from './promote-tactic.ts';
import { propose } from './propose.ts';
import { recipes } from './recipes.ts';
import { quietShare, readChampion, type RetrainRequest, type RetrainingCycle } from './cycle.ts';
import { learnable, requireLearnable, spellingsOf, type Learnable } from './tactics.ts';
import { chooseRecipe, type TuningTrial } from './recipe-selection.ts';
import { sentence } from '../../shared/language/sentence.ts';

export type { RetrainRequest } from './cycle.ts';

export interface RetrainResult extends Learnable {
  /** Recipes that were tried on cases before the cut. */
  readonly tuningTrials: readonly TuningTrial[];
  /** Id of the run the trials are under. */
  readonly search: string;
  readonly candidate: Candidate;
  /** The report it was proposed for approval with; null when a gate fails. */
  readonly proposed: CandidateReport | null;
  readonly cut: string;
}

/** What only one process does at a time: two would make two candidates of one version from the same cases. */
export const retraining = 'retraining';

/** A retraining that can begin. */
export interface Prepared {
  readonly cycle: RetrainingCycle;
  readonly current: FeatureSchema;
  readonly tactics: Learnable;
}

/**
 * Where to cut, and which tactics can be learned before that: with enough cases for every gate and tactic where there
 * are, else (when asked to go on with few) with a shorter hold-out that leaves more to learn from.
 */
function cutFor(
  labelled: readonly LabelledCase[],
  groups: readonly TacticGroup[],
  request: RetrainRequest,
  notBefore: string | null,
): { cut: string; tactics: Learnable } {
  const share = request.since === null ? quietShare : 0;
  const full = holdOutStart(labelled, { notBefore, share, few: false });
  const usual = full === null ? null : { cut: full, tactics: learnable(groups, labelled, full, false) };
  if (usual !== null && usual.tactics.left.length === 0) return usual;
  const short = request.few === true ? holdOutStart(labelled, { notBefore, share, few: true }) : null;
  if (short !== null) return { cut: short, tactics: learnable(groups, labelled, short, true) };
  const cut = requireEnough(full);
  const tactics = learnable(groups, labelled, cut, false);
  requireLearnable(tactics, cut);
  return { cut, tactics };
}

/** The schema a candidate is trained under: the current one, with what this version of the program and the tactics add. */
async function nextSchema(context: RegistryContext, current: FeatureSchema, promoted: readonly TacticGroup[]) {
  const { registry } = context;
  const version = await nextSchemaVersion(context, current);
  const adopted = adoptSchema(current, complaintsSchema, registry, version);
  const above = adopted === current ? version : version + 1;
  const schema = promoted.length === 0 ? adopted : promoteTactics(adopted, promoted, registry, above);
  const steps = [current, adopted, schema].filter((one, i, all) => one !== all[i - 1]);
  const additive = steps.every((one, i) => i === 0 || isAdditive(steps[i - 1]!, one));
  if (!additive) throw new OutpostError('INTERNAL', sentence('retraining.next_schema_would_break_cases_taken'));
  return schema;
}

/**
 * What a retraining would learn from and be judged on; keeps nothing. Throws BAD_INPUT ("cannot tell yet") when there are
 * too few labelled cases and `few` does not say to go on with them.
 */
export async function prepare(context: RegistryContext, request: RetrainRequest): Promise<Prepared> {
  const champion = await readChampion(context);
  const current = champion?.manifest.schema ?? complaintsSchema;
  const all = await knownCases(context.db);
  const labelled = labelledCases(all);
  const notBefore = [champion && learnedBefore(champion.manifest), request.since].filter((day) => day !== null);
  const groups = spellingsOf(all, current, request.tactics);
  const { cut, tactics } = cutFor(labelled, groups, request, notBefore.toSorted().at(-1) ?? null);
  const schema = await nextSchema(context, current, tactics.promoted);
  const read = await caseReader(context.db, schema, all);
  const readable = labelled.map((one) => ({ ...one, known: read(one.known) }));
  const { cases: learned, duplicates } = firstOfIncidents(readable.filter(({ known }) => known.received < cut));
  const [holdOut, version] = [holdOutCases(readable, cut), await nextVersion(context)];
  return {
    current,
    tactics,
    cycle: { context, request, champion, learned, duplicates, holdOut, cut, schema, version },
  };
}

/**
 * Compares recipes on the later part of what is known before a cut, trains the best of them on all of it, judges that
 * one once against the current model (if there is one) on cases neither has seen, and proposes it for approval unless a
 * gate fails. Trials and training are kept as runs. Throws BAD_INPUT when the cases cannot be trained on, CONFLICT when the
 * same model is proposed for approval or released already, CANCELLED when asked to stop. For whoever has the lease on
 * retraining, from `prepare` on.
 */
export async function carryOut({ cycle, current, tactics }: Prepared): Promise<RetrainResult> {
  const { schema, cut, request } = cycle;
  // A candidate for an alarm has to answer it: one that cannot see the new tactic is tried for comparison only.
  const choice = await chooseRecipe(
    cycle,
    recipes(current, schema === current ? null : schema, request.since !== null),
  );
  const candidate = await trainAndEvaluate(cycle, choice);
  const proposed = mayBeProposed(candidate.gates) ? await propose(cycle, candidate, tactics) : null;
  const { tuningTrials, search } = choice;
  return { ...tactics, tuningTrials, search, candidate, proposed, cut };
}

/** What somebody asks for who retrains by hand. */
export type AskedRetraining = Omit<RetrainRequest, 'simulated' | 'codeVersion' | 'by'>;

/** Integrates what came in and retrains for whoever works on the registry's machine. Throws as `retrain`. */
export async function retrainNow(context: RegistryContext, asked: AskedRetraining): Promise<RetrainResult> {
  await integrate(context.db);
  const simulated = await isSimulated(context);
  return retrain(context, { ...asked, simulated, codeVersion: appVersion(), by: registryMachine });
}

/** `prepare` and `carryOut` as the only retraining at this registry; throws as they do, CONFLICT while another one is under way. */
export async function retrain(context: RegistryContext, request: RetrainRequest): Promise<RetrainResult> {
  return withLease(context, retraining, request.by, async () => carryOut(await prepare(context, request)));
}
