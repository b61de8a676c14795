import { normaliseTactic } from '../../shared/domain/tactics.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { TrainingRows } from './dataset.ts';
import type { Column } from './frame.ts';

/** 1 for lists with a tactic that is not listed as understood. */
function strangeLists(
  { understoodTactics, synonyms }: FeatureSchema,
  lists: readonly (readonly string[])[],
): Uint8Array {
  const understood = new Set(understoodTactics);
  const strange = (list: readonly string[]): boolean =>
    list.some((tag) => !understood.has(normaliseTactic(tag, synonyms)));
  return Uint8Array.from(lists, (list) => Number(strange(list)));
}

/** Counts the rows in which a column is missing, and marks those with a value that the schema does not list. */
function look(column: Column, rows: ArrayLike<number>, missing: Uint16Array, outside: Uint8Array): void {
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k]!;
    if (column.kind === 'number') missing[k]! += Number(Number.isNaN(column.values[i]!));
    else if (column.codes[i] === -1) missing[k]! += 1;
    else if (column.codes[i]! >= column.listed) outside[k] = 1;
  }
}

/**
 * 1 for those of the given rows, in their order, that are outside what a model of this schema knows: what
 * `outsideReasons` says of their cases, looked at column by column.
 */
export function outsideOf(dataset: TrainingRows, rows: ArrayLike<number>, maxMissingShare: number): Uint8Array {
  const { schema, frame, tactics } = dataset;
  const asked = frame.columns.filter(({ attribute }) => attribute.kind !== 'tactic');
  const [missing, outside] = [new Uint16Array(rows.length), new Uint8Array(rows.length)];
  for (const column of asked) look(column, rows, missing, outside);
  const strange = strangeLists(schema, tactics.lists);
  for (let k = 0; k < rows.length; k++) {
    if (asked.length > 0 && missing[k]! / asked.length > maxMissingShare) outside[k] = 1;
    if (strange[tactics.atIntake[rows[k]!]!] === 1) outside[k] = 1;
  }
  return outside;
}
