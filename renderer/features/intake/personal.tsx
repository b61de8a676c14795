import type { ReactElement } from 'react';
import { FieldError } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { needNames, type Need } from './draft.ts';
import { Block, type FieldsProps } from './fields-frame.tsx';

/** How to reach the resident without doing harm; none of it leaves the laptop. */
export function Reach(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  const { draft, set } = props;
  const toggle = (need: Need, on: boolean): void =>
    set({ needs: on ? [...draft.needs, need] : draft.needs.filter((one) => one !== need) });
  return (
    <Block id="b-reach" title={say('window_intake.reach')} beside={say('window_intake.reach_beside')}>
      <div className="field-grid">
        <label htmlFor="f-safe">{say('window_intake.safe_contact')}</label>
        <div className="field">
          <input
            className="input wide"
            id="f-safe"
            maxLength={500}
            value={draft.safeContact}
            onChange={(event) => set({ safeContact: event.target.value })}
          />
        </div>
        <span className="label" id="f-needs">
          {say('window_intake.needs')}
        </span>
        <div className="field" role="group" aria-labelledby="f-needs">
          <label className="check">
            <input type="checkbox" checked={draft.atRisk} onChange={(event) => set({ atRisk: event.target.checked })} />
            {say('window_intake.at_risk')}
          </label>
          {needNames.map((need) => (
            <label key={need} className="check">
              <input
                type="checkbox"
                checked={draft.needs.includes(need)}
                onChange={(event) => toggle(need, event.target.checked)}
              />
              {say(`window_intake.need_names_${need}`)}
            </label>
          ))}
        </div>
        <label htmlFor="f-resident">{say('window_intake.resident')}</label>
        <div className="field">
          <input
            className="input"
            id="f-resident"
            maxLength={200}
            autoComplete="off"
            value={draft.resident}
            onChange={(event) => set({ resident: event.target.value })}
          />
          <label htmlFor="f-contact">{say('window_intake.contact')}</label>
          <input
            className="input"
            id="f-contact"
            maxLength={200}
            autoComplete="off"
            value={draft.contact}
            onChange={(event) => set({ contact: event.target.value })}
          />
        </div>
      </div>
    </Block>
  );
}

/** When and where the complaint came in, and under which reference. */
export function Record(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  const { draft, set, problems, form } = props;
  const problem = problems['received'];
  return (
    <div className="field-grid">
      <label htmlFor="f-received">{say('window_intake.received')}</label>
      <div className="field">
        <input
          className="input"
          id="f-received"
          type="date"
          value={draft.received}
          disabled={props.editing}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={problem === undefined ? undefined : 'f-received-error'}
          onChange={(event) => set({ received: event.target.value })}
        />
        <label htmlFor="f-place">{say('window_intake.place')}</label>
        <input
          className="input"
          id="f-place"
          maxLength={100}
          autoComplete="off"
          value={draft.place}
          onChange={(event) => set({ place: event.target.value })}
        />
        <FieldError id="f-received-error" message={problem} />
      </div>
      <label htmlFor="f-reference">{say('window_intake.reference')}</label>
      <div className="field">
        <input
          className="input"
          id="f-reference"
          maxLength={60}
          autoComplete="off"
          value={draft.reference}
          aria-invalid={problems['reference'] !== undefined || undefined}
          aria-describedby="f-reference-error"
          onChange={(event) => set({ reference: event.target.value })}
        />
        {!props.editing && (
          <span className="muted small">{say('window_intake.reference_hint', { next: form.nextReference })}</span>
        )}
        <FieldError id="f-reference-error" message={problems['reference']} />
      </div>
    </div>
  );
}
