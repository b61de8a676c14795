import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptBatch } from '../../../../registry/laptops/feedback.ts';
import { enrol } from '../../../../registry/laptops/enrolment.ts';
import { newestReceipt } from '../../../../registry/laptops/logs.ts';
import { isOutpostError } from '../../../../shared/errors/index.ts';
import { readCode, testLog } from '../../../support/laptop.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => void (registry = await testRegistry()));
afterAll(async () => registry.close());

const length = 12;
const range = fc
  .tuple(fc.integer({ min: 1, max: length }), fc.integer({ min: 1, max: length }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('any order of ranges', () => {
  it('never stores anything but a beginning of the log, and ends with all of it once gaps are filled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(range, { maxLength: 12 }), async (ranges) => {
        const log = testLog();
        await enrol(registry.context, log.enrolmentRequest(readCode(await registry.invite()).secret));
        while (log.events.length < length) log.appendCase();
        let stored = 0;
        for (const { from, to } of ranges) {
          const outcome = await acceptBatch(registry.context, log.batch(from, to), 'courier').catch(
            (error: unknown) => error,
          );
          if (from > stored + 1) expect(isOutpostError(outcome, 'GAP') && outcome.data['expected']).toBe(stored + 1);
          else {
            expect(outcome).toMatchObject({ receipt: { body: { seq: to, hash: log.events[to - 1]!.hash } } });
            stored = Math.max(stored, to);
          }
          expect((await newestReceipt(registry.context.db, log.id))?.body.seq ?? 0).toBe(stored);
        }
        await acceptBatch(registry.context, log.batch(1), 'http');
        const rows = await registry.context.db
          .selectFrom('log_events')
          .select(['seq', 'text'])
          .where('log', '=', log.id)
          .orderBy('seq')
          .execute();
        expect(rows.map((row) => row.text)).toEqual(log.events.map((one) => one.text));
      }),
      { numRuns: 40 },
    );
  });

  it('stores nothing of a batch in which any byte was changed', async () => {
    const log = testLog();
    await enrol(registry.context, log.enrolmentRequest(readCode(await registry.invite()).secret));
    for (let i = 0; i < 3; i += 1) log.appendCase();
    const text = JSON.stringify(log.batch(1));
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length - 1 }),
        fc.constantFrom('0', '1', 'a', 'f', 'x', '"', ' '),
        async (at, char) => {
          const changed = text.slice(0, at) + char + text.slice(at + 1);
          if (changed === text) return;
          const answer = await registry.app.inject({
            method: 'POST',
            url: '/rpc/feedback/push',
            headers: { 'content-type': 'application/json' },
            payload: `{"json":${changed}}`,
          });
          if (answer.statusCode === 200) expect(JSON.parse(changed)).toEqual(JSON.parse(text));
          else expect(await newestReceipt(registry.context.db, log.id)).toBeNull();
        },
      ),
      { numRuns: 150 },
    );
  });
});
