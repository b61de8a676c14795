import { createRandom } from '../../learning/statistics/random.ts';
import type { SimulatedCase } from '../../learning/simulate/index.ts';
import type { KnownCase } from '../../learning/data/known-case.ts';
import { scoreFacts } from '../../learning/evaluation/score-model.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import type { Proposal } from '../../shared/contract/registry.ts';
import { auditProbability, stratumOf } from '../../shared/domain/audit.ts';
import { verdictOf } from '../../shared/domain/verdict.ts';
import { outsideReasons } from '../../shared/encoding/encode.ts';
import type { TestRegistry } from './registry.ts';

const proof: SimulatedCase['outcome'][] = ['genuine_provider', 'confirmed_scam'];

/** What laptops of an office would have sent about these cases: the first score of a model, and what was found out. */
export async function feedbackOf(
  registry: TestRegistry,
  { report, manifest }: Proposal,
  cases: readonly SimulatedCase[],
  office: string,
): Promise<KnownCase[]> {
  const facts = cases.map((one) => one.facts);
  const scores = await scoreFacts(await readBlob(registry.context.blobs, report.model), manifest, facts);
  const random = createRandom(7);
  return cases.map((one, i): KnownCase => {
    const score = scores[i]!;
    const verdict = verdictOf(score, manifest.thresholds);
    const outside = outsideReasons(manifest.schema, one.facts, manifest);
    const stratum = stratumOf({ score, verdict, outside }, manifest.thresholds);
    const audit = { stratum, probability: auditProbability[stratum], drawn: random.chance(auditProbability[stratum]) };
    const { id, version, sha256 } = manifest.model;
    const schema = { id: manifest.schema.id, version: manifest.schema.version };
    const { received, incident, urgent } = one;
    const caseId = `00000000-0000-8000-8000-${String(i).padStart(12, '0')}`;
    return {
      id: caseId,
      source: 'feedback',
      office,
      received,
      incident,
      scammer: null,
      urgent,
      facts: one.facts,
      tactics: one.facts.tactics,
      scored: { case: caseId, model: { id, version, sha256 }, schema, score, verdict, outside, audit },
      outcome: audit.drawn ? proof[one.truth]! : one.outcome,
      outcomeAt: null,
    };
  });
}
