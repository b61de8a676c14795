import type { ReactElement } from 'react';
import { FieldError } from '../../components/controls.tsx';
import { text } from '../../strings.ts';
import type { Need } from './draft.ts';
import { Block, type FieldsProps } from './fields-frame.tsx';

const words = text.intake;

/** How to reach the resident without doing harm; none of it leaves the laptop. */
export function Reach(props: FieldsProps): ReactElement {
  const { draft, set } = props;
  const needs = Object.keys(words.needNames) as Need[];
  const toggle = (need: Need, on: boolean): void =>
    set({ needs: on ? [...draft.needs, need] : draft.needs.filter((one) => one !== need) });
  return (
    <Block id="b-reach" title={words.reach} beside={words.reachBeside}>
      <div className="field-grid">
        <label htmlFor="f-safe">{words.safeContact}</label>
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
          {words.needs}
        </span>
        <div className="field" role="group" aria-labelledby="f-needs">
          <label className="check">
            <input type="checkbox" checked={draft.atRisk} onChange={(event) => set({ atRisk: event.target.checked })} />
            {words.atRisk}
          </label>
          {needs.map((need) => (
            <label key={need} className="check">
              <input
                type="checkbox"
                checked={draft.needs.includes(need)}
                onChange={(event) => toggle(need, event.target.checked)}
              />
              {words.needNames[need]}
            </label>
          ))}
        </div>
        <label htmlFor="f-resident">{words.resident}</label>
        <div className="field">
          <input
            className="input"
            id="f-resident"
            maxLength={200}
            autoComplete="off"
            value={draft.resident}
            onChange={(event) => set({ resident: event.target.value })}
          />
          <label htmlFor="f-contact">{words.contact}</label>
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
  const { draft, set, problems, form } = props;
  const problem = problems['received'];
  return (
    <div className="field-grid">
      <label htmlFor="f-received">{words.received}</label>
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
        <label htmlFor="f-place">{words.place}</label>
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
      <label htmlFor="f-reference">{words.reference}</label>
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
        {!props.editing && <span className="muted small">{words.referenceHint(form.nextReference)}</span>}
        <FieldError id="f-reference-error" message={problems['reference']} />
      </div>
    </div>
  );
}
