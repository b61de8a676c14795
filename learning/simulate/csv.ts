import { stringify } from 'csv-stringify/sync';
import type { AttributeValue } from '../../shared/domain/facts.ts';
import { majorUnits } from '../../shared/currency/minor-units.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { SimulatedCase } from './index.ts';
import { recordedLabel } from './labels.ts';

/** Columns of attributes: money takes two, amount in major units and currency. */
const attributeColumns = complaintsSchema.attributes.flatMap((a) =>
  a.kind === 'money' ? [a.name, `${a.name}_currency`] : [a.name],
);

/** Columns of a simulated CSV file: what an intake knows, and `y`, the truth. */
export const caseColumns = ['reference', 'received', 'office', ...attributeColumns, 'tactics', 'y'] as const;

/** Columns added for demonstrations: what was found out when, and the invented private part. */
export const storyColumns = [
  'outcome',
  'outcome_reason',
  'outcome_after_days',
  'incident',
  'scammer',
  'investigator',
  'urgent',
  'resident',
  'place',
  'narrative',
  'indicators',
] as const;

function cells(name: string, value: AttributeValue | undefined): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value === 'boolean') return { [name]: value ? 'yes' : 'no' };
  if (typeof value === 'object') return { [name]: String(majorUnits(value)), [`${name}_currency`]: value.currency };
  return { [name]: String(value) };
}

/** What `y` says of a case; empty when it says nothing. */
type LabelColumn = (entry: SimulatedCase) => '' | '0' | '1';

/** `y` as the truth, which only a simulation knows. */
export const truthColumn: LabelColumn = (entry) => (entry.truth === 1 ? '1' : '0');

/** `y` as it was recorded by the end of a day: wrong ones wrong; late, missing and inconclusive ones empty. */
export function recordedColumn(lastDay: string): LabelColumn {
  return (entry) => {
    const label = recordedLabel(entry, lastDay);
    return label === null ? '' : label === 1 ? '1' : '0';
  };
}

function recordOf(entry: SimulatedCase, label: LabelColumn): Record<string, string> {
  const record: Record<string, string> = {
    reference: entry.reference,
    received: entry.received,
    office: entry.office,
    tactics: entry.tacticsGiven.join(';'),
    y: label(entry),
    outcome: entry.outcome ?? '',
    outcome_reason: entry.outcomeReason ?? '',
    outcome_after_days: entry.outcome === null ? '' : String(entry.outcomeDelayDays),
    incident: entry.incident,
    scammer: entry.scammer ?? '',
    investigator: entry.investigator,
    urgent: entry.urgent ? 'yes' : 'no',
    resident: entry.resident,
    place: entry.place,
    narrative: entry.narrative,
    indicators: entry.indicators.map((i) => `${i.kind}:${i.value}`).join(';'),
  };
  for (const [name, value] of Object.entries(entry.facts.attributes)) Object.assign(record, cells(name, value));
  return record;
}

/**
 * Simulated cases as CSV text, one chunk per thousand rows, header first; `columns` names what is written, `label` what
 * `y` says.
 */
export function* csvOf(
  cases: Iterable<SimulatedCase>,
  columns: readonly string[] = caseColumns,
  label: LabelColumn = truthColumn,
): Generator<string> {
  yield stringify([columns]);
  let rows: string[][] = [];
  for (const entry of cases) {
    const record = recordOf(entry, label);
    rows.push(columns.map((name) => record[name] ?? ''));
    if (rows.length < 1000) continue;
    yield stringify(rows);
    rows = [];
  }
  if (rows.length > 0) yield stringify(rows);
}
