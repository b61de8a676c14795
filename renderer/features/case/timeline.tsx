import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { instantText, momentText } from '../../format.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';

/** Everything that happened to a case, newest first, with the state of its chain. */
export function TimelineSection(props: { readonly view: CaseView }): ReactElement {
  const { timeline, chainUnbroken, outcome } = props.view;
  const now = useNow(60_000);
  const newestFirst = timeline.toSorted((a, b) => b.seq - a.seq);
  return (
    <section className="section" aria-labelledby="case-timeline">
      <header>
        <h3 id="case-timeline">{text.case.timeline}</h3>
        <span className={`push small ${chainUnbroken ? 'muted' : 'fail'}`}>
          {text.case.chain(timeline.length, chainUnbroken)}
        </span>
      </header>
      <ol className="timeline">
        {outcome === null && (
          <li className="open">
            <time>{text.case.now}</time>
            <p>{text.case.noOutcome}</p>
          </li>
        )}
        {newestFirst.map((entry) => (
          <li key={entry.seq} className={entry.type === 'case.scored' ? 'score-part' : undefined}>
            <time dateTime={entry.at} title={instantText(entry.at)}>
              {momentText(entry.at, now)}
            </time>
            <p>
              {entry.sentence} {entry.person !== null && <span className="muted">{text.case.by(entry.person)}</span>}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
