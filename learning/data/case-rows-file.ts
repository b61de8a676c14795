import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { factsSchema, type AttributeValue, type Facts } from '../../shared/domain/facts.ts';
import { outcomeSchema } from '../../shared/domain/verdict.ts';
import { outsideRange } from '../../shared/encoding/csv-facts.ts';
import { featureSchemaSchema, type Attribute, type FeatureSchema } from '../../shared/encoding/schema.ts';
import { schemaOfFormat1Schema, upgradeSchema } from '../../shared/encoding/schema-format-1.ts';
import { textsBeside } from '../dataset/texts-beside.ts';
import { requireSameQuestions } from './same-questions.ts';
import { schemaTextsSchema } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { dateSchema, idSchema } from '../../shared/log/event.ts';
import { payloadSchemas } from '../../shared/log/payloads.ts';
import { explainCsv } from './csv-errors.ts';
import { isGzip } from './csv-rows.ts';
import { requireUtf8 } from './utf8.ts';
import { sourceSchema, type KnownCase } from './known-case.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** First line of case rows. */
const headFields = {
  /** True when the cases are invented. */
  simulated: z.boolean(),
  /** Where they come from, in words. */
  from: z.string().max(200),
};

const format = 'outpost.cases/2';

/** Newest feature schema of whoever wrote the file: what the cases are read under. */
const headSchema = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal(format),
    ...headFields,
    schema: featureSchemaSchema,
    texts: z.array(schemaTextsSchema).max(50),
  }),
  z
    .strictObject({ format: z.literal('outpost.cases/1'), ...headFields, schema: schemaOfFormat1Schema })
    .transform((head) => ({ ...head, format, ...upgradeSchema(head.schema) }) as const),
]);
export type CaseRowsHead = z.output<typeof headSchema>;

const groupSchema = z.string().min(1).max(200).nullable();

/**
 * A case: one line each. Nothing in it names a person: an incident or scammer is a name that is equal for cases of the
 * same one, and means nothing else.
 */
const lineSchema = z.strictObject({
  id: idSchema,
  /** `feedback`: a laptop took it in; `dataset`: it is from before. */
  source: sourceSchema,
  office: z.string().max(200),
  received: dateSchema,
  urgent: z.boolean(),
  /** As they were at intake: what is learned from. */
  facts: factsSchema,
  /** Tactics noted by now, for the reference profile only. */
  noted: z.array(z.string().max(40)).max(1000),
  /** The first score, with verdict and audit draw, from which the weight follows; null when there was none. */
  scored: payloadSchemas['case.scored'].omit({ case: true }).nullable(),
  outcome: z.strictObject({ outcome: outcomeSchema, day: dateSchema }).nullable(),
  incident: groupSchema,
  scammer: groupSchema,
});

type FirstScore = NonNullable<z.infer<typeof lineSchema>['scored']>;

/** What a line of case rows holds: a case, or why it is none. */
export type CaseLine = { readonly line: number } & ({ readonly known: KnownCase } | { readonly why: Sentence });

/** First line of case rows. */
export function caseRowsHead(head: Omit<CaseRowsHead, 'format'>): string {
  return `${JSON.stringify({ format, ...head } satisfies CaseRowsHead)}\n`;
}

function firstScoreOf({ case: _case, ...first }: NonNullable<KnownCase['scored']>): FirstScore {
  return first;
}

/** Numbers names from 1 in the order they first come. */
function numbering(): (name: string | null) => string | null {
  const numbers = new Map<string, string>();
  return (name) => {
    if (name !== null && !numbers.has(name)) numbers.set(name, String(numbers.size + 1));
    return name === null ? null : numbers.get(name)!;
  };
}

/** Writes cases as lines of case rows. Incidents and scammers become numbers in the order of their first case. */
export function caseLines(cases: readonly KnownCase[]): string[] {
  const [incidentOf, scammerOf] = [numbering(), numbering()];
  return cases.map(({ tactics, scored, outcome, outcomeAt, incident, scammer, ...known }) => {
    const line: z.infer<typeof lineSchema> = {
      ...known,
      noted: [...tactics],
      scored: scored && firstScoreOf(scored),
      outcome: outcome === null ? null : { outcome, day: (outcomeAt ?? known.received).slice(0, 10) },
      incident: incidentOf(incident),
      scammer: scammerOf(scammer),
    };
    return `${JSON.stringify(line)}\n`;
  });
}

/** Lines of a text file in UTF-8, unpacked on the way when it is packed with gzip. */
async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    const packed = await isGzip(file);
    const input = createReadStream(file);
    const text = packed ? input.pipe(createGunzip()) : input;
    const checked = requireUtf8(file);
    for (const stream of new Set([input, text])) stream.on('error', (error: Error) => checked.destroy(error));
    const lines = createInterface({ input: text.pipe(checked), crlfDelay: Infinity });
    // Whoever has read enough no longer listens: what is wrong further on is then nobody's concern.
    for (const emitter of [checked, lines]) emitter.on('error', () => undefined);
    try {
      yield* lines;
    } finally {
      lines.close();
      input.destroy();
    }
  } catch (error) {
    throw explainCsv(error, file);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // reported by the schema, as any other line that is none
  }
}

function headOf(file: string, text: string | undefined): CaseRowsHead {
  const value = parsed(text?.replace(/^\uFEFF/, '') ?? '');
  const head = headSchema.safeParse(value);
  if (head.success) return { ...head.data, texts: textsBeside(head.data, 'cases') };
  const named = z.object({ format: z.string() }).safeParse(value).data?.format ?? '';
  if (named.startsWith('outpost.cases/') && !['outpost.cases/1', format].includes(named)) {
    throw new OutpostError(
      'BAD_INPUT',
      sentence('data.case_rows_of_another_version', { file, format: named.slice(0, 40) }),
    );
  }
  throw new OutpostError('BAD_INPUT', sentence('data.no_case_rows', { file }), { cause: head.error });
}

/** Why an answer is none under the schema it is read by; null for one that can be read, or is unknown. */
function whyNoAnswer(attribute: Attribute, value: AttributeValue | undefined): Sentence | null {
  if (value === null || value === undefined) return null;
  const column = attribute.name;
  switch (attribute.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? null : sentence('cell.no_yes_no', { column });
    case 'category':
      return typeof value === 'string' ? null : sentence('case_rows.no_text', { column });
    case 'money':
      return typeof value === 'object' ? null : sentence('case_rows.no_amount', { column });
    case 'tactic':
      return typeof value === 'boolean' ? null : sentence('cell.no_yes_no', { column });
    case 'number': {
      const { min, max } = attribute;
      if (typeof value !== 'number') return sentence('case_rows.no_number', { column });
      return value >= min && value <= max ? null : outsideRange(attribute);
    }
  }
}

function whyUnreadable({ id, attributes }: FeatureSchema, facts: Facts): Sentence | null {
  if (facts.schema.id !== id) return sentence('case_rows.other_schema', { id });
  for (const attribute of attributes) {
    const why = whyNoAnswer(attribute, facts.attributes[attribute.name]);
    if (why !== null) return why;
  }
  return null;
}

function caseOf({ noted, scored, outcome, ...rest }: z.infer<typeof lineSchema>): KnownCase {
  return {
    ...rest,
    tactics: noted,
    scored: scored && { ...scored, case: rest.id },
    outcome: outcome?.outcome ?? null,
    outcomeAt: outcome && `${outcome.day}T00:00:00.000Z`,
  };
}

function lineOf(text: string, schema: FeatureSchema, seen: Set<string>): { known: KnownCase } | { why: Sentence } {
  const read = lineSchema.safeParse(parsed(text));
  if (!read.success) {
    const at = read.error.issues[0]?.path.join('.') ?? '';
    return { why: at === '' ? sentence('case_rows.no_case') : sentence('case_rows.bad_field', { field: at }) };
  }
  const why = whyUnreadable(schema, read.data.facts);
  if (why !== null) return { why };
  if (seen.has(read.data.id)) return { why: sentence('case_rows.again') };
  seen.add(read.data.id);
  return { known: caseOf(read.data) };
}

/** Reads the first line of case rows. Throws BAD_INPUT for a file that holds none, or of a format from later on. */
export async function readCaseRowsHead(file: string): Promise<CaseRowsHead> {
  const lines = linesOf(file);
  const first = await lines.next();
  await lines.return(undefined);
  return headOf(file, first.done === true ? undefined : first.value);
}

/**
 * Cases of case rows (`.jsonl`, or packed with gzip), one after the other; a line that is no case comes with why. They
 * are checked under `schema`, which a case of an older version fits too; an amount in a currency it has no rate for is
 * unknown. Throws as `readCaseRowsHead`, and BAD_INPUT when the file means something else by a name of it.
 */
export async function* readCaseRows(file: string, schema: FeatureSchema): AsyncGenerator<CaseLine> {
  const seen = new Set<string>();
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (line === 1) requireSameQuestions(headOf(file, text).schema, schema);
    else if (text.trim() !== '') yield { line, ...lineOf(text, schema, seen) };
  }
}
