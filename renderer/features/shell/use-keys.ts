import { useEffect, useEffectEvent, useMemo } from 'react';
import { createKeyReader, keyOf, takesNoLetters, type Command } from '../../hooks/keys.ts';
import { go, type Route } from '../../hooks/router.ts';
import { useServices } from '../../hooks/services.ts';
import { shows } from '../../stores/view.ts';
import { askCase, moveEvent } from '../../hooks/case-actions.ts';

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function overlayOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

/** Takes the keys of the whole window and carries out what they ask for. */
export function useKeys(at: Route): void {
  const { clock, view } = useServices();
  const read = useMemo(() => createKeyReader(clock), [clock]);
  const inQueue = at.page === 'queue';

  const carryOut = (command: Command): boolean => {
    const { set, show } = view.getState();
    switch (command.do) {
      case 'palette':
        set({ palette: true });
        return true;
      case 'help':
        set({ help: true });
        return true;
      case 'go':
        go(command.page === 'queue' ? { page: 'queue', id: null, reading: false } : { page: command.page });
        return true;
      case 'filter':
        set({ show: shows[(shows.indexOf(show) + 1) % shows.length] ?? 'open' });
        return inQueue;
      case 'search':
        focus('[role="search"] input');
        return inQueue;
      case 'move':
        window.dispatchEvent(new CustomEvent(moveEvent, { detail: command.by }));
        return inQueue;
      case 'outcome':
        askCase(command.outcome);
        return inQueue;
      case 'facts':
        askCase('facts');
        return inQueue;
      case 'open':
        if (!inQueue || at.id === null || at.reading) return false;
        go({ ...at, reading: true });
        return true;
      case 'back':
        if (!inQueue) return false;
        if (at.reading) go({ ...at, reading: false });
        focus('.queue-scroll');
        return true;
    }
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (overlayOpen()) return;
    const command = read(keyOf(event));
    const plainLetter = /^\S$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    const carriedOut = command !== null && carryOut(command);
    if (carriedOut || (plainLetter && takesNoLetters(event.target))) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
