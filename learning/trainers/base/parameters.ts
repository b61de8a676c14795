import { z } from 'zod';
import type { Json } from '../../../shared/log/canonical.ts';
import { editDistance } from '../../../shared/domain/tactic-groups.ts';

/** What a schema says of a parameter beside its type: `describeParameter` puts it there. */
interface ParameterMeta {
  /** What it does, for people. */
  readonly description: string;
  /** Where the method or its default comes from. */
  readonly source: string;
  /** What other programs call it. */
  readonly aliases?: readonly string[];
}

/** Says what a parameter means, on its schema: lists and sentences for people are made from it. */
export function describeParameter<T extends z.ZodType>(schema: T, meta: ParameterMeta): T {
  return schema.meta({ ...meta });
}

/** A parameter of a trainer as people are told of it. */
export interface ParameterInfo {
  /** With dots where it is part of another: `earlyStopping.share`. */
  readonly name: string;
  readonly default: Json;
  /** What it may be, as in `a whole number from 1 to 64`. */
  readonly range: string;
  readonly meaning: string;
  readonly source: string;
  readonly aliases: readonly string[];
}

type Node = z.core.JSONSchema.JSONSchema;
const node = (value: unknown): Node => (typeof value === 'object' && value !== null ? { ...value } : {});

function numberRange({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Node): string {
  const what = type === 'integer' ? 'a whole number' : 'a number';
  const shown = (limit: number): string => limit.toLocaleString('en-GB', { maximumSignificantDigits: 15 });
  const stated = (limit: unknown): limit is number =>
    typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  if (stated(minimum) && stated(maximum)) return `${what} from ${shown(minimum)} to ${shown(maximum)}`;
  const limits = [
    ...(stated(minimum) ? [`of at least ${shown(minimum)}`] : []),
    ...(stated(exclusiveMinimum) ? [`above ${shown(exclusiveMinimum)}`] : []),
    ...(stated(maximum) ? [`at most ${shown(maximum)}`] : []),
    ...(stated(exclusiveMaximum) ? [`below ${shown(exclusiveMaximum)}`] : []),
  ];
  return limits.length === 0 ? what : `${what} ${limits.join(' and ')}`;
}

function rangeOf(of: Node): string {
  if (of.const !== undefined) return JSON.stringify(of.const);
  if (of.anyOf !== undefined) return of.anyOf.map((one) => rangeOf(node(one))).join(' or ');
  if (of.enum !== undefined) return of.enum.map((one) => JSON.stringify(one)).join(' or ');
  switch (of.type) {
    case 'integer':
    case 'number':
      return numberRange(of);
    case 'null':
      return 'null (off)';
    case 'boolean':
      return 'true or false';
    case 'object': {
      const parts = Object.keys(of.properties ?? {});
      if (parts.length > 0) return `an object with ${parts.join(' and ')}`;
      return `an object of names, each with ${rangeOf(node(of.additionalProperties))}`;
    }
    default:
      return of.type === undefined ? 'anything' : `a ${String(of.type)}`;
  }
}

/** Parts of a parameter that is an object itself, or null. */
function partsOf(of: Node): Node['properties'] {
  const inner = [of, ...(of.anyOf ?? []).map(node)].find((one) => one.properties !== undefined);
  return inner?.properties ?? {};
}

function listed(properties: Node['properties'], prefix: string): ParameterInfo[] {
  return Object.entries(properties ?? {}).flatMap(([own, value]) => {
    const of = node(value);
    const name = prefix + own;
    const info: ParameterInfo = {
      name,
      default: (of.default ?? null) as Json,
      range: rangeOf(of),
      meaning: of.description ?? '',
      source: typeof of['source'] === 'string' ? of['source'] : '',
      aliases: Array.isArray(of['aliases']) ? of['aliases'].map(String) : [],
    };
    return [info, ...listed(partsOf(of), `${name}.`)];
  });
}

/** All parameters of a trainer, in the order of its schema, with what its schema says of each. */
export function parametersOf(params: z.ZodType): ParameterInfo[] {
  return listed(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }).properties, '');
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
export function unknownParameter(trainer: string, wrong: string, infos: readonly ParameterInfo[]): string {
  const meant = meantParameter(wrong, infos);
  const names = infos.map((info) => info.name).filter((name) => !name.includes('.'));
  const help = meant === null ? `It has ${names.join(', ')}.` : `Did you mean ${meant}?`;
  return `The ${trainer} trainer has no parameter ${wrong}. ${help}`;
}

/** What a parameter must be, with its default, as in `must be a whole number from 1 to 64 (default 6)`. */
export function mustBe({ range, default: preset }: ParameterInfo): string {
  return `must be ${range} (default ${JSON.stringify(preset)})`;
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

function valueAt(given: unknown, path: readonly PropertyKey[]): string {
  let value = given;
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return JSON.stringify(value) ?? 'nothing';
}

function sentenceOf(
  trainer: string,
  issue: z.core.$ZodIssue,
  given: unknown,
  infos: readonly ParameterInfo[],
): string[] {
  if (issue.code === 'unrecognized_keys') {
    const prefix = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}.`;
    return issue.keys.map((key) => unknownParameter(trainer, prefix + key, infos));
  }
  const info = parameterAt(issue.path, infos);
  const name = issue.path.map(String).join('.');
  if (info === null) return [`The parameters of the ${trainer} trainer are no JSON object of names and values.`];
  return [`The parameter ${name} of the ${trainer} trainer is ${valueAt(given, issue.path)}, but ${mustBe(info)}.`];
}

/** Everything that is wrong with the parameters given to a trainer, in sentences. */
export function explainParameters(
  trainer: { readonly name: string; readonly params: z.ZodType },
  given: unknown,
  error: z.ZodError,
): string {
  const infos = parametersOf(trainer.params);
  const sentences = error.issues.flatMap((issue) => sentenceOf(trainer.name, issue, given, infos));
  return [...new Set(sentences)].join(' ');
}
