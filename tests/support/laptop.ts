import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  enrolmentCodeSchema,
  enrolmentPurpose,
  type EnrolmentCode,
  type EnrolmentRequest,
} from '../../shared/contract/registry.ts';
import type { Json } from '../../shared/log/canonical.ts';
import { descentBody, descentPurpose } from '../../shared/log/descent.ts';
import { genesisHash, sealEvent, type LogHead, type SealedEvent } from '../../shared/log/event.ts';
import { batchPurpose, publicKeyOf, signJson, type Batch } from '../../shared/log/signed.ts';

/** A log as a laptop keeps it, without the laptop: for tests of what the registry accepts. */
export interface TestLog {
  readonly id: string;
  readonly key: string;
  readonly events: SealedEvent[];
  head(): LogHead;
  /** Appends an event; `id` repeats an event id of another log. */
  append(type: string, payload: Record<string, Json>, id?: string): SealedEvent;
  appendCase(options?: { case?: string; id?: string; historical?: true }): string;
  batch(from: number, to?: number, changes?: { referenceTags?: Record<string, string>; at?: string }): Batch;
  enrolmentRequest(secret: string): EnrolmentRequest;
  /** A copy that shares the past and the key and can go its own way, as a copied data folder does. */
  copy(): TestLog;
}

/** Reads an enrolment code's text. */
export function readCode(text: string): EnrolmentCode {
  return enrolmentCodeSchema.parse(
    JSON.parse(Buffer.from(text.replace('outpost1:', ''), 'base64url').toString('utf8')),
  );
}

const at = '2026-10-05T09:00:00.000Z';

/** Facts of a case as an intake gives them. */
export function someFacts(): Record<string, Json> {
  return { schema: { id: 'complaints', version: 1 }, attributes: { asked_remote_access: true }, tactics: [] };
}

/** Starts a log with its opening entry. `secret` is its Ed25519 private key in hex; `parentSecret` signs its descent. */
export function testLog(
  options: { secret?: string; parent?: LogHead; parentSecret?: string; events?: SealedEvent[]; id?: string } = {},
): TestLog {
  const secret = options.secret ?? randomBytes(32).toString('hex');
  const key = publicKeyOf(secret);
  const id = options.id ?? uuidv7();
  const events: SealedEvent[] = [...(options.events ?? [])];
  const head = (): LogHead => ({ log: id, seq: events.length, hash: events.at(-1)?.hash ?? genesisHash });
  const append: TestLog['append'] = (type, payload, eventId = uuidv7()) => {
    const { seq, hash } = head();
    const header = {
      v: 1 as const,
      log: id,
      seq: seq + 1,
      prev: hash,
      id: eventId,
      type,
      at,
      zone: 'Europe/Berlin',
      person: null,
      app: '0.1.0',
    };
    const sealed = sealEvent({ ...header, public: payload as never, commitment: null });
    events.push(sealed);
    return sealed;
  };
  const { parent, parentSecret } = options;
  const proof =
    parent === undefined || parentSecret === undefined
      ? {}
      : { proof: signJson(descentPurpose, descentBody({ log: id, key, parent }), parentSecret) };
  if (events.length === 0)
    append('log.opened', {
      key,
      parent: (parent as unknown as Json) ?? null,
      reason: parent ? 'fork' : 'first_start',
      ...proof,
    });
  return {
    id,
    key,
    events,
    head,
    append,
    appendCase: (given = {}) => {
      const caseId = given.case ?? uuidv7();
      const { historical } = given;
      const payload = { case: caseId, received: '2026-10-05', urgent: false, facts: someFacts() };
      append('case.received', historical === undefined ? payload : { ...payload, historical }, given.id);
      return caseId;
    },
    batch: (from, to = events.length, changes = {}) => {
      const body = {
        format: 'outpost.batch/1' as const,
        log: id,
        from,
        to,
        hash: events[to - 1]?.hash ?? genesisHash,
        at: changes.at ?? at,
        referenceTags: changes.referenceTags ?? {},
      };
      return {
        body,
        signature: signJson(batchPurpose, body, secret),
        events: events.slice(from - 1, to).map((one) => one.text),
      };
    },
    enrolmentRequest: (code) => {
      const body = {
        format: 'outpost.enrolment-request/1' as const,
        secret: code,
        log: id,
        key,
        sealTo: `age1${'q'.repeat(58)}`,
        at,
      };
      return { body, signature: signJson(enrolmentPurpose, body, secret) };
    },
    copy: () => testLog({ secret, events, id }),
  };
}
