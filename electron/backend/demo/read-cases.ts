import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { intakeSchema } from '../../../shared/contract/views.ts';
import { inconclusiveReasonSchema, outcomeSchema } from '../../../shared/domain/verdict.ts';
import { factsFromCsvRow } from '../../../shared/encoding/csv-facts.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import type { PastCase } from '../cases/service.ts';

const DAY_MS = 86_400_000;
const MORNING_MS = 9 * 3_600_000;

const rowSchema = z.looseObject({
  reference: z.string(),
  received: z.iso.date(),
  tactics: z.string(),
  outcome: z.union([z.literal(''), outcomeSchema]),
  outcome_reason: z.union([z.literal(''), inconclusiveReasonSchema]),
  outcome_after_days: z.coerce.number().int().min(0),
  urgent: z.enum(['yes', 'no']),
  resident: z.string(),
  place: z.string(),
  narrative: z.string(),
  indicators: z.string(),
});
type Row = z.infer<typeof rowSchema>;

const parts = (cell: string): string[] =>
  cell
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function indicatorsOf(cell: string): { kind: string; value: string }[] {
  return parts(cell).map((part) => {
    const [kind = '', ...value] = part.split(':');
    return { kind, value: value.join(':') };
  });
}

function outcomeOf(row: Row, taken: number, now: number): PastCase['outcome'] {
  const at = taken + row.outcome_after_days * DAY_MS + MORNING_MS / 2;
  if (row.outcome === '' || at > now) return undefined;
  const reason = row.outcome === 'inconclusive' ? row.outcome_reason || 'other' : null;
  return { outcome: row.outcome, reason, note: '', at };
}

/**
 * Reads simulated cases from CSV text as cases of the past, moved in time so that the newest was taken in on the day
 * of `now` (milliseconds since the epoch). Outcomes that would lie in the future are left out: those cases are open.
 */
export function readPastCases(csv: string, schema: DescribedSchema, now: number): PastCase[] {
  const rows = z.array(rowSchema).parse(parse(csv, { columns: true, skip_empty_lines: true }));
  const newest = rows.reduce((latest, { received }) => Math.max(latest, Date.parse(received)), 0);
  // Whole days, so that a week's pattern stays one; the morning keeps local dates apart in most zones.
  const shift = Math.floor((now - MORNING_MS - newest) / DAY_MS) * DAY_MS;
  return rows.map((row, index) => {
    const day = Date.parse(row.received) + shift;
    const taken = day + Math.min(MORNING_MS + (index % 60) * 60_000, Math.max(0, now - day));
    const { facts } = factsFromCsvRow(schema, row as Record<string, string>);
    const intake = intakeSchema.parse({
      // Money leaves now or not at all: of the urgent cases only the newest still is, the others were dealt with.
      urgent: index === rows.length - 1,
      received: new Date(day).toISOString().slice(0, 10),
      attributes: facts.attributes,
      tactics: parts(row.tactics),
      indicators: indicatorsOf(row.indicators),
      reference: row.reference,
      resident: row.resident,
      contact: '',
      place: row.place,
      safeContact: '',
      atRisk: false,
      needs: [],
      narrative: row.narrative,
      paidAt: '',
    });
    const outcome = outcomeOf(row, taken, now);
    // Every ninth open case was looked at by nobody yet: it shows among the unseen.
    const seen = outcome !== undefined || index % 9 !== 0;
    return { intake, at: taken, seen, ...(outcome === undefined ? {} : { outcome }) };
  });
}
