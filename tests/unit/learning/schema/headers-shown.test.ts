import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTraining, type TrainingFile } from '../../../../learning/data/read-training.ts';
import { leakageOf, requireNoLeak } from '../../../../learning/dataset/leakage.ts';
import { defaultSliceOptions } from '../../../../learning/evaluation/settings.ts';
import { evaluateSlices } from '../../../../learning/evaluation/slices.ts';
import { sliceLines } from '../../../../learning/evaluation/text.ts';
import { singleGroups } from '../../../../learning/figures/cases.ts';
import { chooseBinding } from '../../../../learning/import/binding.ts';
import type { Kind } from '../../../../learning/schema/infer.ts';
import { headersOfFile } from '../../../../shared/encoding/headers-of-file.ts';
import { inEnglish, saying } from '../../../support/saying.ts';

/** "Channel" and "told" in Hindi, as the file has them. */
const [channel, story] = ['माध्यम', 'बताया'] as const;
const attribute = 'u92eu93eu927u94du92fu92e';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-headers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reading(kinds: ReadonlyMap<string, Kind> | null = null): Promise<TrainingFile> {
  const file = join(folder, 'table.csv');
  const lines = Array.from({ length: 80 }, (_, i) => `${['phone', 'visit', 'letter'][i % 3]},${i % 2},${i % 2}`);
  writeFileSync(file, `${channel},${story},y\n${lines.join('\n')}\n`);
  const schema = kinds === null ? null : { kind: 'kinds' as const, kinds };
  return readTraining(file, { label: 'y', time: null, ignore: [], schema, keepTwins: false });
}

describe('a header beyond ASCII', () => {
  it('is what people see of its column, whose attribute has a name in ASCII', async () => {
    const { dataset } = await reading();
    expect(dataset.schema.attributes[0]!.name).toBe(attribute);
    expect(headersOfFile(dataset.texts)(attribute)).toBe(channel);
    expect(headersOfFile([])(attribute)).toBe(attribute);
  });

  it('is named where its column tells the label, as --ignore and --allow-leak take it', async () => {
    const { dataset } = await reading();
    const findings = leakageOf(dataset);
    expect(findings[0]).toMatchObject({ header: story, kind: 'tells_label' });
    expect(inEnglish(findings[0]!.sentence)).toBe(`${story} is the label, or its opposite, in every row.`);
    expect(() => requireNoLeak(findings)).toThrow(saying(`(--ignore ${story})`));
    expect(() => requireNoLeak(findings, [story])).not.toThrow();
  });

  it('is named where cells cannot be read', async () => {
    await expect(reading(new Map([[channel, 'boolean']]))).rejects.toSatisfy((error) =>
      inEnglish((error as { sentence: never }).sentence).includes(channel),
    );
  });

  it('is named where a part of the cases is worse than the rest', () => {
    const rows = 6000;
    const labels = Uint8Array.from({ length: rows }, (_, i) => Number(i % 2 === 0));
    const codes = Array.from({ length: rows }, (_, i) => Number(i % 5 === 0));
    const scores = Float64Array.from(labels, (label, i) => (label === 1 && codes[i] === 0 ? 0.9 : 0.1));
    const cases = { labels, weights: new Float64Array(rows).fill(1), groups: singleGroups(rows) };
    const slicing = { name: attribute, levels: ['phone', 'visit'], codes };
    const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };
    const report = evaluateSlices(cases, scores, thresholds, [slicing], defaultSliceOptions);
    const lines = sliceLines(report, (name) => (name === attribute ? channel : name)).map(inEnglish);
    expect(lines.some((line) => line.includes(channel) && line.includes('visit'))).toBe(true);
    expect(lines.join('\n')).not.toContain(attribute);
  });

  it('is named where a model cannot be fed by its column', async () => {
    const { dataset } = await reading();
    const inputs = { layout: 'columns', inputs: [{ name: 'channel', type: 'float' }] } as const;
    expect(() => chooseBinding(dataset, inputs, { columns: [channel] })).toThrow(saying(channel));
    expect(() => chooseBinding(dataset, inputs, { columns: ['nothing'] })).toThrow(saying(channel));
  });
});
