import type { Json } from './canonical.ts';
import type { LogHead } from './event.ts';
import { verifyJson } from './signed.ts';

/** What a log says of itself when it continues another one under a key of its own. */
interface Descent {
  readonly log: string;
  readonly key: string;
  readonly parent: LogHead;
}

export const descentPurpose = 'outpost.descent/1';

/** What the key of the parent signs for a log under another key. */
export function descentBody({ log, key, parent }: Descent): Json {
  return { log, key, parent: { log: parent.log, seq: parent.seq, hash: parent.hash } };
}

/** Whether a log continues its parent: it has the same key, or that key signed for it. */
export function provesDescent(child: Descent, proof: string | undefined, parentKey: string): boolean {
  if (child.key === parentKey) return true;
  return proof !== undefined && verifyJson(descentPurpose, descentBody(child), proof, parentKey);
}
