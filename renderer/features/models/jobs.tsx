import type { ReactElement } from 'react';
import type { JobRow } from '../../../shared/contract/views.ts';
import { Panel } from '../../components/controls.tsx';
import { instantText } from '../../format.ts';
import { text } from '../../strings.ts';

const words = text.models;

function failedText({ failed, givenUp, nextTry }: JobRow): string {
  const open = failed - givenUp;
  const parts = [
    open > 0 && nextTry !== null ? words.jobPutOff(open, instantText(nextTry)) : '',
    givenUp > 0 ? words.jobGivenUp(givenUp) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Background work that is open: what goes on by itself, and at how many cases it failed. Nothing when all is done. */
export function JobsPanel(props: { readonly jobs: readonly JobRow[] }): ReactElement | null {
  if (props.jobs.length === 0) return null;
  return (
    <Panel title={words.jobs}>
      <ul className="inner">
        {props.jobs.map((job) => (
          <li key={job.kind}>
            {words.jobOpen[job.kind](job.open)} {job.failed > 0 && <span className="near">{failedText(job)}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
