import { describe, expect, it } from 'vitest';
import { bundledRun } from '../../../../learning/bundled.ts';
import { datasetOf, type DatedRow } from '../../../../learning/dataset/dataset.ts';
import { defaultSettings } from '../../../../learning/train/settings.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { trainRun, type TrainResult } from '../../../../learning/train/train.ts';
import { promoteTactics } from '../../../../registry/retraining/promote-tactic.ts';
import { scoreFacts } from '../../../../learning/evaluation/score-model.ts';
import { understoodTags } from '../../../../shared/drift/tactics.ts';
import { groupTactics } from '../../../../shared/domain/tactic-groups.ts';
import { normaliseTactic } from '../../../../shared/domain/tactics.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { ratesOf, type Rates } from '../../../support/rates.ts';

async function judged({ model, manifest }: TrainResult, rows: readonly DatedRow[]): Promise<Rates> {
  const scores = await scoreFacts(
    model,
    manifest,
    rows.map((row) => row.facts),
  );
  const labels = rows.map((row) => row.label);
  return ratesOf(labels, scores, manifest.thresholds);
}

describe('a change of tactics and what training again does about it', () => {
  it('makes the old model miss scams, and a model that knows the tactic find them again without accusing more', async () => {
    const changeAt = '2026-11-15';
    const cases = [...simulateCases({ cases: 7000, seed: 77, from: '2026-10-01', days: 150, changeAt })];
    const rows = cases.map((c): DatedRow => ({
      facts: c.facts,
      label: c.truth,
      received: c.received,
      incident: c.incident,
    }));
    const cut = '2027-01-25';
    const champion = bundledRun();
    const before = await judged(
      champion,
      rows.filter((row) => row.received < changeAt),
    );
    const unseen = rows.filter((row) => row.received >= cut);
    const after = await judged(champion, unseen);
    expect(before.missed.value).toBeLessThan(0.05);
    expect(after.missed.value).toBeGreaterThan(0.12);
    expect(after.missed.value).toBeLessThan(0.3);

    const counts = new Map<string, number>();
    for (const row of rows.filter((r) => r.received < cut)) {
      for (const tag of new Set(row.facts.tactics.map((t) => normaliseTactic(t, complaintsSchema.synonyms))))
        counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    const understood = understoodTags(complaintsSchema);
    const upi = groupTactics(counts, understood, complaintsSchema.synonyms).filter((g) => !understood.has(g.tag))[0]!;
    expect(upi.spellings).toEqual([
      'paid_by_upi',
      'upi',
      'upi_collect',
      'upi_collect_request',
      'upi_payment',
      'upi_paymnet',
    ]);
    const schema = promoteTactics(complaintsSchema, [upi], 'a'.repeat(64));
    const settings = {
      ...defaultSettings,
      seed: 3,
      split: { by: 'time', cut, share: 0.25 } as const,
      name: 'Complaints 2027-1',
      version: 2,
      created: '2027-02-28T00:00:00.000Z',
      expires: '2028-02-28',
      codeVersion: 'test',
      simulated: true,
    };
    const candidate = trainRun(
      datasetOf(
        schema,
        rows.filter((row) => row.received >= changeAt),
      ),
      settings,
    );
    const repaired = await judged(candidate, unseen);
    console.log(
      `missed: ${(100 * before.missed.value).toFixed(1)} % before, ${(100 * after.missed.value).toFixed(1)} % after the change, ${(100 * repaired.missed.value).toFixed(1)} % retrained; ` +
        `accused: ${(100 * before.wrongAccusation.value).toFixed(1)} %, ${(100 * after.wrongAccusation.value).toFixed(1)} %, ${(100 * repaired.wrongAccusation.value).toFixed(1)} %; ` +
        `recall: ${(100 * before.recall.value).toFixed(1)} %, ${(100 * after.recall.value).toFixed(1)} %, ${(100 * repaired.recall.value).toFixed(1)} %`,
    );
    expect(repaired.missed.value).toBeLessThan(0.06);
    expect(repaired.recall.value).toBeGreaterThan(after.recall.value + 0.15);
    expect(repaired.wrongAccusation.value).toBeLessThanOrEqual(before.wrongAccusation.high);
  });
});
