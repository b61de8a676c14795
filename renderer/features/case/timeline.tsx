import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { instantText, momentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';
import { PrintedText } from './report.tsx';

type Entry = CaseView['timeline'][number];

function Sentence(props: { readonly entry: Entry }): ReactElement {
  const { say } = useLanguage();
  const { sentence, score } = props.entry;
  return (
    <p>
      {sentence !== null && say(sentence)} {score !== null && <span className="score-part">{say(score)} </span>}
      {props.entry.person !== null && (
        <span className="muted personal">{say('window_case.by', { person: props.entry.person })}</span>
      )}
    </p>
  );
}

/** Everything that happened to a case, newest first, with the state of its chain. */
export function TimelineSection(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { timeline, chainUnbroken, outcome } = props.view;
  const now = useNow(60_000);
  const unscored = timeline.filter((entry) => entry.sentence !== null).length;
  return (
    <section className="section" aria-labelledby="case-timeline">
      <header>
        <h3 id="case-timeline">{say('window_case.timeline')}</h3>
        <span className={`push small ${chainUnbroken ? 'muted' : 'fail'}`}>
          <span className="score-part">
            {say('window_case.chain', { entries: timeline.length, unbroken: chainUnbroken })}
          </span>
          <span className="scoreless-part">
            {say('window_case.chain_of', { shown: unscored, entries: timeline.length, unbroken: chainUnbroken })}
          </span>
        </span>
      </header>
      <ol className="timeline">
        {outcome === null && (
          <li className="open">
            <time className="no-print">{say('window_case.now')}</time>
            <p>{say('window_case.no_outcome')}</p>
          </li>
        )}
        {timeline.toReversed().map((entry) => (
          <li key={entry.id} className={entry.sentence === null ? 'score-part' : undefined}>
            <time dateTime={entry.at} title={say(instantText(entry.at))}>
              <PrintedText screen={say(momentText(entry.at, now))} paper={say(instantText(entry.at))} />
            </time>
            <Sentence entry={entry} />
          </li>
        ))}
      </ol>
    </section>
  );
}
