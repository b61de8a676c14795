import { createHmac } from 'node:crypto';
import { auditProbability, type Stratum } from '../../../shared/domain/audit.ts';
import type { AuditDraw } from '../../../shared/log/payloads.ts';

/** Uniform number in [0, 1) of a case: HMAC-SHA-256 under the laptop's key, so that nobody can tell it beforehand. */
export function uniformOf(auditKey: Uint8Array, caseId: string): number {
  return createHmac('sha256', auditKey).update(caseId).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Draws once for the audit slice. The same case always draws the same number. */
export function drawAudit(auditKey: Uint8Array, caseId: string, stratum: Stratum): AuditDraw {
  const probability = auditProbability[stratum];
  return { stratum, probability, drawn: uniformOf(auditKey, caseId) < probability };
}
