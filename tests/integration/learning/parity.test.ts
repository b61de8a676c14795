import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auc, logLoss } from '../../../shared/metrics/index.ts';
import { outpostCommand, learnCommand } from '../../support/commands.ts';
import { hasReferenceData, referenceFigures, referenceRows } from '../../support/reference-data.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-parity-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ignored: Record<string, string[]> = { adult: ['part'], elec2: ['t'], ftc_dnc_2020: ['date'] };

/** Writes the training and the test part of split S as CSV files; the test part keeps its label, which nobody reads. */
function writeSplit(set: string): { train: string; test: string } {
  const rows = referenceRows(set, set);
  const held = new Set(
    referenceRows(set, 'predictions')
      .filter((r) => r['split'] === 'S')
      .map((r) => Number(r['row'])),
  );
  const write = (name: string, part: Record<string, string>[]): string => {
    const file = join(folder, `${set}-${name}.csv`);
    writeFileSync(file, stringify(part, { header: true }));
    return file;
  };
  return {
    train: write(
      'train',
      rows.filter((_, i) => !held.has(i)),
    ),
    test: write(
      'test',
      rows.filter((_, i) => held.has(i)),
    ),
  };
}

async function figures(set: string, trainer: string): Promise<{ auc: number; logLoss: number }> {
  const { train, test } = writeSplit(set);
  const out = join(folder, `${set}-${trainer}`);
  const flags = ['--label', 'y', '--ignore', ignored[set]!.join(','), '--trainer', trainer, '--seed', '1'];
  const trained = await learnCommand([
    'train',
    '--data',
    train,
    ...flags,
    '--out',
    out,
    '--runs',
    join(folder, 'runs'),
  ]);
  expect(trained).toMatchObject({ code: 0 });
  const scoredFile = join(folder, `${set}-${trainer}.csv`);
  const model = ['--model', join(out, 'model.onnx'), '--manifest', join(out, 'manifest.json')];
  const scored = await outpostCommand(['score', test, ...model, '--no-reasons', '--out', scoredFile]);
  expect(scored).toMatchObject({ code: 0 });
  const rows: Record<string, string>[] = parse(readFileSync(scoredFile), { columns: true });
  const data = { labels: rows.map((r) => Number(r['y'])), scores: rows.map((r) => Number(r['score'])) };
  return { auc: auc(data), logLoss: logLoss(data) };
}

describe.runIf(hasReferenceData('trainers against scikit-learn and XGBoost'))('from CSV to scored CSV', () => {
  it.each(['adult', 'elec2', 'ftc_dnc_2020'])('%s: the logistic trainer comes to the reference', async (set) => {
    const wanted = referenceFigures(set)['split_S'].lr;
    const found = await figures(set, 'logistic');
    console.log(
      `${set}, logistic: AUC ${found.auc.toFixed(6)} (${wanted.auc}), log loss ${found.logLoss.toFixed(6)} (${wanted.logloss})`,
    );
    expect(Math.abs(found.auc - wanted.auc)).toBeLessThan(0.001);
    expect(Math.abs(found.logLoss - wanted.logloss)).toBeLessThan(0.001);
  });

  it.each(['adult', 'elec2', 'ftc_dnc_2020'])('%s: boosted trees come near XGBoost', async (set) => {
    const wanted = referenceFigures(set)['split_S'].xgb;
    const found = await figures(set, 'boosting');
    console.log(
      `${set}, boosting: AUC ${found.auc.toFixed(6)} (${wanted.auc}), log loss ${found.logLoss.toFixed(6)} (${wanted.logloss})`,
    );
    expect(found.auc).toBeGreaterThan(wanted.auc - (set === 'ftc_dnc_2020' ? 0.01 : 0.005));
    expect(found.logLoss).toBeLessThan(wanted.logloss * 1.03);
  });
});
