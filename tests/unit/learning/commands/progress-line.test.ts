import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressLine, spanText } from '../../../../learning/commands/progress.ts';
import { sentence } from '../../../../shared/language/sentence.ts';
import { english } from '../../../support/commands.ts';

/** What is shown when shares of the work are done at given seconds. */
function shown(isTTY: boolean, steps: readonly [seconds: number, share: number, done?: number][]): string {
  let now = 0;
  let text = '';
  const stderr = Object.assign(new PassThrough(), { isTTY });
  stderr.on('data', (chunk) => (text += String(chunk)));
  const line = progressLine({ stderr, clock: { now: () => now }, language: english }, sentence('progress.training'));
  for (const [seconds, share, done] of steps) {
    now = 1000 * seconds;
    line.show(share, done === undefined ? undefined : { done, total: 8, of: 'points' });
  }
  line.end();
  return text;
}

describe('progress', () => {
  it('is one changing line on a terminal, with the time that is left, and goes away', () => {
    const clear = '\r\u001B[K';
    expect(
      shown(true, [
        [10, 0.2],
        [10, 0.201],
        [30, 0.75],
      ]),
    ).toBe(`${clear}Training … 20 %, about 40 s left${clear}Training … 75 %, about 10 s left${clear}`);
    expect(shown(true, [])).toBe('');
  });

  it('counts what can be counted, with the time each takes', () => {
    expect(shown(true, [[12, 0.5, 4]])).toContain('4 of 8 points, 50 %, 3 s each, about 12 s left');
  });

  it('is a line at each quarter elsewhere, and one at least every half minute', () => {
    const lines = shown(false, [
      [1, 0.3],
      [6, 0.31],
      [8, 0.4],
      [12, 0.6],
      [41, 0.65],
      [42, 0.66],
      [50, 0.8],
      [60, 1],
    ]).split('\n');
    expect(lines).toEqual([
      'Training: 31 %, about 13 s left; 6 s so far.',
      'Training: 60 %, about 8 s left; 12 s so far.',
      'Training: 66 %, about 22 s left; 42 s so far.',
      'Training: 80 %, about 12 s left; 50 s so far.',
      '',
    ]);
  });

  it('is nothing elsewhere when it takes some seconds only', () => {
    expect(
      shown(false, [
        [1, 0.3],
        [4, 0.9],
        [4.5, 1],
      ]),
    ).toBe('');
  });

  it('says spans of time as people do', () => {
    expect([900, 99_000, 150_000, 6_540_000].map((ms) => english.say(spanText(ms)))).toEqual([
      '1 s',
      '99 s',
      '3 min',
      '1 h 49 min',
    ]);
  });
});
