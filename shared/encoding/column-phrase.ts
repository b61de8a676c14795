import { sentence, type Text } from '../language/sentence.ts';
import { wordsOf, type AttributeWords } from './attribute-words.ts';
import { isMissing, type ColumnValue } from './encode.ts';
import type { Attribute } from './schema.ts';
import type { DescribedSchema } from './schema-texts.ts';

/** What an attribute is called before its value: `length of the contact`, and a column of a file with a colon. */
export function phraseStart({ bare, name, label }: AttributeWords): Text {
  return bare ? sentence('attributes.column', { name: label }) : name;
}

/** A number with its unit: `1 day`, `52 min`. */
function amountText(words: AttributeWords, value: number): Text {
  const unit = words.unit(value);
  return unit === null ? sentence('attributes.number', { value }) : sentence('attributes.amount', { value, unit });
}

/**
 * What a raw column of a case says in words, as used in reasons: `asked for remote access`; of a column of a file its name
 * and value, `checking: A12`. A column holds money in major units of the schema's reference currency.
 */
export function columnPhrase(described: DescribedSchema, attribute: Attribute, value: ColumnValue): Text {
  const words = wordsOf(described, attribute);
  const name = phraseStart(words);
  if (isMissing(value)) return sentence('attributes.unknown', { name });
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return value === 1 ? words.yes : words.no;
    case 'category': {
      const phrase = words.value(String(value));
      return words.bare && phrase === value ? sentence('attributes.is', { name, value: phrase }) : phrase;
    }
    case 'number':
      return sentence('attributes.is', { name, value: amountText(words, Number(value)) });
    case 'money': {
      const { reference: currency } = described.schema.currencies;
      return sentence('attributes.money', { name: words.name, value: Math.round(Number(value)), currency });
    }
  }
}
