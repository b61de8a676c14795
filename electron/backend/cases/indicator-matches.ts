import type { IndicatorHit } from '../../../shared/contract/views.ts';
import { casesWithIndicator, indicatorsOf } from '../store/indicators.ts';
import type { Db } from '../store/db.ts';
import { normaliseIndicator } from './indicators.ts';

/** What is known of a normalised indicator on this laptop: cases that name it and how many are confirmed scams. */
function indicatorMatch(db: Db, kind: IndicatorHit['kind'], value: string): IndicatorHit {
  const { ids, confirmed } = casesWithIndicator(db, kind, value);
  // Every case on a laptop belongs to its own office.
  return { kind, value, cases: ids.length, confirmed, offices: ids.length === 0 ? 0 : 1, caseIds: ids };
}

/** Looks up what is being typed; null while there is nothing to compare. */
export function checkIndicator(db: Db, kind: IndicatorHit['kind'], typed: string): IndicatorHit | null {
  const value = normaliseIndicator(kind, typed);
  return value === null ? null : indicatorMatch(db, kind, value);
}

/** Hits of all indicators of a case. */
export function indicatorMatchesOfCase(db: Db, caseId: string): IndicatorHit[] {
  return indicatorsOf(db, caseId).map(({ kind, value }) => indicatorMatch(db, kind, value));
}
