import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionOf, pauseAfter, pauses } from '../../../../../electron/backend/sync/backoff.ts';
import { offline, startDeadline } from '../../../../../electron/backend/network/deadline.ts';
import { parseEnrolmentCode } from '../../../../../electron/backend/enrolment/enrolment.ts';
import { normaliseReference, referenceTag } from '../../../../../electron/backend/upload/reference-tags.ts';
import { hashedPath } from '../../../../../electron/backend/releases/http-source.ts';
import { approvedRelease } from '../../../../../electron/backend/releases/follow-channel.ts';
import { createMutex } from '../../../../../platform/mutex.ts';
import { OutpostError } from '../../../../../shared/errors/index.ts';
import type { TargetsSigned } from '../../../../../shared/releases/metadata.ts';
import { manualClock } from '../../../../support/sync-laptop.ts';
import { saying } from '../../../../support/saying.ts';

describe('pauses between attempts', () => {
  it('grow from a second to a quarter of an hour and are spread', () => {
    expect(pauseAfter(0, 0.5)).toBe(pauses.regular);
    expect(pauseAfter(1, 0)).toBe(500);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, fraction) => {
          const pause = pauseAfter(failures, fraction);
          expect(pause).toBeGreaterThanOrEqual(500);
          expect(pause).toBeLessThanOrEqual(pauses.longest);
          expect(pauseAfter(failures + 1, fraction)).toBeGreaterThanOrEqual(pause);
        },
      ),
    );
  });

  it('take their spread from random bytes', () => {
    expect(fractionOf(() => new Uint8Array([0, 0]))).toBe(0);
    expect(fractionOf(() => new Uint8Array([255, 255]))).toBeLessThan(1);
    expect(fractionOf(() => new Uint8Array([128, 0]))).toBe(0.5);
  });
});

describe('references', () => {
  it('are the same however two clerks write them', () => {
    for (const same of ['hq-2026/17', 'HQ 2026 17', 'ＨＱ２０２６－１７', ' hq_2026.17 '])
      expect(normaliseReference(same)).toBe('HQ202617');
    expect(normaliseReference('मामला-१')).not.toBe('');
  });

  it('leave as tags that only this office key makes', () => {
    const tag = referenceTag('a'.repeat(64), 'HQ 1');
    expect(tag).toMatch(/^[0-9a-f]{64}$/);
    expect(referenceTag('a'.repeat(64), 'hq-1')).toBe(tag);
    expect(referenceTag('b'.repeat(64), 'HQ 1')).not.toBe(tag);
    expect(referenceTag('a'.repeat(64), ' - ')).toBeNull();
  });
});

describe('an enrolment code', () => {
  const code = {
    format: 'outpost.enrolment-code/1',
    address: 'https://registry.example',
    secret: 's'.repeat(20),
    rootSha256: 'a'.repeat(64),
  };
  const text = (value: unknown): string => `outpost1:${Buffer.from(JSON.stringify(value)).toString('base64url')}`;

  it('may be broken over lines, as when it is copied from a message', () => {
    const whole = text(code);
    expect(parseEnrolmentCode(`  ${whole.slice(0, 40)}\n ${whole.slice(40)}\r\n`)).toEqual(code);
  });

  it('is refused with advice when it is not one', () => {
    for (const bad of [
      '',
      'outpost1:',
      'outpost1:%%%',
      text({ ...code, address: 'file:///etc/passwd' }),
      text({ ...code, extra: 1 }),
      text(code).slice(0, 50),
    ]) {
      expect(() => parseEnrolmentCode(bad)).toThrowError(expect.objectContaining({ code: 'BAD_ENROLMENT' }) as Error);
    }
  });
});

describe('the path of a target', () => {
  it('has the hash before the file name and stays below the targets', () => {
    expect(hashedPath({ path: 'releases/a/model.onnx', sha256: 'f'.repeat(64), length: 1 })).toBe(
      `releases/a/${'f'.repeat(64)}.model.onnx`,
    );
    const base = new URL('http://h/releases/targets/');
    const odd = new URL(hashedPath({ path: 'x?y#z/m', sha256: 'f'.repeat(64), length: 1 }), base);
    expect(odd.pathname.startsWith('/releases/targets/')).toBe(true);
    expect(odd.search + odd.hash).toBe('');
  });
});

describe('approval', () => {
  const file = (sha256: string, custom?: Record<string, string | number>): TargetsSigned['targets'][string] => ({
    length: 5,
    hashes: { sha256 },
    ...(custom === undefined ? {} : { custom }),
  });
  const list = (minimum: number): TargetsSigned => ({
    _type: 'targets',
    spec_version: '1.0.31',
    version: 3,
    expires: '2027-01-01T00:00:00Z',
    targets: {
      'releases/a/model.onnx': file('a'.repeat(64)),
      'releases/a/manifest.json': file('b'.repeat(64), { release: 'releases/a', version: 1, minimum: 1 }),
      'releases/b/model.onnx': file('c'.repeat(64)),
      'releases/b/manifest.json': file('d'.repeat(64), { release: 'releases/b', version: 2, minimum }),
      'releases/c/manifest.json': file('e'.repeat(64), { release: 'releases/c', version: 3, minimum: 1 }),
    },
  });

  it('needs both files in the list and a version at or above the signed minimum', () => {
    expect(approvedRelease(list(1), 'releases/a').version).toBe(1);
    expect(() => approvedRelease(list(2), 'releases/a')).toThrow(saying('2 is the lowest approved'));
    expect(() => approvedRelease(list(1), 'releases/c')).toThrow(saying('not approved'));
    expect(() => approvedRelease(list(1), 'releases/z')).toThrow(saying('not approved'));
  });
});

describe('a mutex', () => {
  it('run one after the other, also after one that failed', async () => {
    const mutex = createMutex();
    const order: number[] = [];
    const step =
      (n: number): (() => Promise<number>) =>
      async () => {
        order.push(n);
        await Promise.resolve();
        order.push(-n);
        if (n === 2) throw new Error('second');
        return n;
      };
    const all = [mutex.run(step(1)), mutex.run(step(2)), mutex.run(step(3))];
    expect((await Promise.allSettled(all)).map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(order).toEqual([1, -1, 2, -2, 3, -3]);
    await mutex.idle();
  });
});

describe('a silent connection', () => {
  it('counts as cut after its idle time, unless something comes', () => {
    let now = 0;
    const clock = manualClock({ now: () => now, set: (at) => (now = at) });
    const deadline = startDeadline(clock, new AbortController().signal, 1000);
    deadline.touch();
    expect(clock.waiting()).toHaveLength(1);
    clock.tick();
    expect(deadline.signal.reason).toMatchObject({ code: 'OFFLINE' });
    const ended = startDeadline(clock, new AbortController().signal, 1000);
    ended.end();
    expect(clock.tick()).toBe(false);
    expect(ended.signal.aborted).toBe(false);
  });

  it('is distinguished from a stop by the person', () => {
    const stop = new AbortController();
    expect(offline(new TypeError('fetch failed'), stop.signal).code).toBe('OFFLINE');
    stop.abort();
    expect(offline(new TypeError('fetch failed'), stop.signal).code).toBe('CANCELLED');
    expect(offline(new OutpostError('BAD_RELEASE'), stop.signal).code).toBe('BAD_RELEASE');
  });
});
