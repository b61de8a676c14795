import type { Db } from '../types.ts';

type Kind = 'phone' | 'handle' | 'web' | 'session';

/** Cases that name an indicator, newest first, and how many of them were confirmed as scams. */
export function casesWithIndicator(db: Db, kind: Kind, value: string): { ids: string[]; confirmed: number } {
  const rows = db
    .prepare<[string, string], { id: string; outcome: string | null }>(
      `SELECT c.id, c.outcome FROM indicators i JOIN cases c ON c.id = i.case_id
        WHERE i.kind = ? AND i.value = ? AND c.erased = 0 ORDER BY c.number DESC`,
    )
    .all(kind, value);
  return { ids: rows.map((row) => row.id), confirmed: rows.filter((row) => row.outcome === 'confirmed_scam').length };
}

/** Normalised indicators of a case. */
export function indicatorsOf(db: Db, caseId: string): { kind: Kind; value: string }[] {
  return db
    .prepare<[string], { kind: Kind; value: string }>(
      'SELECT kind, value FROM indicators WHERE case_id = ? ORDER BY kind, value',
    )
    .all(caseId);
}
