import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog } from '@base-ui/react/dialog';
import { Menu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { useLanguage } from '../language/language.ts';
import { Icon, type IconName } from './icon.tsx';

/** A dialog that asks before something that cannot be undone. Focus starts on the safe answer. */
export function Confirm(props: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly yes: string;
  readonly onYes: () => void;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <AlertDialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title render={<h2 />}>{props.title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />}>{props.children}</AlertDialog.Description>
          <div className="actions">
            <AlertDialog.Close className="button">{say('window_frame.cancel')}</AlertDialog.Close>
            <button type="button" className="button danger" onClick={props.onYes}>
              {props.yes}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** A dialog with free contents. */
export function Sheet(props: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
  /** What can be done beside closing. */
  readonly actions?: ReactNode;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={props.wide === true ? 'dialog wide' : 'dialog'}>
          <Dialog.Title render={<h2 />}>{props.title}</Dialog.Title>
          {props.children}
          <div className="actions">
            <Dialog.Close className="button">{say('window_frame.close')}</Dialog.Close>
            {props.actions}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface MenuEntry {
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly act: () => void;
}

/** A menu under a button. Null entries draw a line. */
export function ButtonMenu(props: {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
  readonly entries: readonly (MenuEntry | null)[];
  readonly heading?: string;
  /** True when the children say what the button is, so that it needs no other name. */
  readonly named?: boolean;
}): ReactElement {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        className={props.className}
        {...(props.named === true ? {} : { 'aria-label': props.label, title: props.label })}
      >
        {props.children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-positioner" sideOffset={4} align="end">
          <Menu.Popup className="menu" aria-label={props.label}>
            {props.heading !== undefined && (
              <div className="menu-label" role="presentation">
                {props.heading}
              </div>
            )}
            {props.entries.map((entry, index) =>
              entry === null ? (
                // A line has no identity of its own; its place in the fixed list is one.
                <div key={`line-${index}`} className="menu-line" role="separator" />
              ) : (
                <Menu.Item
                  key={entry.label}
                  className={entry.danger === true ? 'menu-item danger' : 'menu-item'}
                  onClick={entry.act}
                >
                  {entry.icon !== undefined && <Icon name={entry.icon} />}
                  {entry.label}
                </Menu.Item>
              ),
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
