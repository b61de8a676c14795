import { describe, expect, it } from 'vitest';
import { featuresOf } from '../../../../../learning/trainers/boosting/bins.ts';
import { booster } from '../../../../../learning/trainers/boosting/boost.ts';
import { targetsOf } from '../../../../../learning/trainers/boosting/gradients.ts';
import { binned } from '../../../../../learning/trainers/boosting/groups.ts';
import { boostingTrainer, type BoostedModel } from '../../../../../learning/trainers/boosting/index.ts';
import { bestRounds, watchedParts } from '../../../../../learning/trainers/boosting/rounds.ts';
import { allRows, type Frame } from '../../../../../learning/dataset/frame.ts';
import { createRandom } from '../../../../../learning/statistics/random.ts';
import type { FitContext } from '../../../../../learning/trainers/base/trainer.ts';
import { logLoss } from '../../../../../shared/metrics/index.ts';
import { frameOf } from './frames.ts';
import { inEnglish } from '../../../../support/saying.ts';

function fit(frame: Frame, extra: Record<string, unknown> = {}, context: FitContext = { seed: 1 }): BoostedModel {
  return boostingTrainer.fit(frame, allRows(frame), boostingTrainer.params.parse(extra), context) as BoostedModel;
}

function numbers(values: readonly number[], labels: readonly number[]): Frame {
  const rows = values.map((x) => ({ x }));
  return frameOf({ x: 'number' }, rows, labels);
}

describe('early stopping', () => {
  const noise = (rows: number, share: number) => {
    const random = createRandom(12);
    const values = Array.from({ length: rows }, () => random.normal());
    return numbers(
      values,
      values.map(() => Number(random.chance(share))),
    );
  };

  it('keeps few rounds where there is nothing to learn, and all where there is', () => {
    expect(fit(noise(4000, 0.5)).summary['trees']).toBeLessThan(20);
    const random = createRandom(13);
    const values = Array.from({ length: 4000 }, () => random.normal());
    const clear = numbers(
      values,
      values.map((x) => Number(random.chance(1 / (1 + Math.exp(-3 * Math.sin(3 * x)))))),
    );
    expect(fit(clear, { rounds: 25 }).summary['trees']).toBe(25);
  });

  it('goes by cross-validation where too few rows of a class could be held back', () => {
    for (const [rows, share] of [[900, 0.1] as const, [400, 0.5] as const, [3000, 0.15] as const]) {
      const frame = noise(rows, share);
      const model = fit(frame);
      expect(model.summary).toMatchObject({ rows_watched: rows, parts_watched: 5, rounds_at_most: 200 });
      expect(model.summary['trees']).toBeLessThan(10);
      expect(fit(frame).ensemble).toEqual(model.ensemble);
      const scores = Array.from(model.margins(frame, allRows(frame)), (z) => 1 / (1 + Math.exp(-z)));
      const rate = frame.labels.reduce((sum, y) => sum + y, 0) / rows;
      // What the very rows it learned from let it gain is next to nothing.
      const constant = logLoss({ labels: [...frame.labels], scores: scores.map(() => rate) });
      expect(logLoss({ labels: [...frame.labels], scores })).toBeGreaterThan(constant - 0.03);
    }
  });

  it('is the number of rounds that grown one by one on five folds has the smallest mean loss', () => {
    const random = createRandom(15);
    // Few values, so that the bins of the folds are those of all rows.
    const values = Array.from({ length: 300 }, () => random.below(8));
    const frame = numbers(
      values,
      values.map((x) => Number(random.chance(1 / (1 + Math.exp(3 - x))))),
    );
    const params = boostingTrainer.params.parse({ rounds: 60 });
    const parts = watchedParts(frame, allRows(frame), 0.1, createRandom(4));
    expect(parts.map(({ order, fitted }) => order.length - fitted).reduce((a, b) => a + b)).toBe(300);
    const losses = Array.from({ length: 61 }, (_, rounds) =>
      parts.reduce((sum, { order, fitted }) => {
        const [kept, rest] = [order.slice(0, fitted), order.slice(fitted)];
        const base = kept.reduce((n, i) => n + frame.labels[i]!, 0) / kept.length;
        const one =
          rounds === 0
            ? Array.from(rest, () => base)
            : Array.from(
                boostingTrainer
                  .fit(frame, kept, { ...params, rounds, earlyStopping: null }, { seed: 1 })
                  .margins(frame, rest),
                (z) => 1 / (1 + Math.exp(-z)),
              );
        return sum + rest.length * logLoss({ labels: Array.from(rest, (i) => frame.labels[i]!), scores: one });
      }, 0),
    );
    const features = (order: Uint32Array) => {
      const found = featuresOf(frame, order, 256, createRandom(1));
      return { data: binned(frame, order, found), ...targetsOf(frame, order), monotone: new Int8Array(found.length) };
    };
    const boosters = parts.map(({ order, fitted }) => booster(features(order), params, fitted, createRandom(1)));
    const best = bestRounds(boosters, { most: 60, patience: 60 }, { seed: 1 });
    expect(best).toBe(losses.indexOf(Math.min(...losses)));
  });

  it('is left out where a class has hardly any incidents', () => {
    const random = createRandom(12);
    const values = Array.from({ length: 200 }, () => random.normal());
    const labels = values.map((_, i) => Number(i < 40));
    const few = values.map((_, i) => (i < 40 ? i % 9 : i));
    const rows = values.map((x) => ({ x }));
    const model = fit(frameOf({ x: 'number' }, rows, labels, { groups: few }), { rounds: 60 });
    expect(model.summary).toMatchObject({ rows_watched: 0, parts_watched: 0, trees: 60 });
    expect(inEnglish(boostingTrainer.fitText!(model.summary)!)).toMatch(
      /60 trees of at most 60, all of them kept: one label has too few cases or incidents/,
    );
    expect(fit(frameOf({ x: 'number' }, rows, labels), { rounds: 60 }).summary).toMatchObject({ rows_watched: 200 });
  });

  it('reports its progress and stops when asked to, also in cross-validation', () => {
    const shares: number[] = [];
    fit(noise(300, 0.3), {}, { seed: 1, onProgress: (share) => void shares.push(share) });
    expect(shares.every((share, i) => i === 0 || share >= shares[i - 1]!)).toBe(true);
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
    let asked = 0;
    const stop = () => fit(noise(300, 0.3), {}, { seed: 1, cancelled: () => ++asked > 7 });
    expect(stop).toThrow(expect.objectContaining({ code: 'CANCELLED' }));
    expect(asked).toBe(8);
  });

  it('holds whole incidents back', () => {
    // Eight reports of each incident and random labels: with reports on either side rote learning seems to help for ever.
    const random = createRandom(14);
    const labelOf = Array.from({ length: 250 }, () => Number(random.chance(0.5)));
    const incidents = Array.from({ length: 8 * 250 }, (_, i) => i % 250);
    const rows = incidents.map((x) => ({ x }));
    const labels = incidents.map((i) => labelOf[i]!);
    const deep = { maxDepth: 12, minChildWeight: 0, lambda: 0.01, rounds: 40 };
    const trees = (extra: object) => fit(frameOf({ x: 'number' }, rows, labels, extra), deep).summary['trees']!;
    expect(trees({ groups: incidents })).toBeLessThan(5);
    expect(trees({})).toBeGreaterThan(20);
    // The same with so few rows that cross-validation counts the rounds.
    const groups = Array.from({ length: 800 }, (_, i) => i % 100);
    const small = (extra: object) => {
      const x = groups.map((value) => ({ x: value }));
      const y = groups.map((i) => labelOf[i]!);
      return fit(frameOf({ x: 'number' }, x, y, extra), deep).summary;
    };
    expect(small({ groups })['parts_watched']).toBe(5);
    expect(small({ groups })['trees']).toBeLessThan(5);
    expect(small({})['trees']).toBeGreaterThan(20);
  });
});
