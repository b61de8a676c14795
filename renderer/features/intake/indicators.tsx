import type { ReactElement } from 'react';
import { flushSync } from 'react-dom';
import type { IndicatorHit } from '../../../shared/contract/views.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { FieldError } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { LabelledRow } from '../../components/labelled-row.tsx';
import { useLanguage } from '../../language/language.ts';
import { useReading, useServices, useSettled } from '../../hooks/services.ts';
import type { Draft, Kind, Problems } from './draft.ts';
import { isPlainEnter } from './enter.ts';

/** What is known about an indicator as it is typed: asked for a moment after the last key. */
export function useSightings(kind: Kind, typed: string): IndicatorHit | null {
  const { client } = useServices();
  const value = useSettled(typed.trim(), 250);
  const reading = useReading(value === '' ? null : `indicator/${kind}/${value}`, ['cases'], () =>
    client.intake.checkIndicator({ kind, value }),
  );
  return reading.data ?? null;
}

function Found(props: { readonly kind: Kind; readonly value: string; readonly id: string }): ReactElement {
  const { say } = useLanguage();
  const hit = useSightings(props.kind, props.value);
  const empty = props.value.trim() === '' || hit === null;
  return (
    <span
      className={hit !== null && hit.cases > 0 ? 'found' : 'found muted'}
      id={props.id}
      role="status"
      title={say('window_intake.spoofed')}
    >
      {!empty && hit.cases === 0 && say('window_intake.not_seen')}
      {!empty && hit.cases > 0 && (
        <>
          <Icon name="link" />
          {say(`window_intake.seen_here_${props.kind}`)}{' '}
          <b>{say('window_case.sighting', { cases: hit.cases, confirmed: hit.confirmed, offices: hit.offices })}</b>
        </>
      )}
    </span>
  );
}

/** Inputs for one kind of indicator; another appears on request. */
export function IndicatorFields(props: {
  readonly kind: Kind;
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly problems: Problems;
}): ReactElement {
  const { say } = useLanguage();
  const { kind, draft, set, problems } = props;
  const values = draft.indicators[kind];
  const put = (next: readonly string[]): void => set({ indicators: { ...draft.indicators, [kind]: next } });
  const addable = (index: number): boolean =>
    index === values.length - 1 && values[index]?.trim() !== '' && values.length < 10;
  const add = (): void => {
    // Drawn at once: the next key is for the new entry already.
    flushSync(() => put([...values, '']));
    document.getElementById(`f-${kind}-${values.length}`)?.focus();
  };
  return (
    <LabelledRow look="form" id={`f-${kind}-0`} label={say(`window_intake.indicators_${kind}`)}>
      <div className="stack">
        {values.map((value, index) => (
          // Entries have no identity but their place, and are only ever added at the end.
          <div key={index} className="field">
            <input
              className="input mono"
              id={`f-${kind}-${index}`}
              aria-label={
                index === 0
                  ? undefined
                  : say('window_intake.further_indicator', {
                      kind: sentence(`window_intake.indicators_${kind}`),
                      at: index + 1,
                    })
              }
              aria-invalid={problems[`${kind}.${index}`] !== undefined || undefined}
              aria-describedby={[`f-${kind}-${index}-found`, `f-${kind}-${index}-error`].join(' ')}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              value={value}
              onChange={(event) => put(values.with(index, event.target.value))}
              onKeyDown={(event) => {
                if (!isPlainEnter(event) || !addable(index)) return;
                event.preventDefault();
                add();
              }}
            />
            <Found kind={kind} value={value} id={`f-${kind}-${index}-found`} />
            <FieldError id={`f-${kind}-${index}-error`} message={problems[`${kind}.${index}`]} />
            {addable(index) && (
              <button type="button" className="link small" onClick={add}>
                {say('window_intake.add_another')}
              </button>
            )}
          </div>
        ))}
      </div>
    </LabelledRow>
  );
}
