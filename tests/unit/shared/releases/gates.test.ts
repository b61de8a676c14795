import { wordsOf } from '../../../../shared/encoding/attribute-words.ts';
import { describe, expect, test } from 'vitest';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import type { HoldOut } from '../../../../shared/contract/registry.ts';
import { featureSchemaSchema } from '../../../../shared/encoding/schema.ts';
import { isAdditive, schemaHash } from '../../../../shared/encoding/schema-identity.ts';
import {
  countFlips,
  evaluateGates,
  meanCost,
  mayBeProposed,
  type GateSample,
} from '../../../../shared/releases/gates.ts';
import { gateProblems } from '../../../../shared/releases/gate-problems.ts';
import { holdOutSentence } from '../../../../shared/releases/hold-out.ts';
import { inEnglish } from '../../../support/saying.ts';
import { bootstrapInterval } from '../../../../shared/releases/bootstrap-bound.ts';
import { promoteTactics } from '../../../../registry/retraining/promote-tactic.ts';

type Wrong = { missed: number; accused: number };
const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };

/** `n` scams and `n` genuine providers; `missed` of the scams and `accused` of the genuine are judged wrongly. */
function sampleOf(n: number, candidate: Wrong, champion: Wrong | null): GateSample {
  const rows = ([1, 0] as const).flatMap((label) =>
    Array.from({ length: n }, (_, i) => ({ label, weight: 1, incident: `${label}-${i}` })),
  );
  const scores = (wrong: Wrong): number[] =>
    rows.map(({ label }, i) => (label === 1 ? (i < wrong.missed ? 0.1 : 0.9) : i - n < wrong.accused ? 0.9 : 0.1));
  return {
    rows,
    candidate: { scores: scores(candidate), thresholds },
    champion: champion && { scores: scores(champion), thresholds },
  };
}
const byName = (gates: ReturnType<typeof evaluateGates>): Record<string, string> =>
  Object.fromEntries(gates.map((g) => [g.name, g.result]));

describe('gates', () => {
  test('a better candidate holds all of them', () => {
    const sample = sampleOf(100, { missed: 2, accused: 3 }, { missed: 20, accused: 3 });
    const gates = evaluateGates(sample);
    expect(new Set(gates.map((g) => g.result))).toEqual(new Set(['holds']));
    expect(mayBeProposed(gates)).toBe(true);
    expect(countFlips(sample)).toBe(18);
  });

  test('a candidate that finds scams by accusing genuine providers fails', () => {
    const gates = evaluateGates(sampleOf(100, { missed: 0, accused: 20 }, { missed: 20, accused: 3 }));
    expect(byName(gates)).toMatchObject({ 'Missed scams': 'holds', 'Genuine providers called scam': 'fails' });
    expect(mayBeProposed(gates)).toBe(false);
  });

  test('a candidate worse than the current model fails; of one that may be worse nothing is certain', () => {
    const name = 'More missed scams than now, upper bound';
    const result = (missed: number): string | undefined =>
      byName(evaluateGates(sampleOf(100, { missed, accused: 3 }, { missed: 0, accused: 3 })))[name];
    expect([result(0), result(3), result(6)]).toEqual(['holds', 'cannot_tell', 'fails']);
  });

  test('verdicts that never differ in few cases are no proof that they never would', () => {
    const gate = (n: number, wrong: Wrong) =>
      evaluateGates(sampleOf(n, wrong, wrong)).find(({ name }) => name === 'More missed scams than now, upper bound')!;
    // Wilson's upper end for none of 60: 1.96^2 / (60 + 1.96^2).
    expect(gate(60, { missed: 0, accused: 0 })).toMatchObject({
      figure: expect.closeTo(0.060172, 6),
      result: 'cannot_tell',
    });
    expect(gate(60, { missed: 5, accused: 0 }).figure).toBeCloseTo(0.059306, 6);
    expect(gate(75, { missed: 0, accused: 0 }).result).toBe('holds');
    // Twins tell nothing more: ninety cases about thirty incidents are thirty.
    const { rows, ...both } = sampleOf(90, { missed: 0, accused: 0 }, { missed: 0, accused: 0 });
    const twins = rows.map((row, i) => ({ ...row, incident: `${row.label}-${Math.floor(i / 3)}` }));
    expect(evaluateGates({ rows: twins, ...both })[3]!.figure).toBeCloseTo(0.113513, 6);
  });

  test('a candidate that settles nothing fails, however few it misses', () => {
    const sample = sampleOf(100, { missed: 0, accused: 0 }, { missed: 10, accused: 3 });
    const cautious = { scores: sample.candidate.scores.map(() => 0.5), thresholds };
    expect(byName(evaluateGates({ ...sample, candidate: cautious }))).toMatchObject({
      'Missed scams': 'holds',
      'Left unclear': 'fails',
    });
  });

  test('too few cases are no proof: nothing holds by default, and the approver decides; without any nothing is proposed', () => {
    const gates = evaluateGates(sampleOf(10, { missed: 0, accused: 0 }, { missed: 5, accused: 0 }));
    expect(new Set(gates.map((g) => g.result))).toEqual(new Set(['cannot_tell']));
    expect(mayBeProposed(gates)).toBe(true);
    expect(mayBeProposed(evaluateGates(sampleOf(0, { missed: 0, accused: 0 }, null)))).toBe(false);
  });

  test('twins of one incident count once: sixty complaints about thirty incidents are too few to tell', () => {
    const { rows, ...judged } = sampleOf(60, { missed: 0, accused: 0 }, null);
    const twins = rows.map((row, i) => ({ ...row, incident: `${row.label}-${Math.floor(i / 2)}` }));
    const gates = evaluateGates({ rows: twins, ...judged });
    expect(gates.map(({ n, result }) => [n, result])).toEqual([
      [30, 'cannot_tell'],
      [30, 'holds'],
      [60, 'holds'],
    ]);
  });

  test('the cost of verdicts is counted in visits: a missed scam ten, an accused provider five, an unclear case one', () => {
    const sample = sampleOf(10, { missed: 2, accused: 1 }, null);
    expect(meanCost(sample)).toBeCloseTo((2 * 10 + 5) / 20, 12);
    const unclear = { ...sample, candidate: { scores: sample.rows.map(() => 0.5), thresholds } };
    expect(meanCost(unclear)).toBe(1);
    expect(meanCost({ ...sample, rows: [] })).toBe(Infinity);
  });

  test('cases seldom looked at count for those like them', () => {
    const sample: GateSample = {
      rows: [4, 1].map((weight, i) => ({ label: 1, weight, incident: String(i) })),
      candidate: { scores: [0.1, 0.9], thresholds },
      champion: null,
    };
    expect(evaluateGates(sample)[0]!.figure).toBe(0.8);
  });

  test('a recomputation notices every changed figure, count or verdict', () => {
    const sample = sampleOf(100, { missed: 2, accused: 3 }, { missed: 20, accused: 3 });
    const gates = evaluateGates(sample);
    expect(gateProblems(gates, sample)).toEqual([]);
    for (const lie of [{ figure: 0 }, { n: 7 }, { result: 'fails' as const }, { limit: 0.5 }, { champion: 0.5 }]) {
      expect(gateProblems(gates.with(0, { ...gates[0]!, ...lie }), sample)).toHaveLength(1);
    }
    expect(gateProblems(gates.slice(1), sample)).toHaveLength(1);
  });

  test('the bootstrap interval covers a binomial share about as the normal one does', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ label: 1 as const, weight: 1, incident: String(i) }));
    const interval = bootstrapInterval(rows, (draw) => draw.filter((i) => i < 80).length / draw.length, 'seed', 1000)!;
    // 0.2 +- 1.96 sqrt(0.2 * 0.8 / 400) = 0.161 .. 0.239
    expect(Math.abs(interval.low - 0.161)).toBeLessThan(0.008);
    expect(Math.abs(interval.high - 0.239)).toBeLessThan(0.008);
    expect(bootstrapInterval([], () => null, 'seed')).toBeNull();
  });

  test('twins of one incident widen the interval: they are one observation', () => {
    const single = Array.from({ length: 100 }, (_, i) => ({ label: 1 as const, weight: 1, incident: String(i) }));
    const twins = single.map((row, i) => ({ ...row, incident: String(Math.floor(i / 4)) }));
    const width = (rows: typeof single): number => {
      const interval = bootstrapInterval(rows, (draw) => draw.filter((i) => i < 40).length / draw.length, 'seed')!;
      return interval.high - interval.low;
    };
    expect(width(twins)).toBeGreaterThan(1.5 * width(single));
  });
});

describe('what is said of held-out cases', () => {
  const holdOutText = (held: HoldOut): string => inEnglish(holdOutSentence(held));
  const heldOut = {
    from: '2026-06-01',
    until: '2026-06-30',
    cases: 90,
    incidents: 90,
    judgedBefore: 0,
    casesReused: 0,
  };

  test('how many there are, and what it means when many candidates were judged on them', () => {
    expect(holdOutText(heldOut)).toBe(
      '90 cases received from 2026-06-01 to 2026-06-30; no candidate was judged on them before.',
    );
    const twice = holdOutText({ ...heldOut, incidents: 80, judgedBefore: 2, casesReused: 40 });
    expect(twice).toContain('90 cases about 80 incidents');
    expect(twice).toContain('2 candidates were judged on 40 of them before.');
    expect(twice).not.toContain('too good');
    expect(holdOutText({ ...heldOut, judgedBefore: 3, casesReused: 90 })).toMatch(/on all of them before.*too good/);
  });
});

describe('promoting a tactic', () => {
  const group = { tag: 'upi_payment', spellings: ['upi', 'upi_payment'], count: 30 };

  test('adds one feature, lists it as understood and keeps everything else', () => {
    const next = promoteTactics(complaintsSchema, [group], null);
    expect(featureSchemaSchema.parse(next)).toEqual(next);
    expect(isAdditive(complaintsSchema, next)).toBe(true);
    expect(next.attributes.at(-1)).toMatchObject({
      kind: 'tactic',
      name: 'tactic_upi_payment',
      since: 2,
    });
    const { label, question } = wordsOf({ schema: next, texts: [] }, next.attributes.at(-1)!);
    expect([label, question].map(inEnglish)).toEqual(['UPI payment', 'Was this tactic used: UPI payment?']);
    expect(next).toMatchObject({ issuer: null, version: 2, parent: schemaHash(complaintsSchema) });
    expect(next.understoodTactics).toContain('upi_payment');
    expect(next.synonyms['upi']).toBe('upi_payment');
  });

  test('a tactic that is a feature already only gains spellings', () => {
    const second = promoteTactics(complaintsSchema, [group], null);
    const third = promoteTactics(second, [{ ...group, spellings: ['upi_payment', 'upi_collect'] }], null);
    expect(third.attributes).toHaveLength(second.attributes.length);
    expect(third.synonyms['upi_collect']).toBe('upi_payment');
  });

  test('tags in other scripts get a column of their own', () => {
    const next = promoteTactics(
      complaintsSchema,
      [
        { tag: 'नकली_बिल', spellings: ['नकली_बिल'], count: 3 },
        { tag: 'क्यूआर', spellings: ['क्यूआर'], count: 2 },
      ],
      null,
    );
    expect(featureSchemaSchema.safeParse(next).success).toBe(true);
  });
});
