import type { AttributeValue } from '../../../shared/domain/facts.ts';
import type { AttributeWords } from '../../../shared/encoding/attribute-words.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { sentence, type Text } from '../../../shared/language/sentence.ts';
import { amountText } from '../../language/format.ts';

/** An attribute's value as shown among the facts: `Yes`, `abroad`, `48,000 INR`, `Unknown`. */
export function valueText(attribute: Attribute, words: AttributeWords, value: AttributeValue | undefined): Text {
  if (value === null || value === undefined) return sentence('window_case.unknown');
  if (typeof value === 'boolean') return value ? sentence('window_intake.yes') : sentence('window_intake.no');
  if (typeof value === 'object')
    return sentence('window_case.money', { amount: amountText(value), currency: value.currency });
  if (typeof value === 'string') return attribute.kind === 'category' ? words.value(value) : value;
  const unit = words.unit(value);
  return unit === null
    ? sentence('window_format.plain_number', { value })
    : sentence('window_case.quantity', { value, unit });
}
