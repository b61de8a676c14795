import type { ReactElement } from 'react';
import { normaliseTactic, tagText } from '../../../shared/domain/tactics.ts';
import { Button } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { Mark } from '../../components/verdict.tsx';
import { useReading, useServices, useSettled } from '../../services.ts';
import { text } from '../../strings.ts';
import { withTactic, type Draft } from './draft.ts';
import type { FormData } from './fields-frame.tsx';

const words = text.intake;

/** Suggested tags that are not chosen yet, the most frequent first; tactics that are features come before others. */
export function suggestionsFor(form: FormData, chosen: readonly string[], limit: number): string[] {
  const { synonyms } = form.schema;
  const taken = new Set(chosen.map((tactic) => normaliseTactic(tactic, synonyms)));
  const features = form.schema.attributes.flatMap((attribute) => (attribute.kind === 'tactic' ? [attribute.tag] : []));
  const counted = form.tactics.toSorted((a, b) => b.cases - a.cases).map((tactic) => tactic.tag);
  return [...new Set([...features, ...counted])].filter((tag) => !taken.has(tag)).slice(0, limit);
}

function Preview(props: { readonly draft: Draft }): ReactElement | null {
  const { client } = useServices();
  const { tactics, resident, contact, place, reference, safeContact } = props.draft;
  const about = useSettled([resident, contact, place, reference, safeContact].join('\n'), 400);
  const preview = useReading(tactics.length === 0 ? null : `tactics/${tactics.join('\n')}/${about}`, ['models'], () =>
    client.intake.previewTactics({
      tactics: [...tactics],
      about: { resident, contact, place, reference, safeContact },
    }),
  ).data;
  const telling = (preview ?? []).filter((entry) => !entry.leaves || !entry.seenByModel);
  if (tactics.length === 0 || telling.length === 0) return null;
  return (
    <ul className="leaves">
      {telling.map((entry) => (
        <li key={entry.given}>
          {tagText(entry.given)}:{' '}
          {entry.leaves ? words.leaves(entry.tag) : words.stays(words.why[entry.why ?? ''] ?? entry.why ?? '')}
          {!entry.seenByModel && `; ${words.unseen}`}
        </li>
      ))}
    </ul>
  );
}

function ChosenChip(props: {
  readonly tactic: string;
  readonly outside: boolean;
  readonly onRemove: () => void;
}): ReactElement {
  return (
    <button
      type="button"
      className={props.outside ? 'chip outside' : 'chip on'}
      aria-pressed="true"
      title={words.tacticOn(tagText(props.tactic))}
      onClick={props.onRemove}
    >
      {props.outside && <Mark standing="outside" />}
      <span>{tagText(props.tactic)}</span>
    </button>
  );
}

/** Tactics as chips: chosen ones (dashed where the model cannot see them), suggestions, and free text. */
export function TacticField(props: {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly form: FormData;
}): ReactElement {
  const { draft, set, form } = props;
  const typed = draft.tactic;
  const understood = new Set(form.schema.understoodTactics);
  const isOutside = (tactic: string): boolean => !understood.has(normaliseTactic(tactic, form.schema.synonyms));
  const add = (tactic: string): void => {
    set({ tactics: withTactic(draft.tactics, tactic), tactic: tactic === typed ? '' : typed });
  };
  return (
    <>
      <span className="label" id="f-tactics">
        {words.tactics}
      </span>
      <div className="field" role="group" aria-labelledby="f-tactics">
        <span className="chips">
          {draft.tactics.map((tactic) => (
            <ChosenChip
              key={tactic}
              tactic={tactic}
              outside={isOutside(tactic)}
              onRemove={() => set({ tactics: draft.tactics.filter((one) => one !== tactic) })}
            />
          ))}
          {suggestionsFor(form, draft.tactics, 8).map((tag) => (
            <button
              key={tag}
              type="button"
              className="chip suggested"
              aria-pressed="false"
              onClick={() => add(tagText(tag))}
            >
              <Icon name="plus" />
              <span>{tagText(tag)}</span>
            </button>
          ))}
        </span>
        <input
          className="input"
          aria-label={words.addTactic}
          placeholder={words.tacticPlaceholder}
          maxLength={200}
          autoComplete="off"
          value={typed}
          onChange={(event) => set({ tactic: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add(typed);
          }}
        />
        <Button off={typed.trim() === ''} onClick={() => add(typed)}>
          {words.add}
        </Button>
        <Preview draft={draft} />
      </div>
    </>
  );
}
