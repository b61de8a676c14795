import { hash } from 'node:crypto';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { LabelledRow } from '../dataset/dataset.ts';
import { countOf, type Rejections } from './rejections.ts';

/** Why a row is left out whose incident is there already. */
export const duplicateOfIncident = sentence('row.duplicate_of_incident');

/**
 * What to say when most rows were left out as further cases of incidents: perhaps their column says something else. Null
 * when the rows that are left are as many as those.
 */
export function duplicatesAdvice({ reasons }: Pick<Rejections, 'reasons'>, rows: number): Sentence | null {
  const left = countOf(reasons, duplicateOfIncident);
  return left <= rows ? null : sentence('data.many_duplicates', { all: left + rows, left, rows });
}

/** Of the rows of each incident, the one that is kept. */
export interface FirstRows {
  /** Looks at a row that can be read; `at` says which one it is, such as its line. */
  readonly see: (row: LabelledRow, at: number) => void;
  /** True for a row whose incident is kept in another one. Rows of incidents that were not looked at are none. */
  readonly isDuplicate: (row: LabelledRow, at: number) => boolean;
}

/** By what is learned from first: neither names nor what was noted later may decide between rows that differ in that. */
function digestOf({ incident: _incident, scammer = null, tacticsNoted = [], ...learned }: LabelledRow): string {
  const digest = (value: object): string => hash('sha256', canonicalJson(value as Json));
  return digest(learned) + digest({ scammer, tacticsNoted });
}

/**
 * Finds the row of each incident that was received first. Of several received on one day, or on no day, a hash of their
 * contents decides, so that the order they come in does not.
 */
export function firstRows(): FirstRows {
  const kept = new Map<string, { readonly at: number; readonly received: string; readonly digest: string }>();
  return {
    see(row, at) {
      if (!row.incident) return;
      const received = row.received ?? '';
      const digest = digestOf(row);
      const other = kept.get(row.incident);
      const earlier = other === undefined || received < other.received;
      if (earlier || (received === other.received && digest < other.digest))
        kept.set(row.incident, { at, received, digest });
    },
    isDuplicate(row, at) {
      const first = row.incident ? kept.get(row.incident) : undefined;
      return first !== undefined && first.at !== at;
    },
  };
}
