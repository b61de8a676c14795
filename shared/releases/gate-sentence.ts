import type { Gate } from '../contract/registry.ts';
import { sentence, type Sentence } from '../language/sentence.ts';

function valueOf(figure: number | null): Sentence {
  return figure === null ? sentence('gates.no_figure') : sentence('gates.figure', { figure });
}

/** A gate as approvers, admins and retrainings read it: figure, limit, what the current model has, cases, result. */
export function gateSentence({ name, figure, limit, comparison, champion, n, result }: Gate): Sentence {
  const gate = { name, figure: valueOf(figure), limit, comparison, n, result };
  return champion === null
    ? sentence('gates.gate', gate)
    : sentence('gates.gate_beside_current', { ...gate, current: champion });
}
