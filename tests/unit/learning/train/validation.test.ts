import { describe, expect, it } from 'vitest';
import { datasetOf, type DatedRow } from '../../../../learning/dataset/dataset.ts';
import { fitRows } from '../../../../learning/train/fitting.ts';
import { allRows, type Frame } from '../../../../learning/dataset/frame.ts';
import { validateInWorker } from '../../../../learning/train/train-in-worker.ts';
import { defaultSettings, type TrainSettings } from '../../../../learning/train/settings.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { trainerOf } from '../../../../learning/trainers/index.ts';
import { validate } from '../../../../learning/train/inner-validation.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { logLoss } from '../../../../shared/metrics/index.ts';

const rows = [...simulateCases({ cases: 900, seed: 5, from: '2026-06-01', days: 60 })].map((c): DatedRow => ({
  facts: c.facts,
  label: c.truth,
  weight: c.truth === 1 ? 1 : 3,
  received: c.received,
  incident: c.incident,
}));
const frameOf = (from: string, until: string): Frame =>
  datasetOf(
    complaintsSchema,
    rows.filter((row) => row.received >= from && row.received < until),
  ).frame;
const settings: TrainSettings = {
  ...defaultSettings,
  seed: 1,
  name: 'A test',
  created: '2026-08-01T00:00:00.000Z',
  expires: '2027-08-01',
  codeVersion: 'test',
  simulated: true,
};
const blocks = [
  { learn: frameOf('2026-06-01', '2026-07-01'), unseen: frameOf('2026-07-01', '2026-07-10') },
  { learn: frameOf('2026-06-01', '2026-07-10'), unseen: frameOf('2026-07-10', '2026-08-01') },
];

describe('validation on later rows', () => {
  it('scores each block by one fit on the rows before it, weighted as the rows are', () => {
    const margins = blocks.flatMap(({ learn, unseen }) => [
      ...trainerOf('logistic', {}).fit(learn, allRows(learn), { seed: 1 }).margins(unseen, allRows(unseen)),
    ]);
    const scores = margins.map((margin) => 1 / (1 + Math.exp(-margin)));
    const labels = blocks.flatMap(({ unseen }) => [...unseen.labels]);
    const weights = blocks.flatMap(({ unseen }) => [...unseen.weights]);
    const found = validate(blocks, settings, { seed: 1 });
    expect([...found.scores]).toEqual(scores.map((score) => expect.closeTo(score, 12)));
    expect(found.logLoss).toBeCloseTo(logLoss({ labels, scores, weights }), 12);
    expect(found.standardError).toBeGreaterThan(0);
  });

  it('calibrates by the rows before: labels of the rows that are judged cannot change their scores', () => {
    const trees: TrainSettings = { ...settings, trainer: 'boosting', params: { rounds: 20, maxDepth: 2 } };
    const judged = validate(blocks, trees, { seed: 1 });
    const other = blocks.map(({ learn, unseen }) => ({
      learn,
      unseen: { ...unseen, labels: unseen.labels.map((label, i) => (i % 3 === 0 ? 1 - label : label)) },
    }));
    const again = validate(other, trees, { seed: 1 });
    expect(again.scores).toEqual(judged.scores);
    expect(again.logLoss).toBeGreaterThan(judged.logLoss);
    // What ships: the calibration that training sets on out-of-fold margins of the same rows.
    const { learn, unseen } = blocks[0]!;
    const [fitted] = fitRows(learn, [allRows(learn)], trees, { seed: 1 });
    const margins = [...fitted!.model.margins(unseen, allRows(unseen))];
    expect(fitted!.calibrator.kind).not.toBe('none');
    expect([...judged.scores.slice(0, unseen.rows)]).toEqual(margins.map(fitted!.calibrator.probability));
  });

  it('gives the same in a thread, for trees with their calibration too, and stops when it is asked to', async () => {
    const trees: TrainSettings = { ...settings, trainer: 'boosting', params: { rounds: 20, maxDepth: 2 } };
    expect(await validateInWorker(blocks, trees)).toEqual(validate(blocks, trees, { seed: 1 }));
    const cancelled = { seed: 1, cancelled: () => true };
    expect(() => validate(blocks, trees, cancelled)).toThrow(expect.objectContaining({ code: 'CANCELLED' }));
  });

  it('refuses blocks without anything to judge by or to learn from, and no trainer in particular', () => {
    const nothing = frameOf('2026-01-01', '2026-01-02');
    const refused = (learn: Frame, unseen: Frame, changed: Partial<TrainSettings> = {}) =>
      expect(() => validate([{ learn, unseen }], { ...settings, ...changed }, { seed: 1 })).toThrow(
        expect.objectContaining({ code: 'BAD_INPUT' }),
      );
    refused(blocks[0]!.learn, nothing);
    refused(nothing, blocks[0]!.unseen);
    refused(blocks[0]!.learn, blocks[0]!.unseen, { trainer: 'auto' });
  });
});
