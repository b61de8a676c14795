import { useEffect, useRef, type ReactElement } from 'react';
import type { DryRun, ModelRow } from '../../../shared/contract/views.ts';
import { Button, Panel } from '../../components/controls.tsx';
import { VerdictSign } from '../../components/verdict.tsx';
import { scoreText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { hashOf } from '../../hooks/router.ts';
import { useNow } from '../../hooks/services.ts';

interface Begun {
  readonly model: ModelRow;
  /** Milliseconds since the epoch. */
  readonly started: number;
}
export type DryRunState =
  | (Begun & { readonly phase: 'running' | 'cancelled' })
  | (Begun & { readonly phase: 'done'; readonly result: DryRun; readonly seconds: number });

function Running(props: { readonly started: number; readonly onCancel: () => void }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(1_000);
  return (
    <div className="progress">
      <span role="status">
        {say('window_models.dry_running', { seconds: Math.max(0, Math.floor((now - props.started) / 1000)) })}
      </span>
      <Button onClick={props.onCancel}>{say('window_frame.cancel')}</Button>
      <progress aria-label={say('window_models.dry_run')} />
    </div>
  );
}

function Flips(props: { readonly result: DryRun }): ReactElement {
  const { say } = useLanguage();
  return (
    <table className="table">
      <caption className="visually-hidden">{say('window_models.flips')}</caption>
      <thead>
        <tr>
          <th scope="col">{say('window_models.case')}</th>
          <th scope="col">{say('window_models.now')}</th>
          <th scope="col" className="num">
            {say('window_models.score_head')}
          </th>
          <th scope="col">{say('window_models.then')}</th>
          <th scope="col" className="num">
            {say('window_models.score_head')}
          </th>
          <th scope="col">{say('window_models.outcome')}</th>
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
            <td className="num">{flip.before === null ? '–' : say(scoreText(flip.before.score))}</td>
            <td>
              <VerdictSign standing={flip.after.outside ? 'outside' : flip.after.verdict} />
            </td>
            <td className="num">{say(scoreText(flip.after.score))}</td>
            <td className={flip.outcome === null ? 'muted' : undefined}>
              {flip.outcome === null
                ? say('window_models.no_outcome')
                : say('window_models.outcome_recorded', { outcome: flip.outcome })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A dry run: which open cases would move under another model. Nothing is changed by it. */
export function DryRunPanel(props: { readonly state: DryRunState; readonly onCancel: () => void }): ReactElement {
  const { say } = useLanguage();
  const { state } = props;
  const done = state.phase === 'done' ? state : null;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It stands below the models: what was asked for, and what came of it, is brought to where it can be read.
    // By the page itself: the browser would move the frame around it too.
    const pane = box.current?.closest('.pane');
    const top = box.current?.getBoundingClientRect().top ?? 0;
    pane?.scrollBy(0, top - pane.getBoundingClientRect().top - 16);
  }, [state.phase, state.started]);
  return (
    <div ref={box}>
      <Panel
        title={say('window_models.dry_run_of', {
          name: say('window_models.name', { name: state.model.name, version: state.model.version }),
        })}
        {...(done === null
          ? {}
          : {
              beside: say('window_models.dry_run_rate', { scored: done.result.scored, seconds: done.seconds }),
            })}
      >
        <div className="inner" role="status">
          {state.phase === 'running' && <Running started={state.started} onCancel={props.onCancel} />}
          {state.phase === 'cancelled' && <p>{say('window_models.dry_run_cancelled')}</p>}
          {done !== null && (
            <p>
              {done.result.flips.length === 0
                ? say('window_models.dry_run_none', { scored: done.result.scored })
                : say('window_models.dry_run_done', { flips: done.result.flips.length, scored: done.result.scored })}
            </p>
          )}
        </div>
        {done !== null && done.result.flips.length > 0 && <Flips result={done.result} />}
      </Panel>
    </div>
  );
}
