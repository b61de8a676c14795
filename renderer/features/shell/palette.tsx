import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import type { Route } from '../../hooks/router.ts';
import { useServices } from '../../hooks/services.ts';
import { allActions, matching, type Action } from '../../hooks/case-actions.ts';

function Options(props: {
  readonly id: string;
  readonly actions: readonly Action[];
  readonly chosen: number;
  readonly onRun: (action: Action) => void;
}): ReactElement {
  const { say } = useLanguage();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [props.chosen]);
  return (
    <ul id={props.id} ref={list} role="listbox" aria-label={say('window_frame.palette')}>
      {props.actions.map((action, index) => (
        // The input keeps the focus and handles the keys; the mouse only points.
        <li
          key={action.label}
          id={`${props.id}-${index}`}
          role="option"
          aria-selected={index === props.chosen}
          onClick={() => props.onRun(action)}
        >
          <Icon name={action.icon} />
          {action.label}
          {action.keys !== undefined && (
            <span className="push">
              {action.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function PaletteBody(props: { readonly at: Route; readonly onClose: () => void }): ReactElement {
  const { say } = useLanguage();
  const services = useServices();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const actions = matching(allActions(services, props.at, say), typed);
  const run = (action: Action | undefined): void => {
    if (action === undefined) return;
    props.onClose();
    // After the dialog has given the focus back, so that the action may move it.
    setTimeout(action.act, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && actions.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + actions.length) % actions.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(actions[chosen]);
    }
  };
  return (
    <>
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={actions.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label={say('window_frame.palette')}
        placeholder={say('window_frame.palette_placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      {actions.length > 0 ? (
        <Options id={id} actions={actions} chosen={chosen} onRun={run} />
      ) : (
        <p className="none" id={id}>
          {say('window_frame.palette_none')}
        </p>
      )}
    </>
  );
}

/** The command palette (Ctrl+K): every action, found by typing. */
export function Palette(props: { readonly at: Route }): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const open = useStore(view, (state) => state.palette);
  const close = (): void => view.getState().set({ palette: false });
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette" aria-label={say('window_frame.palette')}>
          <PaletteBody at={props.at} onClose={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
