import type { ReactElement } from 'react';
import { Segmented } from '../../components/controls.tsx';
import { durationText } from '../../format.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';
import { recallDeadline, type Draft } from './draft.ts';

const words = text.intake;

function timeText(instant: number): string {
  return new Date(instant).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function Recall(props: { readonly draft: Draft; readonly set: (change: Partial<Draft>) => void }): ReactElement {
  const now = useNow(15_000);
  const { paidAt } = props.draft;
  const deadline = recallDeadline(paidAt, now);
  const over = deadline !== null && deadline.left === 0;
  return (
    <li>
      <b>{deadline === null || over ? words.recall : words.recallBy(timeText(deadline.until))}</b>
      {deadline === null
        ? words.recallMore
        : over
          ? words.recallOver(paidAt)
          : words.recallLeft(durationText(deadline.left), paidAt)}
      <label className="paid-at">
        {words.paidAt}
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
  const { urgent } = props.draft;
  return (
    <section className={urgent === 'yes' ? 'urgent-box yes' : 'urgent-box'} aria-labelledby="urgent-question">
      <fieldset aria-labelledby="urgent-question">
        <h2 id="urgent-question">{words.urgent}</h2>
        <Segmented
          name="urgent"
          labelledBy="urgent-question"
          value={urgent}
          onChange={(value) => props.set({ urgent: value })}
          choices={[
            { value: 'yes', label: words.yes },
            { value: 'no', label: words.no },
            { value: 'unknown', label: words.unknown, quiet: true },
          ]}
        />
      </fieldset>
      {urgent === 'yes' && (
        <ol className="steps" aria-label={words.steps}>
          <li>
            <b>{words.disconnect}</b>
            {words.disconnectMore}
          </li>
          <li>
            <b>{words.callBank}</b>
            {words.callBankMore}
          </li>
          <Recall {...props} />
        </ol>
      )}
    </section>
  );
}
