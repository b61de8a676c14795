import { createHash, timingSafeEqual } from 'node:crypto';

/** Source of random bytes, as given to the host. */
export type Random = (bytes: number) => Uint8Array;

const SECRET_BYTES = 32;
// More than a person opens by accident; the oldest unused one is forgotten.
const MAX_OUTSTANDING = 32;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A fresh secret that fits into a URL, a header or a cookie. */
export function newSecret(random: Random): string {
  return Buffer.from(random(SECRET_BYTES)).toString('base64url');
}

/** Compares a secret with what somebody presented, in time that does not depend on where they differ. */
export function sameSecret(secret: string, presented: string): boolean {
  return timingSafeEqual(Buffer.from(digest(secret)), Buffer.from(digest(presented)));
}

/** Tokens that open a window exactly once, and the sessions that come out of them. Only digests are kept. */
export interface Tokens {
  issue(): string;
  /** Uses a token up. Returns the secret of a new session, or null for a token that is unknown or used. */
  redeem(token: string): string | null;
  isSession(secret: string): boolean;
  /** Digests of the sessions there are, the oldest first. */
  sessions(): string[];
}

/** Creates a set of tokens, and of the sessions whose digests are given: those of windows a host before this one opened. */
export function createTokens(random: Random, known: readonly string[] = []): Tokens {
  const outstanding = new Set<string>();
  const sessions = new Set(known.slice(-MAX_OUTSTANDING));
  return {
    issue() {
      const token = newSecret(random);
      outstanding.add(digest(token));
      const [oldest] = outstanding;
      if (outstanding.size > MAX_OUTSTANDING && oldest !== undefined) outstanding.delete(oldest);
      return token;
    },
    redeem(token) {
      if (!outstanding.delete(digest(token))) return null;
      const session = newSecret(random);
      sessions.add(digest(session));
      return session;
    },
    isSession: (secret) => sessions.has(digest(secret)),
    sessions: () => [...sessions],
  };
}
