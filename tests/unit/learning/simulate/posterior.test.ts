import { describe, expect, it } from 'vitest';
import { labelledRow } from '../../../../learning/bundled.ts';
import { datasetOf } from '../../../../learning/dataset/dataset.ts';
import { defaultSettings } from '../../../../learning/train/settings.ts';
import { simulateCases, type SimulationOptions } from '../../../../learning/simulate/index.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { answers } from '../../../../learning/simulate/facts.ts';
import { answerModels, spreadOver } from '../../../../learning/simulate/latent.ts';
import { openShare } from '../../../../learning/simulate/missing.ts';
import { genuineMix, modeNames, modes, scamMix } from '../../../../learning/simulate/modes.ts';
import { classes } from '../../../../learning/simulate/classes.ts';
import { numberChance } from '../../../../learning/simulate/numbers.ts';
import { createPosterior } from '../../../../learning/simulate/posterior.ts';
import { createBinnedAuc } from '../../../../learning/simulate/summary.ts';
import { trainRun } from '../../../../learning/train/train.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { auc } from '../../../../shared/metrics/index.ts';
import { normalBetween, normalUpperTail } from '../../../../shared/metrics/special-functions.ts';
import { saying } from '../../../support/saying.ts';

const options = { cases: 30_000, seed: 21, from: '2026-06-01', days: 122, changeAt: '2026-08-01' };
const cases = [...simulateCases(options)];
const labels = cases.map((c) => c.truth);

describe('every question of the complaints schema', () => {
  const names = complaintsSchema.attributes.map((a) => a.name).toSorted();

  it('is answered by every class of every kind of contact', () => {
    const random = createRandom(3);
    for (const model of Object.values(answerModels()).flat())
      expect(Object.keys(answers(random, model)).toSorted(), `${model.mode} ${model.name}`).toEqual(names);
  });

  it('stays open now and then, by a share of its own, and is known otherwise', () => {
    expect(Object.keys(openShare).toSorted()).toEqual(names);
    for (const name of names) {
      expect(openShare[name]).toBeGreaterThan(0);
      expect(openShare[name]).toBeLessThan(0.5);
      expect(cases.some((c) => c.facts.attributes[name] !== undefined)).toBe(true);
      expect(cases.some((c) => c.facts.attributes[name] === undefined)).toBe(true);
    }
  });

  it('has a chance when it is a number; another name is refused', () => {
    const [model] = answerModels()[modeNames[0]!];
    for (const { name, kind } of complaintsSchema.attributes)
      if (kind === 'number') expect(numberChance(name, model!, 1)).toBeGreaterThan(0);
    expect(() => numberChance('hours_lost', model!, 1)).toThrow(saying('no distribution for the number hours_lost'));
  });
});

describe('log-normals over classes', () => {
  const list = [
    { name: 'quick', share: 0.5, minutes: 1, money: 1, days: 1, logOdds: {}, choices: {} },
    { name: 'slow', share: 0.5, minutes: 1, money: 1, days: 1, logOdds: {}, choices: {} },
  ];

  it('are refused when the classes alone vary more than the whole: no deviation is left', () => {
    // Factors 1 and e^2: the logarithms lie 1 off their mean.
    expect(spreadOver([10, 1.25], list, [1, Math.exp(2)])[0]!.sigma).toBeCloseTo(0.75, 12);
    expect(() => spreadOver([10, 0.9], list, [1, Math.exp(2)])).toThrow(saying(/quick 1, slow 7\.389.*spread of 0\.9/));
    expect(() => spreadOver([10, 0.9], list, [1, -1])).toThrow(saying('Take smaller factors'));
  });
});

describe('the tables of contacts', () => {
  const models = answerModels();

  it('hold what their classes come to together', () => {
    for (const mode of modeNames) {
      const list = models[mode];
      expect(list.reduce((sum, m) => sum + m.share, 0)).toBeCloseTo(1, 12);
      const mean = (of: (m: (typeof list)[number]) => number): number => list.reduce((s, m) => s + m.share * of(m), 0);
      const { yes, choices, again, money, minutes, daysToReport } = modes[mode];
      for (const [question, p] of Object.entries(yes)) expect(mean((m) => m.yes[question]!)).toBeCloseTo(p, 9);
      expect(mean((m) => m.again)).toBeCloseTo(again, 9);
      for (const [question, weights] of Object.entries(choices)) {
        const total = Object.values(weights).reduce((a, b) => a + b, 0);
        Object.values(weights).forEach((w, k) =>
          expect(mean((m) => m.choices[question]!.chances[k]!)).toBeCloseTo(w / total, 9),
        );
      }
      for (const [name, [median, spread]] of Object.entries({ money, minutes, days: daysToReport })) {
        const of = (m: (typeof list)[number]) => m[name as 'money' | 'minutes' | 'days'];
        const mu = mean((m) => of(m).mu);
        expect(mu).toBeCloseTo(Math.log(median), 9);
        expect(mean((m) => of(m).sigma ** 2 + (of(m).mu - mu) ** 2)).toBeCloseTo(spread ** 2, 9);
      }
    }
  });

  it('name only questions of the schema, and every kind of contact has its share', () => {
    const names = new Set([...complaintsSchema.attributes.map((a) => a.name), 'again']);
    for (const list of Object.values(classes))
      for (const { logOdds, choices } of list)
        for (const question of [...Object.keys(logOdds), ...Object.keys(choices)]) expect(names).toContain(question);
    expect(new Set([...Object.keys(scamMix), ...Object.keys(genuineMix), 'upi'])).toEqual(new Set(modeNames));
  });

  it('give the chances of all numbers that can be given, which sum to 1', () => {
    const model = models.bank[1]!;
    const sum = (question: string, values: number[]): number =>
      values.reduce((s, v) => s + numberChance(question, model, v), 0);
    const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    expect(sum('contact_minutes', upTo(1, 600))).toBeCloseTo(1, 12);
    expect(sum('times_called', upTo(1, 12))).toBeCloseTo(1, 12);
    expect(sum('days_until_report', upTo(0, 365))).toBeCloseTo(1, 12);
    const money = (currency: string, step: number): number =>
      upTo(1, 20_000).reduce((s, k) => s + numberChance('money_asked', model, { amount: k * step, currency }), 0);
    expect(money('INR', 50_000) + money('USD', 500)).toBeCloseTo(1, 9);
  });
});

describe('the normal distribution', () => {
  // Values of scipy.stats.norm.sf.
  it.each([
    [0, 0.5],
    [1.5, 0.06680720126885807],
    [-1, 0.8413447460685429],
    [5, 2.866515718791933e-7],
    [10, 7.619853024160525e-24],
  ])('has the upper tail of %d', (x, tail) => {
    expect(normalUpperTail(x) / tail).toBeCloseTo(1, 11);
  });

  it('keeps small chances between two values in both tails', () => {
    const far = 7.619853024160525e-24 - 1.9106595744986566e-28; // beyond 10 and not beyond 11
    expect(normalBetween(10, 11) / far).toBeCloseTo(1, 10);
    expect(normalBetween(-11, -10) / far).toBeCloseTo(1, 10);
    expect(normalBetween(-Infinity, Infinity)).toBe(1);
    expect(normalBetween(2, 2)).toBe(0);
  });
});

describe.each(['answers', 'answers_and_tactics'] as const)('the best possible probability by %s', (reading) => {
  const scores = cases.map(createPosterior(options, reading));

  it('is calibrated in every tenth', () => {
    const bins = Array.from({ length: 10 }, () => ({ n: 0, scams: 0, expected: 0, variance: 0 }));
    scores.forEach((p, i) => {
      const bin = bins[Math.min(9, Math.floor(p * 10))]!;
      bin.n += 1;
      bin.scams += labels[i]!;
      bin.expected += p;
      // Complaints about one event share their truth; up to four of them make the sum somewhat more variable.
      bin.variance += 1.3 * p * (1 - p);
    });
    for (const { n, scams, expected, variance } of bins) {
      expect(n).toBeGreaterThan(100);
      expect(Math.abs(scams - expected)).toBeLessThan(4 * Math.sqrt(variance));
    }
  });

  it('has the AUC that counting in bins gives without keeping the cases', () => {
    const counted = createBinnedAuc();
    scores.forEach((p, i) => counted.see(p, labels[i]!));
    expect(counted.auc()).toBeCloseTo(auc({ labels, scores }), 5);
  });
});

describe('a model trained on simulated cases', () => {
  it('comes near the best possible AUC and log loss, and does not beat them', () => {
    const settings = {
      ...defaultSettings,
      trainer: 'logistic' as const,
      seed: 1,
      split: { by: 'time', cut: '2026-09-01', share: 0.25 } as const,
      name: 'x',
      version: 1,
      created: '2026-10-01T00:00:00.000Z',
      expires: '2027-10-01',
      codeVersion: 'test',
      simulated: true,
    };
    const given: SimulationOptions = { cases: 16_000, seed: 4, from: '2026-06-01', days: 122 };
    const all = [...simulateCases(given)];
    const { metrics } = trainRun(datasetOf(complaintsSchema, all.map(labelledRow)), settings);
    const held = all.filter((c) => c.received >= '2026-09-01');
    const best = held.map(createPosterior(given, 'answers'));
    const bestAuc = auc({ labels: held.map((c) => c.truth), scores: best });
    const found = metrics.figures['auc']!.value;
    expect(found).toBeLessThan(bestAuc + 0.001);
    expect(found).toBeGreaterThan(bestAuc - 0.008);
    const bestLoss = held.reduce((s, c, i) => s - Math.log(c.truth === 1 ? best[i]! : 1 - best[i]!), 0) / held.length;
    expect(metrics.figures['log_loss']!.value).toBeGreaterThan(bestLoss - 0.004);
  });
});
