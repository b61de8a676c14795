import { z } from 'zod';
import type { Sentence } from '../language/sentence.ts';

/** The origin of the window in the desktop shell. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'outpost';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Names of the two messages between a window's preload script and the main process. */
export const CONNECT_CHANNEL = 'outpost:connect';
export const PORT_CHANNEL = 'outpost:port';

/** A failure as a host answers it. */
export const refusalSchema = z.object({ code: z.string(), message: z.string(), data: z.unknown() });

/** How a call ended, in a form that survives the way from the preload script into the page. */
const bridgeAnswerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: z.string(), message: z.string(), data: z.unknown() }),
  }),
]);
export type BridgeAnswer = z.infer<typeof bridgeAnswerSchema>;

/** What the desktop shell puts on `window.outpost`. Nothing else of it can be reached from the page. */
export interface OutpostBridge {
  /**
   * Calls a procedure of the backend's contract; never rejects. `whenSent` is given a function that cancels the
   * call, since an AbortSignal does not survive the way between the two worlds.
   */
  call(path: readonly string[], input: unknown, whenSent?: (cancel: () => void) => void): Promise<BridgeAnswer>;
  /** Follows a stream of the contract; `onEnd` hears why it broke. Returns what ends it from this side. */
  subscribe(
    path: readonly string[],
    input: unknown,
    onEvent: (value: unknown) => void,
    onEnd?: (why: Sentence) => void,
  ): () => void;
  /** Hands bytes in; the value is the token under which the backend finds them. Never rejects. */
  upload(bytes: ArrayBuffer): Promise<BridgeAnswer>;
  /** Lets the person save a file of the backend under a name. */
  download(token: string, name: string): Promise<void>;
}

/** True for addresses of our own page in the desktop shell. */
export function isAppUrl(address: string): boolean {
  // The slash behind the host is what makes a comparison of text safe: `app://outpost.example/` does not start so.
  return address.startsWith(APP_URL);
}
