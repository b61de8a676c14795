import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Sentence } from '../../shared/language/sentence.ts';

type Theme = 'system' | 'light' | 'dark';
export type Show = 'open' | 'mine' | 'done';
export const shows: readonly Show[] = ['open', 'mine', 'done'];

/** How this window is set up; theme, list width and rail are remembered, the rest lasts as long as the window. */
export interface View {
  readonly theme: Theme;
  /** Per cent of the width that the list takes, 35 to 70. */
  readonly listShare: number;
  readonly railFolded: boolean;
  /** Currency chosen last, offered first in the next intake. */
  readonly currency: string | null;
  readonly show: Show;
  readonly search: string;
  readonly palette: boolean;
  readonly help: boolean;
  /** Scroll offset of the queue in pixels, kept across pages. */
  readonly queueScroll: number;
  /** What went wrong with an action that has no place of its own to say so; shown in the strip. */
  readonly trouble: Sentence | null;
  /** Sentence for screen readers about the last action. */
  readonly announcement: Sentence | null;
  set(change: Partial<Omit<View, 'set'>>): void;
}

const remembered = ['theme', 'listShare', 'railFolded', 'currency'] as const;
const storageKey = 'outpost.view';

/** Per cent of the width that the list takes at first: at 1366 pixels two reasons of most cases fit. */
export const usualShare = 58;

/** Limits a list width to what leaves both panes readable. */
export function clampShare(share: number): number {
  return Math.min(70, Math.max(35, Math.round(share)));
}

function readStored(storage: Storage): unknown {
  try {
    return JSON.parse(storage.getItem(storageKey) ?? '{}');
  } catch {
    // Anybody can edit what a browser stores; how the window looked is not worth an error.
    return {};
  }
}

function readRemembered(storage: Storage): Partial<View> {
  const found = readStored(storage);
  if (typeof found !== 'object' || found === null) return {};
  const { theme, listShare, railFolded, currency } = found as Record<string, unknown>;
  return {
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    ...(typeof listShare === 'number' ? { listShare: clampShare(listShare) } : {}),
    ...(typeof railFolded === 'boolean' ? { railFolded } : {}),
    ...(typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { currency } : {}),
  };
}

/** Creates the store of the window's own state over a storage for what is remembered. */
export function createView(storage: Storage): StoreApi<View> {
  return createStore<View>((set, get) => ({
    theme: 'system',
    listShare: usualShare,
    railFolded: false,
    currency: null,
    show: 'open',
    search: '',
    palette: false,
    help: false,
    queueScroll: 0,
    trouble: null,
    announcement: null,
    ...readRemembered(storage),
    set(change) {
      set(change);
      if (remembered.some((name) => name in change)) {
        const view = get();
        storage.setItem(storageKey, JSON.stringify(Object.fromEntries(remembered.map((name) => [name, view[name]]))));
      }
    },
  }));
}
