import type { Proposal } from '../../shared/contract/registry.ts';
import { learnedBefore } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { countFlips, evaluateGates, mayBeProposed } from '../../shared/releases/gates.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import type { RegistryContext } from '../identity/context.ts';
import {
  checkFits,
  checkSchema,
  findProposal,
  proposeCandidate,
  readManifest,
  type Submission,
} from '../releases/candidates.ts';
import { knownCasesUnder } from '../cases/read-under.ts';
import { holdOutCases } from './hold-out.ts';
import { sampleOf } from './hold-out-evaluation.ts';
import { labelledCases } from '../../learning/data/labelled-cases.ts';
import { gateName, inRow } from '../../shared/releases/gate-sentence.ts';
import { evidenceOf, openSentences } from './propose.ts';
import { readChampion, type Champion } from './cycle.ts';
import { heldOutOf, pushedBy } from './hold-out-reuse.ts';
import { inTurn, sentence } from '../../shared/language/sentence.ts';

/** Most cases a model from another program is judged on, the latest: what evidence may hold. */
const mostJudged = 50_000;

type Pushed = Pick<Champion, 'model' | 'manifest'>;
type Judgement = Pick<Submission, 'evidence' | 'gates' | 'flips' | 'heldOut' | 'sentence'>;

function requireGates(gates: Judgement['gates']): void {
  const failed = gates.filter((gate) => gate.result === 'fails');
  if (mayBeProposed(gates) || failed.length === 0) return;
  const each = failed.map(({ name, figure, limit, n }) =>
    sentence('retraining.gate_failed_by', { gate: gateName(name), figure: figure ?? 0, limit, n }),
  );
  throw new OutpostError('BAD_MODEL', sentence('retraining.model_fails_gates', { gates: inRow(each) }));
}

/** Judges a model on the labelled cases that neither it nor the current one can have learned from, by their manifests. */
async function evaluatePushed(context: RegistryContext, pushed: Pushed, champion: Champion | null): Promise<Judgement> {
  const cut = [pushed, ...(champion === null ? [] : [champion])].map((one) => learnedBefore(one.manifest)).toSorted();
  const cases = await knownCasesUnder(context.db, pushed.manifest.schema);
  const holdOut = holdOutCases(labelledCases(cases), cut.at(-1)!).slice(-mostJudged);
  if (holdOut.length === 0) {
    const none = sentence('retraining.pushed_without_evidence');
    return { evidence: evidenceOf([]), gates: [], flips: 0, heldOut: null, sentence: none };
  }
  const sample = await sampleOf(champion, pushed, holdOut);
  const gates = evaluateGates(sample);
  requireGates(gates);
  return {
    evidence: evidenceOf(holdOut),
    gates,
    flips: countFlips(sample),
    heldOut: await heldOutOf(context, holdOut, ''),
    sentence: inTurn([
      sentence('retraining.pushed_judged', { cases: holdOut.length, from: cut.at(-1)! }),
      ...openSentences(gates),
    ]),
  };
}

/**
 * Proposes a model from another program, from uploaded files, through the same gates as one made here: on labelled cases received
 * since its training cut (or since it was made) and that of the current model. Where there are none it has no gates, and
 * the report says so. Throws BAD_MODEL also when a gate fails, BAD_MANIFEST, CONFLICT as `proposeCandidate` does.
 */
export async function proposeUploaded(
  context: RegistryContext,
  input: { model: string; manifest: string },
  by: string,
): Promise<Proposal> {
  const [model, bytes] = await Promise.all([input.model, input.manifest].map((file) => readBlob(context.blobs, file)));
  const files = { model: model!, manifest: bytes! };
  const manifest = readManifest(files.manifest);
  checkFits(manifest, files.model);
  await checkSchema(context, manifest);
  const champion = await readChampion(context);
  const judged = await evaluatePushed(context, { model: files.model, manifest }, champion);
  const submission = { ...files, ...judged, champion: champion && champion.reference, run: `${pushedBy}${by}` };
  const report = await proposeCandidate(context, submission, by);
  return findProposal(context, context.db, report.candidate);
}
