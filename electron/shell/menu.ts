import type { MenuItemConstructorOptions } from 'electron';
import type { Language } from '../../shared/language/language.ts';

const goTo = (label: string, hash: string, go: (hash: string) => void): MenuItemConstructorOptions => ({
  label,
  click: () => go(hash),
});

function pages(say: Language['say'], go: (hash: string) => void): MenuItemConstructorOptions {
  return {
    label: say('menu.go'),
    submenu: [
      goTo(say('window_frame.pages_queue'), '#/queue', go),
      goTo(say('window_frame.pages_new'), '#/new', go),
      goTo(say('window_frame.pages_monitor'), '#/monitor', go),
      goTo(say('window_frame.pages_models'), '#/models', go),
      goTo(say('window_frame.pages_sync'), '#/sync', go),
      { type: 'separator' },
      goTo(say('window_frame.pages_settings'), '#/settings', go),
    ],
  };
}

/**
 * The menu of the shell. Keys for pages and actions belong to the page itself, so the menu names none for them;
 * `go` shows a page by its address fragment.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  { say }: Language,
  go: (hash: string) => void,
): MenuItemConstructorOptions[] {
  const mac: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  const file: MenuItemConstructorOptions = {
    label: say('menu.file'),
    submenu: [
      goTo(say('window_frame.pages_new'), '#/new', go),
      { type: 'separator' },
      { role: platform === 'darwin' ? 'close' : 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: say('menu.view'),
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  return [...mac, file, { role: 'editMenu' }, pages(say, go), view, { role: 'windowMenu' }];
}
