import type { CandidateReport, Proposal } from '../../../shared/contract/registry.ts';
import { encodeFacts } from '../../../shared/encoding/encode.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { canonicalJson, type Json } from '../../../shared/log/canonical.ts';
import { parseEvidence, type Evidence } from '../../../shared/releases/evidence.ts';
import { gateProblems } from '../../../shared/releases/gate-problems.ts';
import { inRow } from '../../../shared/releases/gate-sentence.ts';
import { countFlips, type GateSample, type Judged } from '../../../shared/releases/gates.ts';
import {
  parseMetadata,
  targetsSchema,
  validSignatures,
  type TargetsSigned,
} from '../../../shared/releases/metadata.ts';
import {
  listedReleases,
  nextTargets,
  releaseOf,
  sameSigned,
  signedMinimum,
  targetsDifference,
} from '../../../shared/releases/targets.ts';
import { openModel } from '../models/files.ts';
import type { Inference, StoredModel } from '../inference/inference.ts';
import type { FetchFile } from './files.ts';
import type { Trust } from './trust.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** What an approver is shown and signs. Everything in it was fetched by hash or computed on this machine. */
export interface Review {
  readonly report: CandidateReport;
  readonly manifest: Manifest;
  readonly champion: Manifest | null;
  /** True when the gates were computed again from evidence; false for a model that came without any. */
  readonly recomputed: boolean;
  /** The list of releases before and after; `after` is what is signed. */
  readonly before: TargetsSigned;
  readonly after: TargetsSigned;
}

interface ReviewInput {
  readonly proposal: Proposal;
  readonly trust: Trust;
  readonly fetchFile: FetchFile;
  readonly inference: Inference;
  /** Raises the lowest version a channel may point to. */
  readonly minimum: number | undefined;
  /** Milliseconds. */
  readonly now: number;
}

const day = 86_400_000;
/** A proposal older than this has been overtaken; one from the future would make a list that never expires. */
const oldestProposalDays = 120;

function refuse(what: Sentence, cause?: unknown): OutpostError {
  return new OutpostError(
    'NOT_APPROVED',
    sentence('approval.nothing_signed', { why: what }),
    cause === undefined ? {} : { cause },
  );
}

function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a as Json) === canonicalJson(b as Json);
}

async function fetchModel(
  fetchFile: FetchFile,
  who: 'candidate' | 'current',
  hashes: { model: string; manifest: string },
): Promise<StoredModel & { manifestBytes: number }> {
  const manifest = await fetchFile(sentence('approval.manifest_of', { who }), hashes.manifest);
  const model = await fetchFile(sentence('approval.model_of', { who }), hashes.model);
  try {
    return { ...openModel({ model, manifest }), manifestBytes: manifest.length };
  } catch (cause) {
    if (isOutpostError(cause))
      throw refuse(sentence('approval.model_fails_checks', { who, why: cause.sentence }), cause);
    throw cause;
  }
}

function checkDate(proposed: string, now: number): void {
  const age = now - Date.parse(proposed);
  if (age < -day || age > oldestProposalDays * day) {
    throw refuse(sentence('approval.proposal_date_off', { proposed }));
  }
}

function checkChampion({ proposal, trust }: ReviewInput): void {
  const { champion } = proposal.report;
  const listed = listedReleases(trust.targets);
  if (champion === null) {
    if (listed.length > 0) throw refuse(sentence('approval.no_current_model_compared'));
    return;
  }
  const found = listed.find((one) => one.release === releaseOf(champion.id));
  if (
    found?.model.sha256 !== champion.model ||
    found.manifest.sha256 !== champion.manifest ||
    found.version !== champion.version
  ) {
    throw refuse(sentence('approval.compared_model_not_released'));
  }
}

async function judgedBy(inference: Inference, model: StoredModel, evidence: Evidence): Promise<Judged> {
  const { manifest } = model;
  const scores: number[] = [];
  for (let start = 0; start < evidence.rows.length; start += 500) {
    const rows = evidence.rows.slice(start, start + 500).map((row) => encodeFacts(manifest.schema, row.facts));
    scores.push(...(await inference.score(manifest.model.sha256, rows)).map((one) => one.score));
  }
  return { scores, thresholds: manifest.thresholds };
}

function checkWithoutEvidence(report: CandidateReport): void {
  if (report.gates.length > 0 || report.flips !== 0) throw refuse(sentence('approval.no_evidence'));
}

async function recompute(
  input: ReviewInput,
  candidate: StoredModel,
  champion: StoredModel | null,
  evidence: Evidence,
): Promise<void> {
  const { report } = input.proposal;
  const sample: GateSample = {
    rows: evidence.rows,
    candidate: await judgedBy(input.inference, candidate, evidence),
    champion: champion && (await judgedBy(input.inference, champion, evidence)),
  };
  const problems = gateProblems(report.gates, sample);
  const flips = countFlips(sample);
  if (flips !== report.flips) problems.push(sentence('gates.other_flips', { flips, reported: report.flips }));
  if (problems.length > 0) throw refuse(sentence('approval.evidence_differs', { problems: inRow(problems) }));
}

/** The list as signed before, null when nobody signed. Believed only under a signature of the trusted offline keys. */
function signedBefore({ proposal, trust }: ReviewInput): TargetsSigned | null {
  if (proposal.targets === null) return null;
  const first = parseMetadata(proposal.targets, targetsSchema);
  if (validSignatures(first, trust.root.roles.targets, trust.root.keys).length === 0)
    throw refuse(sentence('approval.first_list_not_signed'));
  return first.signed;
}

function buildList(input: ReviewInput, manifest: Manifest, manifestBytes: number): TargetsSigned {
  const { report } = input.proposal;
  const first = signedBefore(input);
  const minimum = input.minimum ?? (first === null ? undefined : signedMinimum(first));
  const after = nextTargets(input.trust.targets, {
    modelId: manifest.model.id,
    version: manifest.model.version,
    model: { sha256: report.model, length: manifest.model.bytes },
    manifest: { sha256: report.manifest, length: manifestBytes },
    proposed: report.proposed,
    ...(minimum === undefined ? {} : { minimum }),
  });
  if (first !== null && !sameSigned(first, after)) {
    const { added, changed, removed } = targetsDifference(after, first);
    const paths = [...added, ...changed, ...removed].join(', ');
    throw refuse(
      paths === '' ? sentence('approval.first_list_differs') : sentence('approval.first_list_differs_in', { paths }),
    );
  }
  return after;
}

/**
 * Checks a proposal with nothing but its hashes and this machine's own trust: fetches and hashes every file, runs the
 * laptop's checks on the model, computes the gates again, builds the list of releases to sign. Throws NOT_APPROVED
 * saying which hash, figure or entry differs.
 */
export async function reviewProposal(input: ReviewInput): Promise<Review> {
  const { report, manifest } = input.proposal;
  checkDate(report.proposed, input.now);
  checkChampion(input);
  const candidate = await fetchModel(input.fetchFile, 'candidate', report);
  if (!sameJson(candidate.manifest, manifest)) throw refuse(sentence('approval.another_manifest_shown'));
  await input.inference.load(candidate);
  const champion = report.champion && (await fetchModel(input.fetchFile, 'current', report.champion));
  if (champion !== null) await input.inference.load(champion);
  const evidence = parseEvidence(
    new TextDecoder().decode(await input.fetchFile(sentence('approval.evidence'), report.evidence)),
  );
  if (evidence.rows.length !== report.evidenceRows)
    throw refuse(
      sentence('approval.evidence_rows_differ', { rows: evidence.rows.length, reported: report.evidenceRows }),
    );
  const recomputed = evidence.rows.length > 0;
  if (recomputed) await recompute(input, candidate, champion, evidence);
  else checkWithoutEvidence(report);
  const after = buildList(input, candidate.manifest, candidate.manifestBytes);
  return {
    report,
    manifest: candidate.manifest,
    champion: champion?.manifest ?? null,
    recomputed,
    before: input.trust.targets,
    after,
  };
}
