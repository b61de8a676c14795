import { describe, expect, it } from 'vitest';
import { appended, scoreColumnNames, shownScore } from '../../../../electron/commands/score-columns.ts';
import { fc, test } from '../../property.ts';
import { saying } from '../../../support/saying.ts';

describe('a shown score', () => {
  it('is short where that says the same', () => {
    expect([0, 1, 0.5, Math.fround(0.1), Math.fround(0.123456)].map(shownScore)).toEqual([0, 1, 0.5, 0.1, 0.123456]);
  });

  it('is not certain when the model is not', () => {
    // 1 - 2^-22 and 2^-30 in float32: six decimals would make them 1 and 0.
    expect(shownScore(1 - 2 ** -22)).toBe(0.99999976);
    expect(shownScore(2 ** -30)).toBe(9.313226e-10);
  });

  test('reads back as the same float32', [fc.float({ min: 0, max: 1, noNaN: true })], (score) => {
    expect(Math.fround(shownScore(score)) + 0).toBe(score + 0);
  });
});

describe('names of appended columns', () => {
  it('are plain, whatever else the file holds', () => {
    expect(scoreColumnNames(['asked', 'Score'], ['asked'])).toEqual([...appended]);
  });

  it('carry a prefix, all of them, when the model reads a column of such a name', () => {
    const names = [
      'outpost_score',
      'outpost_verdict',
      'outpost_outside_model',
      'outpost_reasons',
      'outpost_model_version',
    ];
    expect(scoreColumnNames(['score', 'age', 'verdict'], ['score', 'age'])).toEqual(names);
  });

  it('are refused when the file has them: it was scored before', () => {
    expect(() => scoreColumnNames(['asked', 'score'], ['asked'])).toThrow(saying('column score'));
    expect(() => scoreColumnNames(['score', 'outpost_score'], ['score'])).toThrow(saying('column outpost_score'));
  });
});
