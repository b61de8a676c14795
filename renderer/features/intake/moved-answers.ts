import type { KeptDraft } from '../../../shared/contract/drafts.ts';
import { sentence, type Text } from '../../../shared/language/sentence.ts';
import type { Draft } from './draft.ts';

/** An answer that no form since asks in the same meaning: what was asked, and what was entered. */
interface LeftAnswer {
  readonly label: Text;
  readonly entry: Text;
}

/** What `keptContentSchema` reads; `left` is what a form of earlier on asked and none since. */
export interface KeptContent {
  readonly draft: Draft;
  readonly original: Draft;
  readonly id?: string | undefined;
  readonly left: readonly LeftAnswer[];
}

type Asked = NonNullable<KeptDraft['asked']>;
type Typed = Readonly<Record<string, string>>;

/** Entries under the names of today; those of questions that are not asked any more are left out. */
function renamed(typed: Typed, asked: Asked): Typed {
  return Object.fromEntries(
    Object.entries(typed).flatMap(([name, entry]): [string, string][] => {
      const to = Object.hasOwn(asked, name) ? asked[name]!.now : name;
      return to === null ? [] : [[to, entry]];
    }),
  );
}

function moved(draft: Draft, asked: Asked): Draft {
  const { entries, currencies } = draft;
  return { ...draft, entries: renamed(entries, asked), currencies: renamed(currencies, asked) };
}

function entryText(entry: string, currency: string | undefined): Text {
  if (entry === 'yes' || entry === 'no') return sentence(`window_intake.${entry}`);
  return currency === undefined ? entry : `${entry} ${currency}`;
}

/**
 * A draft that was written in another form, for that of today: answers to what is still asked in the same meaning stand
 * under the names of today, the others a person gave are kept beside.
 */
export function movedAnswers(content: KeptContent, asked: KeptDraft['asked']): KeptContent {
  if (asked === null) return content;
  const { draft, original } = content;
  const left = Object.entries(asked).flatMap(([name, { label, now }]) => {
    const entry = draft.entries[name] ?? '';
    const isGiven = !['', 'unknown', original.entries[name]].includes(entry);
    return now === null && isGiven ? [{ label, entry: entryText(entry, draft.currencies[name]) }] : [];
  });
  return { ...content, draft: moved(draft, asked), original: moved(original, asked), left: [...content.left, ...left] };
}
