import { describe, expect, test } from 'vitest';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { featureSchemaSchema, isAdditive } from '../../shared/encoding/schema.ts';
import { bootstrapInterval, judgeGates, mayBeProposed, rates, type JudgedRow } from '../../registry/pipeline/gates.ts';
import { promoteTactics } from '../../registry/pipeline/promote.ts';

type Judged = JudgedRow['candidate'];
const says = (verdict: Judged['verdict'], score = { scam: 0.9, unclear: 0.5, not_scam: 0.1 }[verdict]): Judged => ({
  verdict,
  score,
  outside: false,
});

/** `n` cases per kind; `missed` of the scams and `accused` of the genuine are judged wrongly. */
function rows(
  n: number,
  candidate: { missed: number; accused: number },
  champion: { missed: number; accused: number } | null,
): JudgedRow[] {
  const verdictFor = (label: 0 | 1, i: number, wrong: { missed: number; accused: number }): Judged =>
    label === 1 ? says(i < wrong.missed ? 'not_scam' : 'scam') : says(i < wrong.accused ? 'scam' : 'not_scam');
  return ([0, 1] as const).flatMap((label) =>
    Array.from({ length: n }, (_, i) => ({
      label,
      weight: 1,
      incident: `${label}-${i}`,
      candidate: verdictFor(label, i, candidate),
      champion: champion && verdictFor(label, i, champion),
    })),
  );
}
const options = { seed: 1, schemasAccepted: 2, schemasIssued: 2 };
const byName = (gates: ReturnType<typeof judgeGates>): Record<string, string> =>
  Object.fromEntries(gates.map((g) => [g.name, g.result]));

describe('gates', () => {
  test('a better candidate holds all of them', () => {
    const gates = judgeGates(rows(100, { missed: 2, accused: 3 }, { missed: 20, accused: 3 }), options);
    expect(new Set(gates.map((g) => g.result))).toEqual(new Set(['holds']));
    expect(mayBeProposed(gates)).toBe(true);
  });

  test('a candidate that finds scams by accusing genuine providers fails', () => {
    const gates = judgeGates(rows(100, { missed: 0, accused: 20 }, { missed: 20, accused: 3 }), options);
    expect(byName(gates)).toMatchObject({ 'Missed scams': 'holds', 'Genuine providers called scam': 'fails' });
    expect(mayBeProposed(gates)).toBe(false);
  });

  test('too few cases are no proof: nothing holds by default', () => {
    const gates = judgeGates(rows(10, { missed: 0, accused: 0 }, { missed: 5, accused: 0 }), options);
    expect(byName(gates)['Missed scams']).toBe('cannot_tell');
    expect(mayBeProposed(gates)).toBe(false);
    expect(mayBeProposed(judgeGates([], options))).toBe(false);
  });

  test('a feature schema that can no longer be read fails', () => {
    const gates = judgeGates(rows(100, { missed: 0, accused: 0 }, null), { ...options, schemasAccepted: 1 });
    expect(byName(gates)['Feature schemas still read']).toBe('fails');
  });

  test('cases seldom looked at count for those like them', () => {
    const [genuine, scam] = rows(1, { missed: 1, accused: 0 }, null);
    const found: JudgedRow = { ...scam!, candidate: says('scam') };
    expect(rates([genuine!, { ...scam!, weight: 4 }, { ...found, weight: 1 }], 'candidate')).toMatchObject({
      missed: 0.8,
      recall: 0.2,
      accused: 0,
    });
    expect(rates([], 'candidate')).toEqual({ recall: null, missed: null, accused: null, unclear: null });
  });

  test('the bootstrap interval covers a binomial share about as the normal one does', () => {
    const sample = rows(400, { missed: 80, accused: 0 }, null);
    const interval = bootstrapInterval(sample, (s) => rates(s, 'candidate').missed, 7, 1000)!;
    // 0.2 +- 1.96 sqrt(0.2 * 0.8 / 400) = 0.161 .. 0.239
    expect(interval.low).toBeCloseTo(0.161, 1.5);
    expect(interval.high).toBeCloseTo(0.239, 1.5);
    expect(bootstrapInterval([], () => null, 7)).toBeNull();
  });
});

describe('promoting a tactic', () => {
  const group = { tag: 'upi_payment', spellings: ['upi', 'upi_payment'], count: 30 };

  test('adds one feature, lists it as understood and keeps everything else', () => {
    const next = promoteTactics(complaintsSchema, [group]);
    expect(featureSchemaSchema.parse(next)).toEqual(next);
    expect(isAdditive(complaintsSchema, next)).toBe(true);
    expect(next.attributes.at(-1)).toMatchObject({
      kind: 'tactic',
      name: 'tactic_upi_payment',
      since: 2,
      label: 'Upi payment',
    });
    expect(next.understoodTactics).toContain('upi_payment');
    expect(next.synonyms['upi']).toBe('upi_payment');
  });

  test('a tactic that is a feature already only gains spellings', () => {
    const second = promoteTactics(complaintsSchema, [group]);
    const third = promoteTactics(second, [{ ...group, spellings: ['upi_payment', 'upi_collect'] }]);
    expect(third.attributes).toHaveLength(second.attributes.length);
    expect(third.synonyms['upi_collect']).toBe('upi_payment');
  });

  test('tags in other scripts get a column of their own', () => {
    const next = promoteTactics(complaintsSchema, [
      { tag: 'नकली_बिल', spellings: ['नकली_बिल'], count: 3 },
      { tag: 'क्यूआर', spellings: ['क्यूआर'], count: 2 },
    ]);
    expect(featureSchemaSchema.safeParse(next).success).toBe(true);
  });
});
