import { z } from 'zod';
import type { Json } from '../../../shared/log/canonical.ts';
import { editDistance } from '../../../shared/domain/tactic-groups.ts';
import {
  allOf,
  anyOf,
  inTurn,
  isSame,
  listed,
  sentence,
  sentenceSchema,
  type Sentence,
  type Text,
} from '../../../shared/language/sentence.ts';

/** What a schema says of a parameter beside its type: `describeParameter` puts it there. */
interface ParameterMeta {
  /** What it does, for people. */
  readonly meaning: Sentence;
  /** Where the method or its default comes from. */
  readonly source: Sentence;
  /** What other programs call it. */
  readonly aliases?: readonly string[];
}

/** Says what a parameter means, on its schema: lists and sentences for people are made from it. */
export function describeParameter<T extends z.ZodType>(schema: T, meta: ParameterMeta): T {
  return schema.meta({ ...meta });
}

/** A parameter of a trainer as it is shown to people. */
export interface ParameterInfo {
  /** With dots where it is part of another: `earlyStopping.share`. */
  readonly name: string;
  readonly default: Json;
  /** What it may be, as in `a whole number from 1 to 64`. */
  readonly range: Text;
  /** Both empty where the schema says nothing of it. */
  readonly meaning: Text;
  readonly source: Text;
  readonly aliases: readonly string[];
}

type Node = z.core.JSONSchema.JSONSchema;
const node = (value: unknown): Node => (typeof value === 'object' && value !== null ? { ...value } : {});

function stated(limit: unknown): limit is number {
  return typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
}

function numberRange({ type, minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below }: Node): Sentence {
  const whole = type === 'integer';
  if (stated(minimum)) {
    if (stated(maximum)) return sentence('trainers.number_least_most', { whole, low: minimum, high: maximum });
    if (stated(below)) return sentence('trainers.number_least_below', { whole, low: minimum, high: below });
    return sentence('trainers.number_least', { whole, low: minimum });
  }
  if (stated(above)) {
    if (stated(maximum)) return sentence('trainers.number_above_most', { whole, low: above, high: maximum });
    if (stated(below)) return sentence('trainers.number_above_below', { whole, low: above, high: below });
    return sentence('trainers.number_above', { whole, low: above });
  }
  if (stated(maximum)) return sentence('trainers.number_most', { whole, high: maximum });
  return stated(below)
    ? sentence('trainers.number_below', { whole, high: below })
    : sentence('trainers.number', { whole });
}

function objectRange(of: Node): Sentence {
  const parts = Object.keys(of.properties ?? {});
  if (parts.length > 0) return sentence('trainers.object_with', { parts: allOf(parts) });
  return sentence('trainers.object_of_names', { range: rangeOf(node(of.additionalProperties)) });
}

function rangeOf(of: Node): Text {
  if (of.const !== undefined) return JSON.stringify(of.const);
  if (of.anyOf !== undefined) return anyOf(of.anyOf.map((one) => rangeOf(node(one))));
  if (of.enum !== undefined) return anyOf(of.enum.map((one) => JSON.stringify(one)));
  switch (of.type) {
    case 'integer':
    case 'number':
      return numberRange(of);
    case 'null':
      return sentence('trainers.null_off');
    case 'boolean':
      return sentence('trainers.true_or_false');
    case 'object':
      return objectRange(of);
    default:
      return of.type === undefined
        ? sentence('trainers.anything')
        : sentence('trainers.of_type', { type: String(of.type) });
  }
}

/** Parts of a parameter that is an object itself, or null. */
function partsOf(of: Node): Node['properties'] {
  const inner = [of, ...(of.anyOf ?? []).map(node)].find((one) => one.properties !== undefined);
  return inner?.properties ?? {};
}

/** A sentence that a schema carries; empty where it carries none. */
function carried(value: unknown): Text {
  return value === undefined ? '' : sentenceSchema.parse(value);
}

function infosOf(properties: Node['properties'], prefix: string): ParameterInfo[] {
  return Object.entries(properties ?? {}).flatMap(([own, value]) => {
    const of = node(value);
    const name = prefix + own;
    const info: ParameterInfo = {
      name,
      default: (of.default ?? null) as Json,
      range: rangeOf(of),
      meaning: carried(of['meaning']),
      source: carried(of['source']),
      aliases: Array.isArray(of['aliases']) ? of['aliases'].map(String) : [],
    };
    return [info, ...infosOf(partsOf(of), `${name}.`)];
  });
}

/** All parameters of a trainer, in the order of its schema, with what its schema says of each. */
export function parametersOf(params: z.ZodType): ParameterInfo[] {
  return infosOf(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }).properties, '');
}

/** Names that differ in case, underscores or hyphens only are plainly the same: `max_depth`, `maxDepth`. */
function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
}

/** The name most like a wrong one, at most a third of its letters away; null: none is. */
function closestName(wrong: string, names: readonly string[]): string | null {
  const distances = names.map((name) => editDistance(plainName(wrong), plainName(name)));
  const least = Math.min(...distances);
  return least <= Math.max(1, Math.floor(wrong.length / 3)) ? names[distances.indexOf(least)]! : null;
}

/** The parameter a person may have meant by a name there is not; null when none is like it. */
export function meantParameter(wrong: string, infos: readonly ParameterInfo[]): string | null {
  const plain = plainName(wrong);
  const names = infos.map((info) => info.name);
  // Spelt otherwise; what another program calls it; else a slip, or a part of another parameter without its beginning.
  const spelt = names.find((name) => plainName(name) === plain);
  const alias = infos.find((info) => info.aliases.some((one) => plainName(one) === plain));
  if (spelt !== undefined || alias !== undefined) return spelt ?? alias!.name;
  return closestName(wrong, names) ?? names.find((name) => plainName(name.split('.').at(-1)!) === plain) ?? null;
}

/** A sentence about a name that is no parameter of a trainer. */
export function unknownParameter(trainer: string, wrong: string, infos: readonly ParameterInfo[]): Sentence {
  const meant = meantParameter(wrong, infos);
  if (meant !== null) return sentence('trainers.no_parameter_but', { trainer, name: wrong, meant });
  const names = infos.map((info) => info.name).filter((name) => !name.includes('.'));
  return sentence('trainers.no_parameter', { trainer, name: wrong, names: listed(names) });
}

/** The parameter an issue of a schema is about: that of the longest beginning of its path. */
export function parameterAt(path: readonly PropertyKey[], infos: readonly ParameterInfo[]): ParameterInfo | null {
  for (let end = path.length; end > 0; end--) {
    const name = path.slice(0, end).map(String).join('.');
    const found = infos.find((info) => info.name === name);
    if (found !== undefined) return found;
  }
  return null;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): Text {
  let value = given;
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return JSON.stringify(value) ?? sentence('trainers.no_value');
}

function sentencesOf(
  trainer: string,
  issue: z.core.$ZodIssue,
  given: unknown,
  infos: readonly ParameterInfo[],
): Sentence[] {
  if (issue.code === 'unrecognized_keys') {
    const prefix = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}.`;
    return issue.keys.map((key) => unknownParameter(trainer, prefix + key, infos));
  }
  const info = parameterAt(issue.path, infos);
  if (info === null) return [sentence('trainers.parameters_no_object', { trainer })];
  const [name, value] = [issue.path.map(String).join('.'), valueAt(given, issue.path)];
  const { range, default: preset } = info;
  return [sentence('trainers.bad_parameter', { name, trainer, value, range, preset: JSON.stringify(preset) })];
}

/** Everything that is wrong with the parameters given to a trainer, in sentences. */
export function explainParameters(
  trainer: { readonly name: string; readonly params: z.ZodType },
  given: unknown,
  error: z.ZodError,
): Sentence {
  const infos = parametersOf(trainer.params);
  const sentences = error.issues.flatMap((issue) => sentencesOf(trainer.name, issue, given, infos));
  return inTurn(sentences.filter((one, at) => sentences.findIndex((other) => isSame(one, other)) === at));
}
