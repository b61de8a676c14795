/** What a key, or a sequence of two, asks for. */
export type Command =
  | { readonly do: 'move'; readonly by: 1 | -1 }
  | { readonly do: 'go'; readonly page: 'queue' | 'new' | 'import' | 'monitor' | 'models' | 'sync' | 'settings' }
  | { readonly do: 'outcome'; readonly outcome: 'confirmed_scam' | 'genuine_provider' | 'inconclusive' }
  | { readonly do: 'open' | 'back' | 'search' | 'filter' | 'facts' | 'palette' | 'help' };

export interface Key {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** True while a field takes text: then only Ctrl+K and Escape are commands. */
  readonly typing: boolean;
  /** True when a button, link or other control has the focus, which takes Enter for itself. */
  readonly onControl: boolean;
}

const pages = {
  q: 'queue',
  n: 'new',
  i: 'import',
  m: 'monitor',
  o: 'models',
  s: 'sync',
  y: 'sync',
  e: 'settings',
} as const;
const outcomes = { s: 'confirmed_scam', g: 'genuine_provider', i: 'inconclusive' } as const;
const single: Readonly<Record<string, Command>> = {
  j: { do: 'move', by: 1 },
  k: { do: 'move', by: -1 },
  n: { do: 'go', page: 'new' },
  '/': { do: 'search' },
  f: { do: 'filter' },
  v: { do: 'facts' },
  '?': { do: 'help' },
};

/** Milliseconds within which the second key of a sequence must follow. */
export const sequenceLimit = 1500;

function second(first: string, key: string): Command | null {
  if (first === 'g' && key in pages) return { do: 'go', page: pages[key as keyof typeof pages] };
  if (first === 'o' && key in outcomes) return { do: 'outcome', outcome: outcomes[key as keyof typeof outcomes] };
  return null;
}

/** Creates a reader of key presses that remembers the first key of a sequence; `clock` gives milliseconds. */
export function createKeyReader(clock: () => number): (key: Key) => Command | null {
  let first: { key: string; at: number } | null = null;
  return (key) => {
    if (key.ctrl && key.key.toLowerCase() === 'k') return { do: 'palette' };
    if (key.key === 'Escape') return { do: 'back' };
    if (key.typing || key.ctrl || key.alt) return null;
    const before = first !== null && clock() - first.at <= sequenceLimit ? first.key : null;
    first = null;
    if (before !== null) {
      const command = second(before, key.key);
      if (command !== null) return command;
    }
    if (key.key === 'g' || key.key === 'o') {
      first = { key: key.key, at: clock() };
      return null;
    }
    if (key.key === 'Enter') return key.onControl ? null : { do: 'open' };
    return single[key.key] ?? null;
  };
}

/** True for a list that leaves letters to the window instead of choosing by them. */
export function takesNoLetters(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset['letters'] === 'window';
}

/** Describes a keyboard event of the window for the reader. */
export function keyOf(event: KeyboardEvent): Key {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const field = target?.closest(['input', 'textarea', 'select', '[contenteditable]'].join()) ?? null;
  const choice = field instanceof HTMLInputElement && ['radio', 'checkbox', 'file'].includes(field.type);
  return {
    key: event.key,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    typing: field !== null && !choice && !takesNoLetters(target),
    onControl: field !== null || target?.closest(['button', 'a', '[role="separator"]', 'summary'].join()) !== null,
  };
}
