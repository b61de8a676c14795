import type { Db } from './db.ts';

type Kind = 'phone' | 'handle' | 'web' | 'session';

/** Digits at the end of a telephone number that tell it apart when one of two has no country code. */
const ending = 9;

type Row = { id: string; outcome: string | null };

function rowsWith(db: Db, kind: Kind, value: string): Row[] {
  return db
    .prepare<[string, string], Row>(
      `SELECT c.id, c.outcome FROM indicators i JOIN cases c ON c.id = i.case_id
        WHERE i.kind = ? AND i.value = ? AND c.erased = 0 ORDER BY c.number DESC`,
    )
    .all(kind, value);
}

/** Two numbers with a country code are the same or not; when one has none, the last digits decide. */
function rowsWithPhone(db: Db, value: string): Row[] {
  if (value.replace('+', '').length < ending) return rowsWith(db, 'phone', value);
  return db
    .prepare<[string, number, string, number], Row>(
      `SELECT DISTINCT c.id, c.outcome, c.number FROM indicators i JOIN cases c ON c.id = i.case_id
        WHERE i.kind = 'phone' AND substr(i.value, -${ending}) = ? AND c.erased = 0
          AND (? = 0 OR i.value = ? OR substr(i.value, 1, 1) <> '+') AND length(i.value) >= ?
        ORDER BY c.number DESC`,
    )
    .all(value.slice(-ending), value.startsWith('+') ? 1 : 0, value, ending);
}

/**
 * Cases that name an indicator, newest first, and how many of them were confirmed as scams. A telephone number without
 * country code also stands for one with it.
 */
export function casesWithIndicator(db: Db, kind: Kind, value: string): { ids: string[]; confirmed: number } {
  const rows = kind === 'phone' ? rowsWithPhone(db, value) : rowsWith(db, kind, value);
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
