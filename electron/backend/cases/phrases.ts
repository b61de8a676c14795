import type { Verdict } from '../../../shared/domain/verdict.ts';
import { isMissing, type ColumnValue, type EncodedRow } from '../../../shared/encoding/encode.ts';
import { columnPhrase } from '../../../shared/encoding/column-phrase.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { sentence, type Text } from '../../../shared/language/sentence.ts';
import type { Contribution } from '../inference/inference.ts';

/** Contributions below one point in a hundred are not worth a word. */
export const smallestReason = 0.01;

/** Float32 keeps about seven digits; the rest of 49.900001525878906 is noise to a reader. */
function readable(value: ColumnValue): ColumnValue {
  return typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}

/** Phrase of one column's value in words; the attribute's name when the schema does not list it. */
export function phraseOf(described: DescribedSchema, name: string, value: ColumnValue | undefined): Text {
  const attribute = described.schema.attributes.find((a) => a.name === name);
  if (!attribute || value === undefined) return name.replaceAll('_', ' ');
  return columnPhrase(described, attribute, readable(value));
}

/** What stands for reasons while no answer of a case is known. */
export const nothingKnown = sentence('attributes.nothing_known');

/** True when a column holds an answer. */
export function isKnown(row: EncodedRow, attribute: string): boolean {
  const value = row[attribute];
  return value !== undefined && !isMissing(value);
}

/** True when somebody answered something; that no tactic was noted is no answer. */
export function anythingKnown(schema: FeatureSchema, row: EncodedRow): boolean {
  return schema.attributes.some(({ name, kind }) => isKnown(row, name) && (kind !== 'tactic' || row[name] === 1));
}

/**
 * The two or three reasons shown in a queue row, as phrases: first those that point where the verdict points, largest
 * first; of an unclear case simply the largest. A missing answer is no reason. `smallest` is in the unit of the
 * contributions.
 */
export function reasonPhrases(
  contributions: readonly Contribution[],
  described: DescribedSchema,
  row: EncodedRow,
  verdict: Verdict,
  smallest: number = smallestReason,
): Text[] {
  if (!anythingKnown(described.schema, row)) return [nothingKnown];
  const direction = verdict === 'scam' ? 1 : verdict === 'not_scam' ? -1 : 0;
  const rank = ({ value }: Contribution): number => (direction * value >= 0 ? 0 : 1);
  const known = contributions.filter((c) => isKnown(row, c.attribute) && Math.abs(c.value) >= smallest);
  const ordered = known.toSorted((a, b) => rank(a) - rank(b) || Math.abs(b.value) - Math.abs(a.value));
  const wanted = ordered.filter((c, i) => rank(c) === 0 || i < 2).slice(0, 3);
  return wanted.map(({ attribute }) => phraseOf(described, attribute, row[attribute]));
}
