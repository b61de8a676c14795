import type { AttributeValue } from '../domain/facts.ts';
import { isMissing, type ColumnValue } from './encode.ts';
import type { Attribute } from './schema.ts';

/** Money as people read it: `48,000 INR`, minor units dropped when they are zero. */
export function moneyText(amount: number, currency: string): string {
  const major = amount / 100;
  return `${major.toLocaleString('en-GB', { minimumFractionDigits: Number.isInteger(major) ? 0 : 2, maximumFractionDigits: 2 })} ${currency}`;
}

function lower(label: string): string {
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

/**
 * What a raw column of a case says in words, lower case, as used in reasons: `asked for remote access`. `currency` is the
 * schema's reference currency: a column holds money in its major units.
 */
export function columnPhrase(attribute: Attribute, value: ColumnValue, currency: string): string {
  if (isMissing(value)) return `${lower(attribute.label)} unknown`;
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return value === 1 ? attribute.says.yes : attribute.says.no;
    case 'category':
      return attribute.values.find((v) => v.value === value)?.label ?? String(value);
    case 'number':
      return `${lower(attribute.label)} ${quantity(Number(value), attribute.unit)}`;
    case 'money':
      return `${lower(attribute.label)}: about ${Math.round(Number(value)).toLocaleString('en-GB')} ${currency}`;
  }
}

/** An attribute's value as shown among the facts: `Yes`, `abroad`, `48,000 INR`, `Unknown`. */
export function valueText(attribute: Attribute, value: AttributeValue | undefined): string {
  if (value === null || value === undefined) return 'Unknown';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'object') return moneyText(value.amount, value.currency);
  if (attribute.kind === 'category') return attribute.values.find((v) => v.value === value)?.label ?? String(value);
  return attribute.kind === 'number' ? quantity(Number(value), attribute.unit) : String(value);
}
