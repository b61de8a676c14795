import { attributeNameOf } from '../encoding/attribute-names.ts';
import type { FeatureSchema } from '../encoding/schema.ts';
import type { ColumnTarget, ImportMapping } from './mapping.ts';

const outcomes: (ColumnTarget & { to: 'outcome' })['values'] = {
  confirmed_scam: 'confirmed_scam',
  scam: 'confirmed_scam',
  genuine_provider: 'genuine_provider',
  genuine: 'genuine_provider',
  inconclusive: { inconclusive: 'other' },
};

/** Headers, as attribute names, that say by themselves what a column holds. */
const byHeader: Readonly<Record<string, ColumnTarget>> = {
  received: { to: 'received' },
  received_date: { to: 'received' },
  date_received: { to: 'received' },
  date: { to: 'received' },
  reference: { to: 'reference' },
  case_number: { to: 'reference' },
  resident: { to: 'resident' },
  name: { to: 'resident' },
  contact: { to: 'contact' },
  place: { to: 'place' },
  city: { to: 'place' },
  safe_contact: { to: 'safeContact' },
  narrative: { to: 'narrative' },
  description: { to: 'narrative' },
  note: { to: 'note' },
  phone: { to: 'phone' },
  phone_number: { to: 'phone' },
  caller_number: { to: 'phone' },
  handle: { to: 'handle' },
  web: { to: 'web' },
  website: { to: 'web' },
  session: { to: 'session' },
  tactics: { to: 'tactics' },
  outcome: { to: 'outcome', values: outcomes },
};

/** The mapping that a header speaks for by itself: attributes of the schema by their names, the rest by usual words. */
export function guessMapping(schema: FeatureSchema, header: readonly string[]): ImportMapping {
  const attributes = new Set(schema.attributes.map(({ name }) => name));
  // The currency of an amount is read with it.
  for (const { name, kind } of schema.attributes) if (kind === 'money') attributes.add(`${name}_currency`);
  const columns = header.map((text): [string, ColumnTarget] => {
    const name = attributeNameOf(text);
    if (attributes.has(name)) return [text, { to: 'attribute', name }];
    return [text, Object.hasOwn(byHeader, name) ? byHeader[name]! : { to: 'ignore' }];
  });
  return { format: 'outpost.import-mapping/1', columns: Object.fromEntries(columns), constants: {} };
}
