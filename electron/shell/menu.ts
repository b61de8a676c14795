import type { MenuItemConstructorOptions } from 'electron';

const goTo = (label: string, hash: string, go: (hash: string) => void): MenuItemConstructorOptions => ({
  label,
  click: () => go(hash),
});

function pages(go: (hash: string) => void): MenuItemConstructorOptions {
  return {
    label: 'Go',
    submenu: [
      goTo('Queue', '#/queue', go),
      goTo('New case', '#/new', go),
      goTo('Monitor', '#/monitor', go),
      goTo('Models', '#/models', go),
      goTo('Sync', '#/sync', go),
      { type: 'separator' },
      goTo('Settings', '#/settings', go),
    ],
  };
}

/**
 * The menu of the shell. Keys for pages and actions belong to the page itself, so the menu names none for them;
 * `go` shows a page by its address fragment.
 */
export function menuTemplate(platform: NodeJS.Platform, go: (hash: string) => void): MenuItemConstructorOptions[] {
  const mac: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [goTo('New case', '#/new', go), { type: 'separator' }, { role: platform === 'darwin' ? 'close' : 'quit' }],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  return [...mac, file, { role: 'editMenu' }, pages(go), view, { role: 'windowMenu' }];
}
