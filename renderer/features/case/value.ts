import type { AttributeValue } from '../../../shared/domain/facts.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { amountText } from '../../language/format.ts';

/** A number with its unit; a plural unit loses its s for one: `1 day`, `2 days`, `52 min`. */
function quantity(value: number, unit: string): Sentence {
  // The unit is a text of the schema, in the schema's language; so is what becomes of it.
  return sentence('window_case.quantity', { value, unit: value === 1 ? unit.replace(/s$/, '') : unit });
}

/** An attribute's value as shown among the facts: `Yes`, `abroad`, `48,000 INR`, `Unknown`. */
export function valueText(attribute: Attribute, value: AttributeValue | undefined): Sentence {
  if (value === null || value === undefined) return sentence('window_case.unknown');
  if (typeof value === 'boolean') return value ? sentence('window_intake.yes') : sentence('window_intake.no');
  if (typeof value === 'object')
    return sentence('window_case.money', { amount: amountText(value.amount), currency: value.currency });
  const text = attribute.kind === 'category' ? attribute.values.find((one) => one.value === value)?.label : undefined;
  if (attribute.kind === 'number' && attribute.unit !== '') return quantity(Number(value), attribute.unit);
  return typeof value === 'number'
    ? sentence('window_format.plain_number', { value })
    : sentence('window_case.value', { text: text ?? value });
}
