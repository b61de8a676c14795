import { createHmac } from 'node:crypto';
import type { Thresholds, Verdict } from '../../../shared/domain/verdict.ts';
import type { AuditDraw } from '../../../shared/log/payloads.ts';

type Stratum = AuditDraw['stratum'];

/** Chance of a case to be put up for a check, by stratum. */
export const auditProbabilities: Readonly<Record<Stratum, number>> = {
  not_scam: 0.05,
  near_threshold: 0.3,
  outside: 0.4,
  unclear: 0.05,
  scam: 0.05,
};

/** How close below the not-scam threshold a score counts as near it. */
export const nearThreshold = 0.1;

/** Stratum of a first score. */
export function stratumOf(input: {
  score: number;
  verdict: Verdict;
  outside: boolean;
  thresholds: Thresholds;
}): Stratum {
  if (input.verdict !== 'not_scam') return input.verdict;
  if (input.outside) return 'outside';
  return input.score >= input.thresholds.notScamBelow - nearThreshold ? 'near_threshold' : 'not_scam';
}

/** Uniform number in [0, 1) of a case: HMAC-SHA-256 under the laptop's key, so that nobody can tell it beforehand. */
export function uniformOf(auditKey: Uint8Array, caseId: string): number {
  return createHmac('sha256', auditKey).update(caseId).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Draws once for the audit slice. The same case always draws the same number. */
export function drawAudit(auditKey: Uint8Array, caseId: string, stratum: Stratum): AuditDraw {
  const probability = auditProbabilities[stratum];
  return { stratum, probability, drawn: uniformOf(auditKey, caseId) < probability };
}
