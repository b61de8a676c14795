import { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { meantParameter, parameterAt, parametersOf, unknownParameter } from '../trainers/base/parameters.ts';
import type { Random } from '../statistics/random.ts';
import type { Trainer } from '../trainers/base/trainer.ts';
import { inTurn, listed, sentence, sentenceSchema, type Sentence } from '../../shared/language/sentence.ts';

/** What the search knows of a trainer. */
export type SearchTrainer = Pick<Trainer, 'name' | 'params'>;

/** Carries why a range is none, for the sentence about it. */
const because = (why: Sentence): { readonly params: { readonly why: Sentence } } => ({ params: { why } });

const reversed = because(sentence('search.range_reversed'));
const from0 = because(sentence('search.log_from_0'));
const broken = because(sentence('search.ends_not_whole'));

const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, reversed);
const positive = range.refine(([low]) => low > 0, from0);
const whole = range.refine(([low, high]) => Number.isInteger(low) && Number.isInteger(high), broken);

/** Values of one parameter: evenly, evenly in the logarithm, whole numbers (also those), or a list. */
const dimensionSchema = z.union([
  z.strictObject({ linear: range }),
  z.strictObject({ log: positive }),
  z.strictObject({ int: whole }),
  z.strictObject({ logInt: whole.refine(([low]) => low > 0, from0) }),
  z.strictObject({ choice: z.array(z.json()).min(1) }),
]);
type Dimension = z.infer<typeof dimensionSchema>;

const spaceFileSchema = z.strictObject({
  trainer: z.array(z.string()).min(1),
  /** Each goes to the trainers that have a parameter of the name. */
  params: z.record(z.string(), dimensionSchema).default({}),
  /** For one trainer only; it goes before `params`. */
  only: z.record(z.string(), z.record(z.string(), dimensionSchema)).default({}),
});

/** The parameters of one trainer that are searched, in the order of their names. */
export interface TrainerSpace {
  readonly trainer: string;
  readonly dimensions: readonly { readonly name: string; readonly values: Dimension }[];
}

/** A point of a space: what is tried. */
export interface Point {
  readonly trainer: string;
  readonly params: Readonly<Record<string, Json>>;
}

/** Lowest and highest value of a dimension, or each of its list. */
function endsOf(values: Dimension): readonly Json[] {
  if ('choice' in values) return values.choice as readonly Json[];
  if ('linear' in values) return values.linear;
  if ('log' in values) return values.log;
  return 'int' in values ? values.int : values.logInt;
}

/** That a trainer does not take a value for a parameter; null when it does, false when it has no such parameter. */
function refusal(trainer: SearchTrainer, name: string, value: Json): Sentence | false | null {
  const issues = trainer.params.safeParse({ [name]: value }).error?.issues ?? [];
  if (issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(name))) return false;
  // Issues of other parameters are about those this one goes with, which the whole point is checked for.
  if (issues.every((issue) => issue.path[0] !== name)) return null;
  const info = parameterAt([name], parametersOf(trainer.params));
  const what = { name, value: JSON.stringify(value), trainer: trainer.name };
  if (info === null) return sentence('search.value_not_allowed', what);
  return sentence('search.bad_value', { ...what, range: info.range, preset: JSON.stringify(info.default) });
}

function isKnown(trainer: SearchTrainer, name: string, values: Dimension): boolean {
  for (const value of endsOf(values)) {
    const why = refusal(trainer, name, value);
    if (why === false) return false;
    if (why === null) continue;
    throw new OutpostError('BAD_INPUT', why);
  }
  return true;
}

function unknownName(name: string, trainers: readonly SearchTrainer[]): OutpostError {
  const infos = trainers.flatMap((trainer) => parametersOf(trainer.params));
  if (trainers.length === 1)
    return new OutpostError(
      'BAD_INPUT',
      inTurn([unknownParameter(trainers[0]!.name, name, infos), sentence('search.nothing_trained')]),
    );
  const meant = meantParameter(name, infos);
  const what = { trainers: listed(trainers.map((trainer) => trainer.name)), name };
  return new OutpostError(
    'BAD_INPUT',
    meant === null
      ? sentence('search.no_such_parameter', what)
      : sentence('search.no_such_parameter_but', { ...what, meant }),
  );
}

const carried = z.object({ why: sentenceSchema });

/** What is wrong at one place of the file that declares a space. */
function problemText(issue: z.core.$ZodIssue): Sentence {
  const own = issue.code === 'custom' ? carried.safeParse(issue.params) : null;
  const why =
    issue.code === 'invalid_union' ? sentence('search.no_dimension') : own?.success ? own.data.why : issue.message;
  if (issue.path.length === 0) return sentence('search.problem', { why });
  return sentence('search.problem_at', { why, path: z.core.toDotPath(issue.path) });
}

function requireTrainers(named: readonly string[], trainers: readonly SearchTrainer[]): void {
  const there = trainers.map((t) => t.name);
  for (const name of named) {
    if (there.includes(name)) continue;
    throw new OutpostError('BAD_INPUT', sentence('learn.no_such_trainer', { name, trainers: listed(there) }));
  }
}

function spaceOf(
  trainer: SearchTrainer,
  shared: Record<string, Dimension>,
  own: Record<string, Dimension>,
): TrainerSpace {
  for (const [name, values] of Object.entries(own))
    if (!isKnown(trainer, name, values)) throw unknownName(name, [trainer]);
  const known = Object.entries(shared).filter(
    ([name, values]) => !Object.hasOwn(own, name) && isKnown(trainer, name, values),
  );
  const all = [...known, ...Object.entries(own)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { trainer: trainer.name, dimensions: all.map(([name, values]) => ({ name, values })) };
}

/**
 * Reads a declared space, such as `{"trainer": ["logistic", "boosting"], "params": {"learningRate": {"log": [0.02,
 * 0.3]}, "maxDepth": {"int": [3, 8]}}, "only": {"logistic": {"l2": {"log": [0.01, 100]}}}}`. One space per trainer
 * comes back, in the order of `trainers` (the simplest first). Throws BAD_INPUT for trainers, parameters and values
 * there are not.
 */
export function parseSpace(value: unknown, trainers: readonly SearchTrainer[]): TrainerSpace[] {
  const parsed = spaceFileSchema.safeParse(value);
  if (!parsed.success) {
    const why = inTurn(parsed.error.issues.map(problemText));
    throw new OutpostError('BAD_INPUT', sentence('search.search_space_cannot_read', { why }), { cause: parsed.error });
  }
  const { trainer: named, params, only } = parsed.data;
  requireTrainers([...named, ...Object.keys(only)], trainers);
  const used = trainers.filter((t) => named.includes(t.name));
  const idle = Object.keys(only).find((name) => !named.includes(name));
  if (idle !== undefined)
    throw new OutpostError('BAD_INPUT', sentence('search.search_space_parameters_idle', { idle }));
  for (const [name, values] of Object.entries(params))
    if (used.filter((t) => isKnown(t, name, values)).length === 0) throw unknownName(name, used);
  return used.map((t) => spaceOf(t, params, only[t.name] ?? {}));
}

/** The default point of a space: the trainer is given nothing but what the space leaves no choice about. */
export function defaultPoint({ trainer, dimensions }: TrainerSpace): Point {
  const fixed = dimensions.flatMap(({ name, values }) => {
    const ends = new Set(endsOf(values).map((end) => canonicalJson(end)));
    return ends.size === 1 ? [[name, endsOf(values)[0]!] as const] : [];
  });
  return { trainer, params: Object.fromEntries(fixed) };
}

function draw(values: Dimension, random: Random): Json {
  if ('choice' in values) return random.pick(values.choice as Json[]);
  const u = random.next();
  if ('linear' in values) return values.linear[0] + u * (values.linear[1] - values.linear[0]);
  if ('log' in values) return Math.min(values.log[1], values.log[0] * (values.log[1] / values.log[0]) ** u);
  if ('int' in values) return values.int[0] + Math.floor(u * (values.int[1] - values.int[0] + 1));
  // Each whole number has the share of the logarithm between the halves around it.
  const [low, high] = [values.logInt[0] - 0.5, values.logInt[1] + 0.5];
  return Math.min(values.logInt[1], Math.max(values.logInt[0], Math.round(low * (high / low) ** u)));
}

/** A point drawn evenly from a space, each parameter by itself (Bergstra and Bengio 2012). */
export function drawPoint({ trainer, dimensions }: TrainerSpace, random: Random): Point {
  return { trainer, params: Object.fromEntries(dimensions.map(({ name, values }) => [name, draw(values, random)])) };
}

/** Text that is the same for the same point only. */
export function keyOf(point: Point): string {
  return canonicalJson({ trainer: point.trainer, params: point.params });
}
