import type { ReactElement } from 'react';
import { Segmented } from '../../components/controls.tsx';
import { durationText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';
import { recallDeadline, type Draft } from './draft.ts';

function Recall(props: { readonly draft: Draft; readonly set: (change: Partial<Draft>) => void }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(15_000);
  const { paidAt } = props.draft;
  const deadline = recallDeadline(paidAt, now);
  const over = deadline !== null && deadline.left === 0;
  return (
    <li>
      <b>
        {deadline === null || over
          ? say('window_intake.recall')
          : say('window_intake.recall_by', { at: new Date(deadline.until).toISOString() })}
      </b>
      {deadline === null
        ? say('window_intake.recall_more')
        : over
          ? say('window_intake.recall_over', { paid: paidAt })
          : say('window_intake.recall_left', { left: durationText(deadline.left), paid: paidAt })}
      <label className="paid-at">
        {say('window_intake.paid_at')}
        <input
          className="input"
          type="time"
          value={paidAt}
          onChange={(event) => props.set({ paidAt: event.target.value })}
        />
      </label>
    </li>
  );
}

/** The first question of every intake. Yes shows what to do at once; it stands above every score. */
export function UrgentBox(props: {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
}): ReactElement {
  const { say } = useLanguage();
  const { urgent } = props.draft;
  return (
    <section className={urgent === 'yes' ? 'urgent-box yes' : 'urgent-box'} aria-labelledby="urgent-question">
      <fieldset aria-labelledby="urgent-question">
        <h2 id="urgent-question">{say('window_intake.urgent')}</h2>
        <Segmented
          name="urgent"
          labelledBy="urgent-question"
          value={urgent}
          onChange={(value) => props.set({ urgent: value })}
          choices={[
            { value: 'yes', label: say('window_intake.yes') },
            { value: 'no', label: say('window_intake.no') },
            { value: 'unknown', label: say('window_intake.unknown'), quiet: true },
          ]}
        />
      </fieldset>
      {urgent === 'yes' && (
        <ol className="steps" aria-label={say('window_intake.steps')}>
          <li>
            <b>{say('window_intake.disconnect')}</b>
            {say('window_intake.disconnect_more')}
          </li>
          <li>
            <b>{say('window_intake.call_bank')}</b>
            {say('window_intake.call_bank_more')}
          </li>
          <Recall {...props} />
        </ol>
      )}
    </section>
  );
}
