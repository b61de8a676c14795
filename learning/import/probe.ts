import type { EncodedRow } from '../../shared/encoding/encode.ts';
import { boundColumns } from '../../shared/encoding/pack.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { isOutpostError, messageOf, OutpostError } from '../../shared/errors/index.ts';
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

function refuse(what: string, cause?: unknown): OutpostError {
  return new OutpostError('BAD_MODEL', what, { cause });
}

function probabilityOf(row: readonly number[], column: number): number {
  const value = row[column]!;
  if (Number.isNaN(value)) throw refuse('The model gives no number (NaN) for a case.');
  const [first, second] = row as [number, number?];
  if (!(value >= -slack && value <= 1 + slack) || (second !== undefined && Math.abs(first + second - 1) > sumSlack)) {
    throw refuse(
      `The model gives ${value.toPrecision(4)} where a probability should be. Export predict_proba, not a margin or decision function: without raw_scores, with the objective binary:logistic.`,
    );
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
) {
  const found: string[] = [];
  for (const name of names) {
    const scored = await model.run([withColumn(known, other, name)]).catch(() => undefined);
    if (scored === undefined || Number.isNaN(scored[0]![column])) found.push(name);
  }
  const listed = found.slice(0, 10).join(', ');
  return found.length === 0 ? 'some of its columns' : `${listed}${found.length > 10 ? ', …' : ''}`;
}

/** What a model that fails on some kind of row lacks. */
interface Kind {
  readonly what: string;
  readonly advice: string;
}
const kinds: Readonly<Record<'unknown' | 'unseen', Kind>> = {
  unknown: {
    what: 'an unknown answer (NaN, or an empty text)',
    advice:
      'Put an imputer (SimpleImputer) in front of a linear model and handle_unknown="ignore" in a OneHotEncoder, inside the pipeline, and export it again.',
  },
  unseen: {
    what: 'a value it has not seen',
    advice: 'Give the encoder inside the pipeline handle_unknown="ignore" and export it again.',
  },
};

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
      const why = found.cause === undefined ? 'it gives no number (NaN)' : messageOf(found.cause).slice(0, 300);
      throw refuse(`The model cannot score a case with every answer known: ${why}.`, found.cause);
    }
  }
  for (const [kind, row] of [['unknown', unknown] as const, ['unseen', unseen] as const]) {
    const found = await fault(model, row, output.column);
    if (!found) continue;
    const columns = await culprits(model, boundColumns(binding), high, row, output.column);
    const { what, advice } = kinds[kind];
    throw refuse(`The model gives no score for ${what} in ${columns}. ${advice}`, found.cause);
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
      throw refuse(`The model fails on a case: ${messageOf(cause).slice(0, 300)}`, cause);
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
