import { sentence } from '../../shared/language/sentence.ts';
import type { IconName } from '../components/icon.tsx';
import type { Say } from '../language/language.ts';
import { go, type Route } from './router.ts';
import { attempt, lockVault, type Services } from './services.ts';
import { shows } from '../stores/view.ts';

/** One thing that can be done from the command palette. */
export interface Action {
  readonly label: string;
  readonly icon: IconName;
  readonly keys?: readonly string[];
  readonly act: () => void;
}

/** Custom window events by which the palette and keys reach the case that is open. */
export const caseEvent = 'outpost:case';
export type CaseRequest =
  | 'edit'
  | 'print'
  | 'print-score'
  | 'erase'
  | 'facts'
  | 'confirmed_scam'
  | 'genuine_provider'
  | 'inconclusive';

/** Asks the open case to do something; nothing happens when none is open. */
export function askCase(request: CaseRequest): void {
  window.dispatchEvent(new CustomEvent<CaseRequest>(caseEvent, { detail: request }));
}

/** Window event by which keys move the selection of the queue; `detail` is 1 or -1. */
export const moveEvent = 'outpost:move';

/** Gives the focus to the list, or in a window that shows one at a time to the case. */
export function focusList(): void {
  const list = document.querySelector<HTMLElement>('.queue-scroll');
  list?.focus();
  if (list === null || document.activeElement !== list) document.querySelector<HTMLElement>('.case .pane')?.focus();
}

/** Moves from a case that is going away to its neighbour in the list: the next one, else the one before, else none. */
export function leaveCase(): void {
  const before = window.location.hash;
  for (const by of [1, -1]) {
    window.dispatchEvent(new CustomEvent(moveEvent, { detail: by }));
    if (window.location.hash !== before) return;
  }
  go({ page: 'queue', id: null, reading: false }, { replace: true });
}

const pageKeys = {
  queue: ['g', 'q'],
  new: ['n'],
  import: ['g', 'i'],
  monitor: ['g', 'm'],
  models: ['g', 'o'],
  sync: ['g', 'y'],
  settings: ['g', 'e'],
} as const;

function pageActions(say: Say): Action[] {
  return (Object.keys(pageKeys) as (keyof typeof pageKeys)[]).map((page) => ({
    label: say('window_frame.go_to', { page: sentence(`window_frame.pages_${page}`) }),
    icon: page,
    keys: pageKeys[page],
    act: () => go(page === 'queue' ? { page, id: null, reading: false } : { page }),
  }));
}

function caseActions(say: Say): Action[] {
  return [
    {
      label: say('window_case.outcomes_confirmed_scam'),
      icon: 'check',
      keys: ['o', 's'],
      act: () => askCase('confirmed_scam'),
    },
    {
      label: say('window_case.outcomes_genuine_provider'),
      icon: 'check',
      keys: ['o', 'g'],
      act: () => askCase('genuine_provider'),
    },
    {
      label: say('window_case.outcomes_inconclusive'),
      icon: 'check',
      keys: ['o', 'i'],
      act: () => askCase('inconclusive'),
    },
    { label: say('window_case.turn_facts'), icon: 'queue', keys: ['v'], act: () => askCase('facts') },
    { label: say('window_case.edit'), icon: 'pen', act: () => askCase('edit') },
    { label: say('window_case.print_plain'), icon: 'print', act: () => askCase('print') },
    { label: say('window_case.print_score'), icon: 'print', act: () => askCase('print-score') },
    { label: say('window_case.erase'), icon: 'cross', act: () => askCase('erase') },
  ];
}

/** Every action of the palette; those of a case only while one is open. */
export function allActions(services: Services, at: Route, say: Say): Action[] {
  const { client, view } = services;
  const { set } = view.getState();
  return [
    ...(at.page === 'queue' && at.id !== null ? caseActions(say) : []),
    ...pageActions(say),
    ...shows.map((show) => ({
      label: say('window_frame.queue_show', { show: sentence(`window_queue.show_${show}`) }),
      icon: 'queue' as const,
      act: () => {
        set({ show });
        go({ page: 'queue', id: null, reading: false });
      },
    })),
    { label: say('window_intake.sheet_link'), icon: 'print', act: () => go({ page: 'sheet' }) },
    {
      label: say('window_sync.now'),
      icon: 'sync',
      act: () => {
        go({ page: 'sync' });
        void attempt(services, client.sync.now({}));
      },
    },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      label: say('window_frame.theme', { theme: sentence(`window_settings.themes_${theme}`) }),
      icon: 'settings' as const,
      act: () => set({ theme }),
    })),
    { label: say('window_frame.help'), icon: 'more', keys: ['?'], act: () => set({ help: true }) },
    {
      label: say('window_frame.lock_now'),
      icon: 'lock',
      act: () => void attempt(services, lockVault(services), 'status'),
    },
  ];
}

/** Actions whose label holds every word typed, in order of the list. */
export function matching(actions: readonly Action[], typed: string): readonly Action[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return actions.filter((action) => words.every((word) => action.label.toLowerCase().includes(word)));
}
