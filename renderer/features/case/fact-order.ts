import type { CaseView } from '../../../shared/contract/views.ts';
import type { AttributeValue } from '../../../shared/domain/facts.ts';
import type { Attribute } from '../../../shared/encoding/schema.ts';

const groupOrder: readonly Attribute['group'][] = ['telling', 'contact', 'money', 'more'];

function rank(value: AttributeValue | undefined): number {
  if (value === true) return 0;
  if (value === false) return 3;
  return typeof value === 'object' ? 1 : 2;
}

/** What is known of a case in the order it is read: what was said yes, then money and other
 * values, then what was said no; and what is unknown. */
export function factOrder(
  attributes: readonly Attribute[],
  values: CaseView['facts']['attributes'],
): { readonly known: readonly Attribute[]; readonly unknown: readonly Attribute[] } {
  const asked = attributes.filter((attribute) => attribute.kind !== 'tactic');
  const isKnown = ({ name }: Attribute): boolean => (values[name] ?? null) !== null;
  const known = asked
    .filter(isKnown)
    .toSorted(
      (a, b) =>
        rank(values[a.name]) - rank(values[b.name]) || groupOrder.indexOf(a.group) - groupOrder.indexOf(b.group),
    );
  return { known, unknown: asked.filter((attribute) => !isKnown(attribute)) };
}

/** Rows the summary of the facts takes, in two columns; a wide fact takes one for itself. */
const rows = 4;

/**
 * How a fact stands while the facts are summed up: `second` gives way in a narrow pane, `rest` everywhere. `wide` counts
 * the facts that take a row for themselves.
 */
export function foldOf(index: number, wide: number): 'second' | 'rest' | null {
  const shown = 2 * (rows - wide);
  if (index >= shown) return 'rest';
  return index > shown / 2 ? 'second' : null;
}
