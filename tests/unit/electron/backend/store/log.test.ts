import fc from 'fast-check';
import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { currentLog, type LogDeps } from '../../../../../electron/backend/store/log.ts';
import { rebuildProjections } from '../../../../../electron/backend/store/projections.ts';
import type { Db } from '../../../../../electron/backend/store/db.ts';
import { commitmentOf, genesisHash, parseSealedEvent, verifyChain } from '../../../../../shared/log/event.ts';
import { privateCaseSchema } from '../../../../../shared/log/payloads.ts';
import { derivedTables, memoryLog, textsOf, verifiedHead } from '../../../../support/log.ts';
import { saying } from '../../../../support/saying.ts';

const facts = {
  schema: { id: 'complaints', version: 1 },
  attributes: { asked_remote_access: true },
  tactics: ['gift_cards'],
};
const model = { id: '0198f000-0000-7000-8000-000000000001', version: 1, sha256: 'a'.repeat(64) };

function receive(deps: LogDeps, name: string): string {
  const id = v7({ msecs: deps.clock.now(), random: deps.random(16) });
  const own = privateCaseSchema.parse({
    reference: name,
    resident: `Resident ${name}`,
    narrative: `Narrative ${name}`,
    indicators: [{ kind: 'phone', value: '+915550123', given: '+91 555 0123' }],
  });
  currentLog(deps).append({
    type: 'case.received',
    public: { case: id, received: '2026-10-01', urgent: false, facts },
    private: own,
  });
  return id;
}

function eventIdsOf(db: Db, caseId: string): string[] {
  return db
    .prepare<[string], { id: string }>('SELECT DISTINCT id FROM events WHERE case_id = ?')
    .all(caseId)
    .map((row) => row.id);
}

type Step = { kind: 'receive' | 'edit' | 'score' | 'outcome' | 'erase' | 'receipt' | 'fork'; pick: number };
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('receive', 'receive', 'edit', 'score', 'outcome', 'erase', 'receipt', 'fork'),
  pick: fc.nat(20),
});

function act(deps: LogDeps, cases: string[], erased: Set<string>, { kind, pick }: Step, index: number): void {
  const log = currentLog(deps);
  if (kind === 'receive') return void cases.push(receive(deps, `R${index}`));
  if (kind === 'receipt') return log.setReceipted(Math.min(log.head().seq, pick));
  if (kind === 'fork') return void log.fork(pick % 2 === 0 ? 'fork' : 'restored_or_copied');
  const id = cases[pick % Math.max(1, cases.length)];
  if (id === undefined || erased.has(id)) return;
  if (kind === 'edit') {
    const own = privateCaseSchema.parse({ reference: `E${index}`, place: 'Hillview' });
    log.append({
      type: 'case.edited',
      public: { case: id, facts: { ...facts, tactics: [] }, urgent: true },
      private: own,
    });
  } else if (kind === 'score') {
    const audit = { stratum: 'scam', probability: 0.05, drawn: pick % 2 === 0 } as const;
    log.append({
      type: 'case.scored',
      public: { case: id, model, schema: facts.schema, score: 0.9, verdict: 'scam', outside: [], audit },
    });
  } else if (kind === 'outcome') {
    log.append({
      type: 'case.outcome',
      public: { case: id, outcome: 'confirmed_scam', reason: null, seen: null },
      private: { note: `Note ${index}` },
    });
  } else {
    log.append({ type: 'case.erased', public: { case: id, events: eventIdsOf(deps.db, id) } });
    erased.add(id);
  }
}

describe('the event log', () => {
  test('whatever happens, every log verifies, nothing without a receipt is lost, and projections can be rebuilt', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { db, deps } = memoryLog();
        const cases: string[] = [];
        const erased = new Set<string>();
        steps.forEach((each, index) => act(deps, cases, erased, each, index));
        const logs = db
          .prepare<[], { id: string; receipted: number }>('SELECT id, receipted FROM logs ORDER BY ordinal')
          .all();
        // What a registry knows: receipted parts of all logs, and all of the last one once it is sent.
        const known = new Set<string>();
        for (const { id, receipted } of logs) {
          verifiedHead(db, id);
          const limit = id === logs.at(-1)?.id ? Infinity : receipted;
          for (const text of textsOf(db, id)) {
            const { event } = parseSealedEvent(text);
            if (event.seq <= limit) known.add(event.id);
          }
        }
        const all = db.prepare<[], { id: string }>("SELECT DISTINCT id FROM events WHERE type <> 'log.opened'").all();
        expect(all.filter(({ id }) => !known.has(id))).toEqual([]);
        const before = derivedTables(db);
        rebuildProjections(db);
        expect(derivedTables(db)).toEqual(before);
        for (const id of erased)
          for (const event of eventIdsOf(db, id)) expect(currentLog(deps).privateOf(event)).toBeNull();
        db.close();
      }),
      { numRuns: 60 },
    );
  });

  test('any changed, missing, added or swapped entry is found', () => {
    const { db, deps, log } = memoryLog();
    for (let i = 0; i < 6; i += 1) receive(deps, `R${i}`);
    const texts = textsOf(db, log.id);
    const start = { log: log.id, seq: 0, hash: genesisHash };
    expect(verifyChain(start, texts).head).toEqual(log.head());
    fc.assert(
      fc.property(fc.nat(texts.length - 2), fc.nat(300), (at, offset) => {
        const text = texts[at] ?? '';
        const place = offset % text.length;
        const changed = `${text.slice(0, place)}${text[place] === '7' ? '8' : '7'}${text.slice(place + 1)}`;
        expect(() => verifyChain(start, texts.with(at, changed))).toThrow();
        expect(() => verifyChain(start, texts.toSpliced(at, 1))).toThrow();
        expect(() => verifyChain(start, texts.toSpliced(at, 0, text))).toThrow();
        expect(() => verifyChain(start, texts.with(at, texts[at + 1] ?? '').with(at + 1, text))).toThrow();
      }),
    );
  });

  test('a stored entry that was changed together with its hash is found by its neighbour', () => {
    const { db, deps, log } = memoryLog();
    const id = receive(deps, 'R1');
    receive(deps, 'R2');
    db.prepare("UPDATE events SET text = replace(text, '2026-10-01', '2026-10-02') WHERE case_id = ?").run(id);
    expect(() => verifiedHead(db, log.id)).toThrow(saying(/does not follow/));
  });

  test('commitments fit the private parts, and the public bytes hold none of them', () => {
    const { db, deps, log } = memoryLog();
    receive(deps, 'Very-private');
    const [, received] = log.read(0, 10);
    const payload = log.privateOf(received?.event.id ?? '');
    expect(payload?.text).toContain('Resident Very-private');
    expect(payload === null ? null : commitmentOf(payload)).toBe(received?.event.commitment);
    expect(textsOf(db, log.id).join('')).not.toContain('Very-private');
  });

  test('a fork names the head of its parent and keeps event ids, order and times', () => {
    const { deps, log } = memoryLog();
    receive(deps, 'R1');
    receive(deps, 'R2');
    log.setReceipted(2);
    const head = log.head();
    const waiting = log.read(2, 10).map(({ event }) => ({ id: event.id, at: event.at, type: event.type }));
    const next = log.fork('fork');
    const [opened, ...again] = next.read(0, 10);
    expect(opened?.event.public).toEqual({ key: log.publicKey, parent: head, reason: 'fork' });
    expect(again.map(({ event }) => ({ id: event.id, at: event.at, type: event.type }))).toEqual(waiting);
    expect(() => log.append({ type: 'case.erased', public: { case: model.id, events: [model.id] } })).toThrow(
      saying(/continued/),
    );
  });

  test('a receipt only moves forward and never past the head', () => {
    const { deps, log } = memoryLog();
    receive(deps, 'R1');
    log.setReceipted(2);
    log.setReceipted(1);
    expect(log.receipted()).toBe(2);
    expect(() => log.setReceipted(3)).toThrow(expect.objectContaining({ code: 'BAD_RECEIPT' }));
  });

  test('an entry is not written when its projection fails', () => {
    const { deps, db } = memoryLog();
    const failing: LogDeps = {
      ...deps,
      project: () => {
        throw new Error('disk full');
      },
    };
    expect(() => receive(failing, 'R1')).toThrow(saying('disk full'));
    expect(db.prepare("SELECT count(*) AS n FROM events WHERE type = 'case.received'").get()).toEqual({ n: 0 });
  });
});
