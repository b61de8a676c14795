import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { APP_URL } from '../../shared/hosting/bridge.ts';

/** Settings of the window: the page runs in a sandbox and sees nothing but what the preload script exposes. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1366,
    height: 768,
    minWidth: 1024,
    minHeight: 640,
    title: 'Outpost',
    show: false,
    backgroundColor: '#1d1c1a',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // A spell checker would fetch dictionaries from the network.
      spellcheck: false,
    },
  };
}

/** Opens the window on our page and shows it once it has something to show. */
export async function openWindow(
  create: (options: BrowserWindowConstructorOptions) => BrowserWindow,
  preload: string,
): Promise<BrowserWindow> {
  const window = create(windowOptions(preload));
  window.once('ready-to-show', () => window.show());
  await window.loadURL(APP_URL);
  return window;
}

/** Brings a window to the front when the program was started a second time. */
export function showAgain(window: BrowserWindow | undefined): void {
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}
