import type { IconName } from '../../components/icon.tsx';
import { go, type Route } from '../../router.ts';
import { attempt, lockVault, type Services } from '../../services.ts';
import { shows } from '../../stores/view.ts';
import { text } from '../../strings.ts';

/** One thing that can be done from the command palette. */
export interface Action {
  readonly label: string;
  readonly icon: IconName;
  readonly keys?: string;
  readonly act: () => void;
}

/** Custom window events by which the palette and keys reach the case that is open. */
export const caseEvent = 'outpost:case';
export type CaseRequest =
  | 'edit'
  | 'print'
  | 'print-score'
  | 'erase'
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

const pageKeys = { queue: 'g q', new: 'n', monitor: 'g m', models: 'g o', sync: 'g y', settings: 'g e' } as const;

function pageActions(): Action[] {
  return (Object.keys(pageKeys) as (keyof typeof pageKeys)[]).map((page) => ({
    label: text.frame.goTo(text.frame.pages[page]),
    icon: page,
    keys: pageKeys[page],
    act: () => go(page === 'queue' ? { page, id: null, reading: false } : { page }),
  }));
}

function caseActions(): Action[] {
  return [
    { label: text.case.outcomes.confirmed_scam, icon: 'check', keys: 'o s', act: () => askCase('confirmed_scam') },
    { label: text.case.outcomes.genuine_provider, icon: 'check', keys: 'o g', act: () => askCase('genuine_provider') },
    { label: text.case.outcomes.inconclusive, icon: 'check', keys: 'o i', act: () => askCase('inconclusive') },
    { label: text.case.edit, icon: 'pen', act: () => askCase('edit') },
    { label: text.case.printPlain, icon: 'print', act: () => askCase('print') },
    { label: text.case.printScore, icon: 'print', act: () => askCase('print-score') },
    { label: text.case.erase, icon: 'cross', act: () => askCase('erase') },
  ];
}

/** Every action of the palette; those of a case only while one is open. */
export function allActions(services: Services, at: Route): Action[] {
  const { client, view } = services;
  const { set } = view.getState();
  return [
    ...(at.page === 'queue' && at.id !== null ? caseActions() : []),
    ...pageActions(),
    ...shows.map((show) => ({
      label: `${text.frame.pages.queue}: ${text.queue.show[show]}`,
      icon: 'queue' as const,
      act: () => {
        set({ show });
        go({ page: 'queue', id: null, reading: false });
      },
    })),
    { label: text.intake.sheetLink, icon: 'print', act: () => go({ page: 'sheet' }) },
    {
      label: text.sync.now,
      icon: 'sync',
      act: () => {
        go({ page: 'sync' });
        void attempt(services, client.sync.now({}));
      },
    },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      label: text.frame.theme(text.settings.themes[theme]),
      icon: 'settings' as const,
      act: () => set({ theme }),
    })),
    { label: text.frame.help, icon: 'more', keys: '?', act: () => set({ help: true }) },
    {
      label: text.frame.lockNow,
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
