import type { EncodedRow } from '../../shared/encoding/encode.ts';
import { boundColumns } from '../../shared/encoding/pack.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { isOutpostError, messageOf, OutpostError } from '../../shared/errors/index.ts';
import { listed, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import type { Random } from '../statistics/random.ts';
import { goldenRows } from '../dataset/samples.ts';
import { loadModel, type LoadedModel, type Ports } from './runtime.ts';

/** Scores cases with a model, each a probability from 0 to 1 of scam. */
export type Score = (rows: readonly EncodedRow[]) => Promise<number[]>;

/** How far a probability in single precision may lie outside 0 to 1, as on a laptop. */
const slack = 1e-6;
/** How far the two columns may be from adding up to 1. */
const sumSlack = 1e-4;
const mixturesDrawn = 16;

function refuse(what: Sentence, cause?: unknown): OutpostError {
  return new OutpostError('BAD_MODEL', what, { cause });
}

function probabilityOf(row: readonly number[], column: number): number {
  const value = row[column]!;
  if (Number.isNaN(value)) throw refuse(sentence('import.score_not_a_number'));
  const [first, second] = row as [number, number?];
  if (!(value >= -slack && value <= 1 + slack) || (second !== undefined && Math.abs(first + second - 1) > sumSlack)) {
    throw refuse(sentence('import.score_no_probability', { value }));
  }
  return Math.min(1, Math.max(0, value));
}

/** A row of `known` with one of its columns from `other`. */
function withColumn(known: EncodedRow, other: EncodedRow, name: string): EncodedRow {
  return { ...known, [name]: other[name]! };
}

/** Columns whose value of `other` alone leaves the model without a number or makes it fail. */
async function culprits(
  model: LoadedModel,
  names: readonly string[],
  known: EncodedRow,
  other: EncodedRow,
  column: number,
): Promise<Text> {
  const found: string[] = [];
  for (const name of names) {
    const scored = await model.run([withColumn(known, other, name)]).catch(() => undefined);
    if (scored === undefined || Number.isNaN(scored[0]![column])) found.push(name);
  }
  if (found.length === 0) return sentence('import.some_columns');
  return listed([...found.slice(0, 10), ...(found.length > 10 ? ['…'] : [])]);
}

/** Runs the model on one row and answers why it gives no number: the runtime's words, or NaN; null when all is well. */
async function fault(model: LoadedModel, row: EncodedRow, column: number): Promise<{ cause: unknown } | null> {
  try {
    const [scored] = await model.run([row]);
    return Number.isNaN(scored![column]) ? { cause: undefined } : null;
  } catch (cause) {
    if (isOutpostError(cause)) throw cause;
    return { cause };
  }
}

/**
 * Looks whether a model copes with what cases are like: all known, nothing known, a value on no list. Throws BAD_MODEL
 * saying which columns it cannot do without and what to export instead.
 */
async function checkRows(model: LoadedModel, { binding, output }: Ports, rows: readonly EncodedRow[]): Promise<void> {
  const [unknown, high, low, unseen] = rows as [EncodedRow, EncodedRow, EncodedRow, EncodedRow];
  for (const row of [low, high]) {
    const found = await fault(model, row, output.column);
    if (found) {
      const { cause } = found;
      if (cause === undefined) throw refuse(sentence('import.known_not_a_number'));
      throw refuse(sentence('import.known_fails', { why: messageOf(cause).slice(0, 300) }), cause);
    }
  }
  for (const [code, row] of [
    ['import.no_score_for_unknown', unknown] as const,
    ['import.no_score_for_unseen', unseen] as const,
  ]) {
    const found = await fault(model, row, output.column);
    if (!found) continue;
    const columns = await culprits(model, boundColumns(binding), high, row, output.column);
    throw refuse(sentence(code, { columns }), found.cause);
  }
}

/**
 * Loads a model, tries it on made-up rows of its schema (known, unknown, unseen, mixtures) and calls `use` with a way to
 * score cases. Throws BAD_MODEL when the runtime refuses it or what it gives is no probability, saying what to change.
 */
export async function withModel<T>(
  bytes: Uint8Array,
  ports: Ports,
  schema: FeatureSchema,
  random: Random,
  use: (score: Score) => Promise<T>,
): Promise<T> {
  const model = await loadModel(bytes, ports);
  const { column } = ports.output;
  const score: Score = async (rows) => {
    const given = await model.run(rows).catch((cause: unknown) => {
      if (isOutpostError(cause)) throw cause;
      throw refuse(sentence('import.fails_on_case', { why: messageOf(cause).slice(0, 300) }), cause);
    });
    return given.map((row) => probabilityOf(row, column));
  };
  try {
    await checkRows(model, ports, goldenRows(schema, random));
    await score(Array.from({ length: mixturesDrawn }, () => goldenRows(schema, random)).flat());
    return await use(score);
  } finally {
    await model.close();
  }
}
