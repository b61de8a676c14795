import { describe, expect, it } from 'vitest';
import { againstExit, countsLine, fromPlaywright, single, sum } from '../../../../build/test/counts.ts';
import { getBrowser } from '../../../../build/test/get-browser.ts';

const PASSED = { passed: 3, failed: 0, skipped: [], notes: [] };

describe('the sum of a test run', () => {
  it('ends in one plain line', () => {
    const skipped = { passed: 0, failed: 0, skipped: [{ name: 'adult', reason: 'no reference data' }], notes: [] };
    const total = sum([PASSED, single(true, ''), single(false, 'the story broke a promise'), skipped]);
    expect(countsLine(total)).toBe('4 passed, 1 failed, 1 skipped');
    expect(total.notes).toEqual(['the story broke a promise']);
    expect(countsLine(sum([]))).toBe('0 passed, 0 failed, 0 skipped');
  });

  it('never takes a broken runner for a good one', () => {
    expect(againstExit('vitest', PASSED, 0)).toEqual(PASSED);
    expect(againstExit('vitest', PASSED, 1).failed).toBe(1);
    expect(againstExit('vitest', PASSED, null).failed).toBe(1);
    expect(againstExit('vitest', null, 0).failed).toBe(1);
    expect(againstExit('vitest', { ...PASSED, passed: 0 }, 0).failed).toBe(1);
    expect(againstExit('vitest', { ...PASSED, failed: 2 }, 1).failed).toBe(2);
  });

  it('reads the report of the browser tests, nested suites, reasons and repeats included', () => {
    const test = (status: string, annotations: object[] = []): object => ({
      status,
      projectName: 'browser',
      annotations,
    });
    const spec = (title: string, ...tests: object[]): object => ({ title, tests });
    const report = {
      errors: [{ message: 'a worker died' }],
      suites: [
        {
          title: 'queue.spec.ts',
          specs: [spec('opens', test('expected')), spec('moves', test('unexpected'))],
          suites: [
            {
              title: 'with a screen reader',
              specs: [
                spec('speaks', test('skipped', [{ type: 'skip', description: 'needs a screen reader' }])),
                spec('wobbles', test('flaky')),
              ],
            },
          ],
        },
      ],
    };
    expect(fromPlaywright(report)).toEqual({
      passed: 1,
      failed: 3,
      skipped: [{ name: 'browser > speaks', reason: 'needs a screen reader' }],
      notes: ['a worker died'],
    });
    expect(() => fromPlaywright({ suites: 'none' })).toThrow();
  });
});

describe('the browser for the tests', () => {
  const sources = (appearsAfter: 'never' | 'start' | 'download' | 'package'): { did: string[]; get: typeof get } => {
    const did: string[] = [];
    let there = appearsAfter === 'start';
    const get = (): Promise<string | null> =>
      getBrowser({
        find: () => (there ? '/found/chromium' : null),
        download: () => {
          did.push('download');
          there = appearsAfter === 'download';
          return Promise.resolve(there);
        },
        installPackage: () => {
          did.push('package');
          there = appearsAfter === 'package';
          return Promise.resolve(there);
        },
        say: () => undefined,
      });
    return { did, get };
  };

  it.each([
    ['start', [], '/found/chromium'],
    ['download', ['download'], '/found/chromium'],
    ['package', ['download', 'package'], '/found/chromium'],
    ['never', ['download', 'package'], null],
  ] as const)('is looked for until it is there (%s)', async (appearsAfter, expected, found) => {
    const { did, get } = sources(appearsAfter);
    expect(await get()).toBe(found);
    expect(did).toEqual(expected);
  });
});
