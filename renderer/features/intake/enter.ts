import type { KeyboardEvent } from 'react';

/** What can be filled in, in the order of the page; a group of choices counts once. */
const entries = [
  'input:not([type="radio"]):not(:disabled)',
  'input[type="radio"]:checked:not(:disabled)',
  'select:not(:disabled)',
  'textarea:not(:disabled)',
].join();

/** True for Enter alone: with Ctrl it saves, and while signs are being composed it belongs to them. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  return event.key === 'Enter' && !modified && !event.nativeEvent.isComposing;
}

function moveOn(form: HTMLFormElement, from: Element): void {
  const next = [...form.querySelectorAll<HTMLElement>(entries)].find(
    (one) => (from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
  const save = [...form.elements].find((one) => one instanceof HTMLButtonElement && one.type === 'submit');
  const to = next ?? save;
  if (to instanceof HTMLElement) to.focus();
}

/** Enter in a field moves on to the next one, and after the last to the button: a half-filled case is never saved by it. Ctrl+Enter saves. */
export function takeEnter(event: KeyboardEvent<HTMLFormElement>, save: () => void): void {
  if (event.defaultPrevented || event.key !== 'Enter') return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    if (!event.repeat) save();
  } else if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) {
    if (event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (isPlainEnter(event)) moveOn(event.currentTarget, event.target);
  }
}
