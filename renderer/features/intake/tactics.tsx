import { useMemo, type ReactElement } from 'react';
import {
  normaliseTactic,
  tacticsGiven,
  tacticText,
  tagText,
  type GivenTactic,
} from '../../../shared/domain/tactics.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import type { Client } from '../../transport/client.ts';
import { Button } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { LabelledRow } from '../../components/labelled-row.tsx';
import { Mark } from '../../components/verdict.tsx';
import { useLanguage } from '../../language/language.ts';
import { useReading, useServices, useSettled } from '../../hooks/services.ts';
import { withTactic, type Draft } from './draft.ts';
import { isPlainEnter } from './enter.ts';
import type { FormData } from './fields-frame.tsx';
import { spellingsOf } from '../../language/spellings.ts';

/** Suggested tags that are not chosen yet, the most frequent first; tactics that are features come before others. */
function suggestionsFor(form: FormData, chosen: readonly string[], limit: number): string[] {
  const synonyms = spellingsOf(form, chosen);
  const taken = new Set(chosen.map((tactic) => normaliseTactic(tactic, synonyms)));
  const features = form.schema.attributes.flatMap((attribute) => (attribute.kind === 'tactic' ? [attribute.tag] : []));
  const counted = form.tactics.toSorted((a, b) => b.cases - a.cases).map((tactic) => tactic.tag);
  return [...new Set([...features, ...counted].map((tag) => normaliseTactic(tag, synonyms)))]
    .filter((tag) => !taken.has(tag))
    .slice(0, limit);
}

function Preview(props: { readonly draft: Draft }): ReactElement | null {
  const { say } = useLanguage();
  const { client } = useServices();
  const { tactics, resident, contact, place, reference, safeContact } = props.draft;
  const about = useSettled([resident, contact, place, reference, safeContact].join('\n'), 400);
  const preview = useReading(tactics.length === 0 ? null : `tactics/${tactics.join('\n')}/${about}`, ['models'], () =>
    client.intake.previewTactics({
      tactics: [...tactics],
      about: { resident, contact, place, reference, safeContact },
    }),
  ).data;
  // Spellings of one tactic are named once.
  const byTag = new Map((preview ?? []).map((entry) => [entry.leaves ? entry.tag : entry.given, entry]));
  const notable = [...byTag.values()].filter((entry) => !entry.leaves || !entry.seenByModel);
  if (tactics.length === 0 || notable.length === 0) return null;
  return (
    <ul className="leaves">
      {notable.map((entry) => (
        <li key={entry.given}>
          {say('window_intake.tactic_state', {
            tactic: tagText(entry.given),
            state: stateOf(entry),
            seen: entry.seenByModel,
          })}
        </li>
      ))}
    </ul>
  );
}

function stateOf(entry: Awaited<ReturnType<Client['intake']['previewTactics']>>[number]): Sentence {
  return entry.why === null
    ? sentence('window_intake.leaves', { tag: entry.tag })
    : sentence('window_intake.stays', { why: sentence(`window_intake.why_${entry.why}`) });
}

function ChosenChip(props: {
  readonly tactic: GivenTactic;
  readonly outside: boolean;
  readonly onRemove: () => void;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <button
      type="button"
      className={props.outside ? 'chip outside' : 'chip on'}
      aria-pressed="true"
      title={say('window_intake.tactic_on', { name: tacticText(props.tactic) })}
      onClick={props.onRemove}
    >
      {props.outside && <Mark standing="outside" />}
      <span>{tacticText(props.tactic)}</span>
    </button>
  );
}

/** Tactics as chips: chosen ones (dashed where the model cannot see them), suggestions, and free text. */
export function TacticField(props: {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly form: FormData;
}): ReactElement {
  const { say } = useLanguage();
  const { draft, set, form } = props;
  const typed = draft.tactic;
  const understood = new Set(form.schema.understoodTactics);
  const { synonyms } = form.schema;
  const spellings = useMemo(() => spellingsOf(form, draft.tactics), [form, draft.tactics]);
  const add = (tactic: string): void => {
    set({ tactics: withTactic(draft.tactics, tactic, synonyms), tactic: tactic === typed ? '' : typed });
  };
  return (
    <LabelledRow look="form" id="f-tactics" group label={say('window_intake.tactics')}>
      <span className="chips">
        {tacticsGiven(draft.tactics, spellings).map((tactic) => (
          <ChosenChip
            key={tactic.tag}
            tactic={tactic}
            outside={!understood.has(tactic.tag)}
            onRemove={() => set({ tactics: draft.tactics.filter((one) => !tactic.spellings.includes(one)) })}
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
        aria-label={say('window_intake.add_tactic')}
        placeholder={say('window_intake.tactic_placeholder')}
        maxLength={200}
        autoComplete="off"
        value={typed}
        onChange={(event) => set({ tactic: event.target.value })}
        onKeyDown={(event) => {
          if (!isPlainEnter(event) || typed.trim() === '') return;
          event.preventDefault();
          add(typed);
        }}
      />
      <Button off={typed.trim() === ''} onClick={() => add(typed)}>
        {say('window_intake.add')}
      </Button>
      <Preview draft={draft} />
    </LabelledRow>
  );
}
