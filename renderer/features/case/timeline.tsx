import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { instantText, momentText } from '../../format.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';
import { partedSentence } from './parted.ts';

type Entry = CaseView['timeline'][number];

function Sentence(props: { readonly entry: Entry }): ReactElement {
  const { said, score } = partedSentence(props.entry);
  return (
    <p>
      {said} {score !== '' && <span className="score-part">{score} </span>}
      {props.entry.person !== null && <span className="muted">{text.case.by(props.entry.person)}</span>}
    </p>
  );
}

/** Everything that happened to a case, newest first, with the state of its chain. */
export function TimelineSection(props: { readonly view: CaseView }): ReactElement {
  const { timeline, chainUnbroken, outcome } = props.view;
  const now = useNow(60_000);
  const unscored = timeline.filter((entry) => partedSentence(entry).said !== '').length;
  return (
    <section className="section" aria-labelledby="case-timeline">
      <header>
        <h3 id="case-timeline">{text.case.timeline}</h3>
        <span className={`push small ${chainUnbroken ? 'muted' : 'fail'}`}>
          <span className="score-part">{text.case.chain(timeline.length, chainUnbroken)}</span>
          <span className="scoreless-part">{text.case.chainOf(unscored, timeline.length, chainUnbroken)}</span>
        </span>
      </header>
      <ol className="timeline">
        {outcome === null && (
          <li className="open">
            <time>{text.case.now}</time>
            <p>{text.case.noOutcome}</p>
          </li>
        )}
        {timeline.toReversed().map((entry) => (
          <li key={entry.id} className={entry.type === 'case.scored' ? 'score-part' : undefined}>
            <time dateTime={entry.at} title={instantText(entry.at)}>
              {momentText(entry.at, now)}
            </time>
            <Sentence entry={entry} />
          </li>
        ))}
      </ol>
    </section>
  );
}
