import type { ReactElement } from 'react';
import { LabelledRow } from '../../components/labelled-row.tsx';
import { useLanguage } from '../../language/language.ts';
import { needNames, type Need } from './draft.ts';
import { Block, type FieldsProps } from './fields-frame.tsx';

/** What the resident needs, as boxes to tick. */
function Needs(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  const { draft, set } = props;
  const toggle = (need: Need, on: boolean): void =>
    set({ needs: on ? [...draft.needs, need] : draft.needs.filter((one) => one !== need) });
  return (
    <LabelledRow look="form" id="f-needs" group label={say('window_intake.needs')}>
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
    </LabelledRow>
  );
}

/** How to reach the resident without doing harm; none of it leaves the laptop. */
export function Reach(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  const { draft, set } = props;
  return (
    <Block id="b-reach" title={say('window_intake.reach')} beside={say('window_intake.reach_beside')}>
      <div className="field-grid">
        <LabelledRow look="form" id="f-safe" label={say('window_intake.safe_contact')}>
          {(described) => (
            <input
              {...described}
              className="input wide"
              maxLength={500}
              value={draft.safeContact}
              onChange={(event) => set({ safeContact: event.target.value })}
            />
          )}
        </LabelledRow>
        <Needs {...props} />
        <LabelledRow look="form" id="f-resident" label={say('window_intake.resident')}>
          {(described) => (
            <>
              <input
                {...described}
                className="input"
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
            </>
          )}
        </LabelledRow>
      </div>
    </Block>
  );
}

/** When and where the complaint came in, and under which reference. */
export function Record(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  const { draft, set, problems, form } = props;
  const hint = props.editing ? undefined : say('window_intake.reference_hint', { next: form.nextReference });
  return (
    <div className="field-grid">
      <LabelledRow look="form" id="f-received" label={say('window_intake.received')} error={problems['received']}>
        {(described) => (
          <>
            <input
              {...described}
              className="input"
              type="date"
              value={draft.received}
              disabled={props.editing}
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
          </>
        )}
      </LabelledRow>
      <LabelledRow
        look="form"
        id="f-reference"
        label={say('window_intake.reference')}
        hint={hint}
        error={problems['reference']}
      >
        {(described) => (
          <input
            {...described}
            className="input"
            maxLength={60}
            autoComplete="off"
            value={draft.reference}
            onChange={(event) => set({ reference: event.target.value })}
          />
        )}
      </LabelledRow>
    </div>
  );
}
