import type { IpcMain, IpcMainEvent, MessageChannelMain, MessagePortMain, WebContents } from 'electron';
import { CONNECT_CHANNEL, isAppUrl, PORT_CHANNEL } from '../../shared/hosting/bridge.ts';

/** True when a message comes from the top frame of our own page; everything else is not listened to. */
export function isOurWindow(event: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/** Gives a window a fresh line to the backend; an older one of that window is dead from then on. */
export function giveLine(
  contents: Pick<WebContents, 'mainFrame'>,
  channel: () => MessageChannelMain,
  connect: (port: MessagePortMain) => void,
): void {
  const { port1, port2 } = channel();
  connect(port1);
  contents.mainFrame.postMessage(PORT_CHANNEL, null, [port2]);
}

/** Lets our own windows ask for a line to the backend; `refused` is called about anybody else. */
export function acceptWindows(
  ipcMain: Pick<IpcMain, 'on'>,
  channel: () => MessageChannelMain,
  connect: (port: MessagePortMain) => void,
  refused: (address: string) => void,
): void {
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    if (isOurWindow(event)) giveLine(event.sender, channel, connect);
    else refused(event.senderFrame?.url ?? 'unknown');
  });
}
