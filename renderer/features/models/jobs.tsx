import type { ReactElement } from 'react';
import type { JobRow } from '../../../shared/contract/views.ts';
import { inTurn, sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { Panel } from '../../components/controls.tsx';
import { instantText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';

function failedText({ failed, givenUp, nextTry }: JobRow): Sentence {
  const open = failed - givenUp;
  return inTurn([
    ...(open > 0 && nextTry !== null
      ? [sentence('window_models.job_put_off', { count: open, when: instantText(nextTry) })]
      : []),
    ...(givenUp > 0 ? [sentence('window_models.job_given_up', { count: givenUp })] : []),
  ]);
}

/** Background work that is open: what goes on by itself, and at how many cases it failed. Nothing when all is done. */
export function JobsPanel(props: { readonly jobs: readonly JobRow[] }): ReactElement | null {
  const { say } = useLanguage();
  if (props.jobs.length === 0) return null;
  return (
    <Panel title={say('window_models.jobs')}>
      <ul className="inner">
        {props.jobs.map((job) => (
          <li key={job.kind}>
            {say(`window_models.job_open_${job.kind}`, { count: job.open })}{' '}
            {job.failed > 0 && <span className="near">{say(failedText(job))}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
