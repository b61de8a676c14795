import { inEnglish } from '../../../../support/saying.ts';
import { describe, expect, it } from 'vitest';
import { explanationSchema } from '../../../../../shared/contract/views.ts';
import { explanationOf, outsideSentences, topReasons } from '../../../../../electron/backend/cases/explanation.ts';
import type { ExplainResult } from '../../../../../electron/backend/inference/inference.ts';
import { toyModel, describedToy } from '../../../../support/models.ts';

const { manifest } = toyModel();
const row = { asked: 1, contract: 1, minutes: Math.fround(12.3), channel: '' };
const result: ExplainResult = {
  base: 0.4,
  score: 0.83,
  contributions: [
    { attribute: 'asked', value: 0.35 },
    { attribute: 'minutes', value: 0.15 },
    { attribute: 'contract', value: -0.08 },
    { attribute: 'channel', value: 0.01 },
  ],
  changes: [{ attribute: 'asked', value: 0, score: 0.28 }],
};

describe('an explanation in words', () => {
  it('names what mostly made the score and what points the other way', () => {
    const { sentence } = explanationOf(result, manifest, row);
    expect(inEnglish(sentence)).toBe(
      'Mostly because of: asked for remote access and length 12.3 min. Against a scam: contract exists.',
    );
  });

  it('is what the contract promises, and its bars meet the score', () => {
    const many = {
      ...result,
      contributions: Array.from({ length: 9 }, (_, i) => ({ attribute: `x${i}`, value: 0.43 / 9 })),
    };
    const explanation = explanationSchema.parse(explanationOf(many, manifest, row));
    expect(explanation.parts).toHaveLength(5);
    expect(explanation.rest.count).toBe(4);
    const sum = explanation.parts.reduce(
      (total, part) => total + part.value,
      explanation.base + explanation.rest.value,
    );
    expect(sum).toBeCloseTo(explanation.score, 12);
  });

  it('gives changes their phrase and verdict', () => {
    expect(explanationOf(result, manifest, row).changes).toEqual([
      { attribute: 'asked', phrase: 'no remote access asked for', score: 0.28, verdict: 'not_scam' },
    ]);
  });

  it('names no gap as a reason while an answer is known, and says so when none is', () => {
    const gaps = { asked: NaN, contract: NaN, minutes: NaN, channel: '' };
    const one = { ...gaps, minutes: 12 };
    expect(inEnglish(explanationOf(result, manifest, one).sentence)).toBe('Mostly because of: length 12 min.');
    expect(topReasons(result, manifest, one, 'scam').map(inEnglish)).toEqual(['length 12 min']);
    expect(inEnglish(explanationOf(result, manifest, gaps).sentence)).toMatch(/^No answer is known\./);
    expect(topReasons(result, manifest, gaps, 'scam').map(inEnglish)).toEqual(['no answer is known']);
    const quiet = { ...result, contributions: result.contributions.filter((c) => c.attribute !== 'minutes') };
    expect(inEnglish(explanationOf(quiet, manifest, one).sentence)).toBe(
      'No known answer stands out; what is unknown moved the score from the 40\u00a0% of a typical case.',
    );
  });

  it('says so when nothing stands out', () => {
    const flat = { ...result, score: 0.4, contributions: [{ attribute: 'asked', value: 0.001 }] };
    expect(inEnglish(explanationOf(flat, manifest, row).sentence)).toContain('No answer stands out');
  });
});

describe('reasons of a queue row', () => {
  it('point where the verdict points', () => {
    expect(topReasons(result, manifest, row, 'scam').map(inEnglish)).toEqual([
      'asked for remote access',
      'length 12.3 min',
    ]);
    expect(topReasons(result, manifest, row, 'not_scam')[0]).toBe('contract exists');
  });
});

describe('what the model cannot see', () => {
  it('is put into sentences', () => {
    expect(
      outsideSentences(describedToy, [
        { kind: 'unseen_value', attribute: 'channel', value: 'video_call' },
        { kind: 'missing', share: 0.75 },
        { kind: 'tactic', tag: 'upi_collect_request' },
        { kind: 'tactic', tag: 'mule_account' },
      ]).map(inEnglish),
    ).toEqual([
      'The model cannot see UPI collect request and mule account; the score was made without them.',
      'The model has never seen “video call” under contact; the score was made without it.',
      '75\u00a0% of the answers the model reads are unknown; the score rests on little.',
    ]);
    expect(outsideSentences(describedToy, [])).toEqual([]);
  });
});
