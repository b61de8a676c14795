import type { Gate } from '../contract/registry.ts';
import { sentence, type PlainCode, type Sentence, type Text } from '../language/sentence.ts';
import { gateNames } from './gates.ts';

const codes: Readonly<Record<string, { readonly alone: PlainCode; readonly inside: PlainCode }>> = {
  [gateNames.missed]: { alone: 'gates.missed', inside: 'gates.missed_inside' },
  [gateNames.accused]: { alone: 'gates.accused', inside: 'gates.accused_inside' },
  [gateNames.unclear]: { alone: 'gates.unclear', inside: 'gates.unclear_inside' },
  [gateNames.moreMissed]: { alone: 'gates.more_missed', inside: 'gates.more_missed_inside' },
  [gateNames.moreAccused]: { alone: 'gates.more_accused', inside: 'gates.more_accused_inside' },
  [gateNames.logLoss]: { alone: 'gates.log_loss', inside: 'gates.log_loss_inside' },
};

/** A gate by its stored name, as it stands alone or at the front; the name itself for a gate of another version. */
export function gateName(name: string): Text {
  const known = codes[name];
  return known === undefined ? name : sentence(known.alone);
}

/** The same within a sentence. */
export function gateInside(name: string): Text {
  const known = codes[name];
  return known === undefined ? name : sentence(known.inside);
}

/** Several things with commas of their own, in a row: "a, b; c". */
export function inRow(items: readonly Text[]): Text {
  return items.reduce<Text>((first, next) => (first === '' ? next : sentence('gates.and_next', { first, next })), '');
}

function valueOf(figure: number | null): Sentence {
  return figure === null ? sentence('gates.no_figure') : sentence('gates.figure', { figure });
}

/** A figure with what it rests on and its result, as where a reported one differs from one's own. */
export function figureOn({ figure, n, result }: Gate): Sentence {
  return figure === null
    ? sentence('gates.no_figure_on', { n, result })
    : sentence('gates.figure_on', { figure, n, result });
}

/** A gate as approvers, admins and retrainings read it: figure, limit, what the current model has, cases, result. */
export function gateSentence({ name, figure, limit, comparison, champion, n, result }: Gate): Sentence {
  const gate = { name: gateName(name), figure: valueOf(figure), limit, comparison, n, result };
  return champion === null
    ? sentence('gates.gate', gate)
    : sentence('gates.gate_beside_current', { ...gate, current: champion });
}
