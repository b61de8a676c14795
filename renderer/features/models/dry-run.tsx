import type { ReactElement } from 'react';
import type { DryRun, ModelRow } from '../../../shared/contract/views.ts';
import { Button, Panel } from '../../components/controls.tsx';
import { VerdictSign } from '../../components/verdict.tsx';
import { scorePercent } from '../../format.ts';
import { hashOf } from '../../router.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';

const words = text.models;

interface Begun {
  readonly model: ModelRow;
  /** Milliseconds since the epoch. */
  readonly started: number;
}
export type DryRunState =
  | (Begun & { readonly phase: 'running' | 'cancelled' })
  | (Begun & { readonly phase: 'done'; readonly result: DryRun; readonly seconds: number });

function Running(props: { readonly started: number; readonly onCancel: () => void }): ReactElement {
  const now = useNow(1_000);
  return (
    <div className="progress">
      <span role="status">{words.dryRunning(Math.max(0, Math.floor((now - props.started) / 1000)))}</span>
      <Button onClick={props.onCancel}>{text.frame.cancel}</Button>
      <progress aria-label={words.dryRun} />
    </div>
  );
}

function Flips(props: { readonly result: DryRun }): ReactElement {
  return (
    <table className="table">
      <caption className="visually-hidden">{words.flips}</caption>
      <thead>
        <tr>
          <th scope="col">{words.case}</th>
          <th scope="col">{words.now}</th>
          <th scope="col" className="num">
            {words.scoreHead}
          </th>
          <th scope="col">{words.then}</th>
          <th scope="col" className="num">
            {words.scoreHead}
          </th>
          <th scope="col">{words.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {props.result.flips.map((flip) => (
          <tr key={flip.id}>
            <th scope="row">
              <a href={hashOf({ page: 'queue', id: flip.id, reading: true })}>{flip.reference}</a>
            </th>
            <td>
              <VerdictSign standing={flip.before?.verdict ?? 'none'} />
            </td>
            <td className="num">{flip.before === null ? '–' : `${scorePercent(flip.before.score)} %`}</td>
            <td>
              <VerdictSign standing={flip.after.verdict} />
            </td>
            <td className="num">{scorePercent(flip.after.score)} %</td>
            <td className={flip.outcome === null ? 'muted' : undefined}>
              {flip.outcome === null ? words.noOutcome : text.case.outcomes[flip.outcome].toLowerCase()}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A dry run: which open cases would move under another model. Nothing is changed by it. */
export function DryRunPanel(props: { readonly state: DryRunState; readonly onCancel: () => void }): ReactElement {
  const { state } = props;
  const done = state.phase === 'done' ? state : null;
  return (
    <Panel
      title={words.dryRunOf(words.name(state.model.name, state.model.version))}
      {...(done === null ? {} : { beside: words.dryRunRate(done.result.scored, done.seconds.toFixed(1)) })}
    >
      <div className="inner" role="status">
        {state.phase === 'running' && <Running started={state.started} onCancel={props.onCancel} />}
        {state.phase === 'cancelled' && <p>{words.dryRunCancelled}</p>}
        {done !== null && (
          <p>
            {done.result.flips.length === 0
              ? words.dryRunNone(done.result.scored)
              : words.dryRunDone(done.result.flips.length, done.result.scored)}
          </p>
        )}
      </div>
      {done !== null && done.result.flips.length > 0 && <Flips result={done.result} />}
    </Panel>
  );
}
