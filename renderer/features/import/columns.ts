import { inconclusiveReasonSchema } from '../../../shared/domain/verdict.ts';
import type { ColumnTarget, ImportMapping, OutcomeMeaning } from '../../../shared/case-import/mapping.ts';
import type { RefusedRow } from './preview.ts';

/** What a column may be taken for beside an attribute, in the groups in which it is offered. */
export const targetGroups = {
  case: ['received', 'reference', 'resident', 'contact', 'safeContact', 'place', 'narrative', 'note', 'outcome'],
  signs: ['phone', 'handle', 'web', 'session', 'tactics'],
} as const;

const attributePrefix = 'attribute:';

/** A target as the value of a choice. */
export function choiceOf(target: ColumnTarget): string {
  return target.to === 'attribute' ? `${attributePrefix}${target.name}` : target.to;
}

/** The target that a choice stands for, as it is before anything more is said about it. */
export function targetOf(choice: string): ColumnTarget {
  if (choice.startsWith(attributePrefix)) return { to: 'attribute', name: choice.slice(attributePrefix.length) };
  const to = [...targetGroups.case, ...targetGroups.signs].find((one) => one === choice);
  if (to === undefined) return { to: 'ignore' };
  return to === 'outcome' ? { to, values: {} } : { to };
}

/** Value of the choice of an attribute. */
export function attributeChoice(name: string): string {
  return `${attributePrefix}${name}`;
}

/** A mapping with another target for one column. */
export function withColumn(mapping: ImportMapping, column: string, target: ColumnTarget): ImportMapping {
  return { ...mapping, columns: { ...mapping.columns, [column]: target } };
}

/** Every meaning a value of an outcome column may have; `''` is that there is no outcome yet. */
export const meanings: readonly (OutcomeMeaning | '')[] = [
  '',
  'confirmed_scam',
  'genuine_provider',
  ...inconclusiveReasonSchema.options.map((inconclusive) => ({ inconclusive })),
];

/** A meaning as the value of a choice. */
export function meaningKey(meaning: OutcomeMeaning | '' | null): string {
  if (meaning === null) return '';
  return typeof meaning === 'string' ? meaning : `inconclusive:${meaning.inconclusive}`;
}

/** The meaning that a choice stands for, null for no outcome yet. */
export function meaningOf(key: string): OutcomeMeaning | null {
  const found = meanings.find((one) => meaningKey(one) === key);
  return found === undefined || found === '' ? null : found;
}

/** Most values of an outcome column that are asked about. */
const mostValues = 30;

/** Values of an outcome column that the rows were refused for, in the order they stand in: no meaning was given to them. */
export function unmappedOutcomes(header: readonly string[], column: string, rows: readonly RefusedRow[]): string[] {
  const at = header.indexOf(column);
  const values = rows
    .filter(({ problems }) =>
      problems.some((one) => one.column === column && one.why.code === 'case_import.unmapped_outcome'),
    )
    .map(({ cells }) => (cells[at] ?? '').trim());
  return [...new Set(values)].slice(0, mostValues);
}
