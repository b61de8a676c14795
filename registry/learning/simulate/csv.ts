import { stringify } from 'csv-stringify/sync';
import type { AttributeValue } from '../../../shared/domain/facts.ts';
import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import type { SimulatedCase } from './index.ts';

/** Columns of attributes: money takes two, amount in major units and currency. */
const attributeColumns = complaintsSchema.attributes.flatMap((a) =>
  a.kind === 'money' ? [a.name, `${a.name}_currency`] : [a.name],
);

/** Columns of a simulated CSV file: what an intake knows, and `y`, the truth. */
export const caseColumns = ['reference', 'received', 'office', ...attributeColumns, 'tactics', 'y'] as const;

/** Columns added for demonstrations: what was found out when, and the invented private part. */
export const storyColumns = [
  'outcome',
  'outcome_after_days',
  'incident',
  'urgent',
  'resident',
  'place',
  'narrative',
  'indicators',
] as const;

function cells(name: string, value: AttributeValue | undefined): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value === 'boolean') return { [name]: value ? 'yes' : 'no' };
  if (typeof value === 'object') return { [name]: String(value.amount / 100), [`${name}_currency`]: value.currency };
  return { [name]: String(value) };
}

function recordOf(entry: SimulatedCase): Record<string, string> {
  const record: Record<string, string> = {
    reference: entry.reference,
    received: entry.received,
    office: entry.office,
    tactics: entry.tacticsGiven.join(';'),
    y: String(entry.truth),
    outcome: entry.outcome ?? '',
    outcome_after_days: String(entry.outcomeDelayDays),
    incident: entry.incident,
    urgent: entry.urgent ? 'yes' : 'no',
    resident: entry.resident,
    place: entry.place,
    narrative: entry.narrative,
    indicators: entry.indicators.map((i) => `${i.kind}:${i.value}`).join(';'),
  };
  for (const [name, value] of Object.entries(entry.facts.attributes)) Object.assign(record, cells(name, value));
  return record;
}

/** Simulated cases as CSV text, one chunk per thousand rows, header first; `columns` names what is written. */
export function* csvOf(cases: Iterable<SimulatedCase>, columns: readonly string[] = caseColumns): Generator<string> {
  yield stringify([columns]);
  let rows: string[][] = [];
  for (const entry of cases) {
    const record = recordOf(entry);
    rows.push(columns.map((name) => record[name] ?? ''));
    if (rows.length < 1000) continue;
    yield stringify(rows);
    rows = [];
  }
  if (rows.length > 0) yield stringify(rows);
}
