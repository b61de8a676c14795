import { isMissing, type ColumnValue } from './encode.ts';
import type { FigureBasis } from './manifest.ts';
import type { Attribute } from './schema.ts';

/** First letter in lower case, unless an abbreviation begins there. */
function lower(label: string): string {
  if (/^\p{Lu}{2}/u.test(label)) return label;
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** A number with its unit; a plural unit loses its s for one: `1 day`, `2 days`, `52 min`. */
function quantity(value: number, unit: string): string {
  return `${value} ${value === 1 ? unit.replace(/s$/, '') : unit}`.trim();
}

/** A count with its noun, given in the singular: `1 case`, `1,321 cases`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}

const bases: Readonly<Record<FigureBasis, string>> = {
  held_out: 'on held-out cases this model has not learned from',
  held_out_before_refit:
    'on held-out cases, of the same recipe before it learned from these too: this model was not judged itself',
  out_of_fold: 'on its training cases, each judged by a model made without it (cross-validation)',
  given_cases: 'on the cases given when it was imported; if it learned from them, the figures are too good',
  stated: 'as its maker states them; they were not computed here',
  none: 'none: it was judged on no cases',
};

/** What the figures of a manifest were computed on, to follow "Figures". Older manifests do not say. */
export function basisPhrase(basis: FigureBasis | undefined): string {
  return basis === undefined ? 'on cases the manifest does not name' : bases[basis];
}

/**
 * True for an attribute that was a column of a file and nothing more: its question is its name. What it holds, such as
 * `0` or `A12`, says nothing without that name, which is kept as it was written.
 */
export function isBareColumn({ label, question }: Attribute): boolean {
  return label === question;
}

/** What an attribute is called within a sentence: `length of the contact`, and a column of a file as its header has it. */
export function phraseName(attribute: Attribute): string {
  return isBareColumn(attribute) ? attribute.label : lower(attribute.label);
}

/** What an attribute is called before its value: `length of the contact`, and a column of a file with a colon. */
export function phraseStart(attribute: Attribute): string {
  return isBareColumn(attribute) ? `${attribute.label}:` : phraseName(attribute);
}

function categoryPhrase(attribute: Attribute & { kind: 'category' }, value: string): string {
  const label = attribute.values.find((v) => v.value === value)?.label ?? value;
  return isBareColumn(attribute) && label === value ? `${phraseStart(attribute)} ${label}` : label;
}

/**
 * What a raw column of a case says in words, lower case, as used in reasons: `asked for remote access`; of a column of a
 * file its name and value, `checking: A12`. `currency` is the schema's reference currency: a column holds money in its
 * major units.
 */
export function columnPhrase(attribute: Attribute, value: ColumnValue, currency: string): string {
  if (isMissing(value)) return `${phraseStart(attribute)} unknown`;
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return value === 1 ? attribute.says.yes : attribute.says.no;
    case 'category':
      return categoryPhrase(attribute, String(value));
    case 'number':
      return `${phraseStart(attribute)} ${quantity(Number(value), attribute.unit)}`;
    case 'money':
      return `${lower(attribute.label)}: about ${Math.round(Number(value)).toLocaleString('en-GB')} ${currency}`;
  }
}
