import type { ReactElement } from 'react';
import type { Explanation, ScoreView } from '../../../shared/contract/views.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { scorePercent } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { barsOf, type Bar } from './waterfall.ts';

function BarRow(props: { readonly bar: Bar; readonly lines: readonly number[] }): ReactElement {
  const { bar } = props;
  const thick = bar.kind === 'up' || bar.kind === 'down';
  const lines = props.lines.map((at) => `M${at} 0v20`).join('');
  return (
    <tr className={bar.kind === 'total' ? 'total' : undefined}>
      <th scope="row">{bar.label}</th>
      <td>
        <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
          <path className="grid" d={lines} />
          {bar.to !== null && <path className="link" d={`M${bar.to} 12v8`} />}
          {bar.from !== null && <path className="link" d={`M${bar.from} 0v8`} />}
          <rect
            className={bar.kind === 'total' ? 'sum' : bar.kind}
            x={bar.x}
            y={thick ? 4 : bar.kind === 'total' ? 6 : 7}
            width={bar.width}
            height={thick ? 12 : bar.kind === 'total' ? 8 : 6}
          />
        </svg>
      </td>
      <td className="num">{bar.value}</td>
    </tr>
  );
}

function changesText(changes: Explanation['changes']): Sentence {
  const items = changes.map((change) =>
    sentence('window_case.change_item', {
      phrase: change.phrase,
      score: scorePercent(change.score),
      verdict: sentence(`window_verdict.plain_${change.verdict}`),
    }),
  );
  if (items.length === 0) return sentence('window_case.no_change');
  const all = items.reduce((first, second) => sentence('window_case.next_change', { first, second }));
  return sentence('window_case.changes', { all });
}

/** From the typical case to the score: the bars that prove the sentence beside the score, and what would change it. */
export function Why(props: {
  readonly explanation: Explanation;
  readonly thresholds: ScoreView['thresholds'];
  /** Red is kept for scam: bars of all other cases are grey. */
  readonly red: boolean;
}): ReactElement {
  const { say, words } = useLanguage();
  const { explanation, thresholds } = props;
  const { bars, place } = barsOf(explanation, {
    base: say('window_case.base'),
    rest: (count) => say('window_case.rest', { count }),
    score: say('window_case.score'),
    words,
  });
  return (
    <>
      <table className={props.red ? 'why red' : 'why'}>
        <caption className="visually-hidden">{say('window_case.why_caption')}</caption>
        <tbody>
          {bars.map((bar) => (
            <BarRow key={bar.label} bar={bar} lines={[place(thresholds.notScamBelow), place(thresholds.scamFrom)]} />
          ))}
        </tbody>
      </table>
      <p className="what-if">
        <strong>{say('window_case.change')}</strong> {say(changesText(explanation.changes))}
      </p>
    </>
  );
}
