import type { App, Session, WebContents } from 'electron';
import { APP_SCHEME, isAppUrl } from '../../shared/hosting/bridge.ts';

function confineContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isAppUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Keeps every page of the shell on our own address: no other sites, no further windows, no embedded pages. */
export function confineNavigation(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => confineContents(contents));
}

/** Denies every permission and every request that would leave the machine; the backend does its own talking. */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  const ours = new Set([`${APP_SCHEME}:`, 'devtools:', 'blob:', 'data:']);
  session.webRequest.onBeforeRequest((details, answer) => {
    const protocol = URL.parse(details.url)?.protocol;
    answer({ cancel: protocol === undefined || !ours.has(protocol) });
  });
}
