import { withCompanions } from '../../../shared/encoding/companions.ts';
import { downgradeSchema } from '../../../shared/encoding/schema-format-1.ts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { simulateCases } from '../../../learning/simulate/index.ts';
import { readSnapshot } from '../../../learning/dataset/snapshot.ts';
import { recordOf } from '../../../learning/dataset/dataset.ts';
import { type KnownCase } from '../../../learning/data/known-case.ts';
import { knownCases, saveCase } from '../../../registry/cases/cases.ts';
import { readCaseRows } from '../../../learning/data/case-rows-file.ts';
import { promoteTactics } from '../../../registry/retraining/promote-tactic.ts';
import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import { anyCommand } from '../../support/commands.ts';
import { testRegistry, type TestRegistry } from '../../support/registry.ts';
import { rejectedLines, reasonsInEnglish } from '../../support/in-english.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-cases-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(() => registry.close());

async function run(...args: string[]) {
  return anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });
}

async function done(...args: string[]) {
  const { code, out, err } = await run(...args, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

const model = { id: '0197a7c0-0000-7000-8000-000000000001', version: 1, sha256: 'ab'.repeat(32) };

/** Cases as laptops sent them: scored, some drawn for a check, most with an outcome, some entered twice. */
function someCases(count: number): KnownCase[] {
  const cases = simulateCases({ cases: count, seed: 4, from: '2026-06-01', days: 90 });
  return Array.from(cases, (entry, i): KnownCase => {
    const id = `0197a7c0-0000-7000-8000-${String(i + 10).padStart(12, '0')}`;
    const verdict = (['scam', 'unclear', 'not_scam'] as const)[i % 3]!;
    const audit = { stratum: verdict, probability: 0.25, drawn: i % 2 === 0 } as const;
    const schema = { id: 'complaints', version: 1 };
    return {
      id,
      source: 'feedback',
      office: entry.office,
      received: entry.received,
      incident: i % 20 < 2 ? `call +49 170 ${Math.floor(i / 20)}` : null,
      scammer: i % 20 > 17 ? `number +49 170 ${Math.floor(i / 60)}` : null,
      urgent: false,
      facts: entry.facts,
      tactics: [...entry.facts.tactics, ...(i % 5 === 0 ? ['noted_later'] : [])],
      scored: { case: id, model, schema, score: 0.5, verdict, outside: [], audit },
      outcome: i % 7 === 0 ? null : entry.truth === 1 ? 'confirmed_scam' : 'genuine_provider',
      outcomeAt: i % 7 === 0 ? null : `${entry.received}T10:00:00.000Z`,
    };
  });
}

async function exported(cases: readonly KnownCase[], name = 'cases.jsonl'): Promise<string> {
  for (const known of cases) await saveCase(registry.context.db, known);
  await done('dataset', 'export', '--folder', registry.folder, '--out', at(name));
  return at(name);
}

const linesOf = (file: string): Record<string, unknown>[] => {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

function written(name: string, lines: readonly unknown[]): string {
  writeFileSync(at(name), lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return at(name);
}

describe('case rows', () => {
  it('holds what a registry knows of its cases and no name of anybody, and comes back as it was', async () => {
    const cases = someCases(60);
    const file = await exported(cases);
    expect(readFileSync(file, 'utf8')).not.toContain('+49 170');
    expect(linesOf(file)[0]).toMatchObject({ format: 'outpost.cases/2', simulated: false, schema: { version: 1 } });
    const read: KnownCase[] = [];
    for await (const line of readCaseRows(file, complaintsSchema)) if ('known' in line) read.push(line.known);
    const plain = (list: readonly KnownCase[]) =>
      list.map(({ incident: _i, scammer: _s, outcomeAt: _at, ...rest }) => rest);
    expect(plain(read)).toEqual(plain(await knownCases(registry.context.db)));
    const together = (list: readonly KnownCase[], by: 'incident' | 'scammer') =>
      list.map((a) => list.filter((b) => a[by] !== null && b[by] === a[by]).map((b) => b.id));
    for (const by of ['incident', 'scammer'] as const) {
      expect(together(read, by)).toEqual(together(await knownCases(registry.context.db), by));
      expect(Math.max(...together(read, by).map((ids) => ids.length))).toBe(by === 'incident' ? 2 : 6);
    }
    await done('dataset', 'export', '--folder', registry.folder, '--out', at('cases.jsonl.gz'));
    expect(linesOf(at('cases.jsonl.gz'))).toEqual(linesOf(file));
  });

  it('gives the dataset a registry would build itself: weights by audit draws, twins and open cases left out', async () => {
    const cases = someCases(400);
    const file = await exported(cases);
    const own = await done('dataset', 'build', '--folder', registry.folder, '--out', at('own'));
    const elsewhere = await done('dataset', 'build', '--data', file, '--out', at('elsewhere'));
    expect(elsewhere).toMatchObject({
      hash: own.hash,
      rows: own.rows,
      scams: own.scams,
      weights: own.weights,
      profile: own.profile,
    });
    expect(elsewhere.provenance).toMatchObject({
      from: 'file',
      name: 'cases.jsonl',
      unlabelled: own.provenance.unlabelled,
    });
    expect(elsewhere.provenance.rejected).toEqual(own.provenance.rejected);
    expect(Object.keys(reasonsInEnglish(own.provenance.rejected)).toSorted()).toEqual([
      'another case of its incident was received first',
      'nothing drew it for a check: it says nothing about those like it',
    ]);
    const { dataset } = readSnapshot(readFileSync(own.file));
    expect(new Set(dataset.frame.weights)).toEqual(new Set([1, 4]));
  });

  it('is trained on, judged by and taken in by another registry', async () => {
    const file = await exported(someCases(900));
    const data = ['--data', file, '--keep-twins'];
    const trained = await done('train', ...data, '--trainer', 'logistic', '--split', 'none', '--out', at('m'));
    const judge = (name: string) => done('evaluate', at('m'), '--data', name, '--repeats', '100');
    const judged = await judge(file);
    expect(judged.rows).toBe(trained.metrics.train.rows);
    const parts = new Set(judged.slices.slices.map((s: { name: string }) => s.name));
    expect([...parts]).toEqual(expect.arrayContaining(['office', 'month', 'contact_channel']));
    const built = await done('dataset', 'build', ...data, '--out', at('kept'));
    const fromDataset = await judge(built.file);
    // What chance adds to the calibration error is drawn, and the draws go by the order of rows, which differs.
    const { calibration_error_beyond_chance: drawn, ...figures } = judged.figures;
    for (const [name, { value }] of Object.entries<{ value: number }>(figures))
      expect(fromDataset.figures[name].value).toBeCloseTo(value, 9);
    expect(Math.abs(fromDataset.figures.calibration_error_beyond_chance.value - drawn.value)).toBeLessThan(0.01);
    const compared = await done('compare', at('m'), at('m'), '--data', file, '--repeats', '100');
    expect(compared).toMatchObject({ result: 'cannot_tell', rows: judged.rows });

    const other = await testRegistry();
    try {
      const take = () => done('dataset', 'import', file, '--folder', other.folder);
      const taken = await take();
      expect(taken).toMatchObject({ imported: judged.rows });
      expect(await take()).toEqual({ ...taken, added: 0 });
      const there = await done('dataset', 'build', '--folder', other.folder, '--keep-twins', '--out', at('there'));
      expect(there).toMatchObject({ rows: built.rows, weights: built.weights, scams: built.scams });
      // Cases laptops sent stay as they are.
      expect(await done('dataset', 'import', file, '--folder', registry.folder)).toMatchObject({ imported: 0 });
    } finally {
      await other.close();
    }
  });

  it('changes nothing of a model but its reference profile by tactics that were noted later', async () => {
    const [head, ...cases] = linesOf(await exported(someCases(500)));
    const files = [cases.map((line) => ({ ...line, noted: (line['facts'] as { tactics: string[] }).tactics })), cases];
    const made = [];
    for (const [i, lines] of files.entries()) {
      const out = at(`late-${i}`);
      await done('train', '--data', written(`late-${i}.jsonl`, [head, ...lines]), '--seed', '2', '--out', out);
      const { model: own, training, reference, ...rest } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
      made.push({ onnx: readFileSync(join(out, 'model.onnx')), own, training, reference, rest });
    }
    const [before, after] = made;
    expect(before!.onnx.equals(after!.onnx)).toBe(true);
    expect(after!.rest).toEqual(before!.rest);
    expect({ ...after!.own, id: '' }).toEqual({ ...before!.own, id: '' });
    expect({ ...after!.training, dataset: '', run: '' }).toEqual({ ...before!.training, dataset: '', run: '' });
    expect(after!.reference.tactics).toHaveProperty('noted_later');
    expect(before!.reference.tactics).not.toHaveProperty('noted_later');
  });

  it('of older schema versions is read under the newest: a tactic promoted since is yes or unknown, never no', async () => {
    const group = { tag: 'noted_early', spellings: ['noted_early', 'early_note'], count: 30 };
    const newest: FeatureSchema = promoteTactics(complaintsSchema, [group], null);
    const [head, ...cases] = linesOf(await exported(someCases(200)));
    const lines = cases.map((line, i) => {
      const facts = line['facts'] as KnownCase['facts'];
      const version = i < 150 ? 1 : 2;
      return {
        ...line,
        facts: { ...facts, schema: { id: 'complaints', version }, tactics: i % 4 === 0 ? ['early_note'] : [] },
      };
    });
    const file = written('newest.jsonl', [{ ...head, schema: newest }, ...lines]);
    const { file: kept } = await done('dataset', 'build', '--data', file, '--keep-twins', '--out', at('newest'));
    const { dataset } = readSnapshot(readFileSync(kept));
    const early = linesOf(file)
      .slice(1)
      .filter((l) => (l['facts'] as KnownCase['facts']).schema.version === 1);
    const lastOld = early
      .map((l) => String(l['received']))
      .toSorted()
      .at(-1)!;
    const values = Array.from({ length: dataset.frame.rows }, (_, i) => recordOf(dataset, i));
    const of = (rows: typeof values) =>
      [...new Set(rows.map((row) => String(row.encoded['tactic_noted_early'])))].toSorted();
    expect(of(values.filter((row) => row.received! < lastOld))).toEqual(['1', 'NaN']);
    expect(of(values.filter((row) => row.received! > lastOld))).toEqual(['0', '1']);
  });
});

describe('bad case rows', () => {
  it('loses only its bad lines, each with its line and why', async () => {
    const [head, ...cases] = linesOf(await exported(someCases(80)));
    const facts = cases[3]!['facts'] as KnownCase['facts'];
    const odd = (more: object) => ({ ...cases[3], id: crypto.randomUUID(), ...more });
    const bad = [
      'no JSON',
      [],
      { ...cases[0], narrative: 'Mrs Miller' },
      odd({ received: 'soon' }),
      odd({ facts: { ...facts, attributes: { asked_remote_access: 'perhaps' } } }),
      odd({ facts: { ...facts, attributes: { contact_minutes: 100_000 } } }),
      odd({ facts: { ...facts, schema: { id: 'table', version: 1 } } }),
      cases[1],
    ];
    const file = written('bad.jsonl', [head, ...cases, '', ...bad]);
    const found: [number, string][] = [];
    for await (const line of readCaseRows(file, complaintsSchema))
      if ('why' in line) found.push(...rejectedLines([{ line: line.line, why: line.why }]));
    expect(found).toEqual([
      [83, 'it is no case'],
      [84, 'it is no case'],
      [85, 'it is no case'],
      [86, 'received is missing or is not what it should be'],
      [87, 'asked_remote_access is neither yes nor no'],
      [88, 'contact_minutes is outside 0 to 1440 min'],
      [89, 'its facts are of another schema than complaints'],
      [90, 'its case came before'],
    ]);
    expect((await run('dataset', 'build', '--data', file, '--out', at('bad'))).code).toBe(0);
  });

  it('of the first format, with the words among the definitions of its schema, is read as before', async () => {
    const [head, ...cases] = linesOf(await exported(someCases(60)));
    const { texts: _texts, ...rest } = head!;
    const first = { ...rest, format: 'outpost.cases/1', schema: downgradeSchema(withCompanions(complaintsSchema)) };
    const old = cases.map((line) => {
      const { schema, ...facts } = line['facts'] as { schema: { id: string; version: number } };
      return { ...line, facts: { ...facts, schema: { id: schema.id, version: schema.version } } };
    });
    const hashOf = async (file: string): Promise<string> =>
      (await done('dataset', 'build', '--data', file, '--out', at('formats'))).hash;
    expect(await hashOf(written('first.jsonl', [first, ...old]))).toBe(await hashOf(at('cases.jsonl')));
  });

  it('is refused as a whole when its first line is none, or of a later format, or it is cut short', async () => {
    const [head, ...cases] = linesOf(await exported(someCases(40)));
    const build = (name: string) => run('dataset', 'build', '--data', name, '--out', at('bad'));
    expect(await build(written('none.jsonl', cases))).toMatchObject({
      code: 2,
      err: expect.stringContaining('holds no case rows'),
    });
    const later = await build(written('later.jsonl', [{ ...head, format: 'outpost.cases/3', more: 1 }, ...cases]));
    expect(later).toMatchObject({
      code: 2,
      err: expect.stringContaining('outpost.cases/3) this version does not know'),
    });
    const packed = gzipSync(readFileSync(at('cases.jsonl')));
    writeFileSync(at('cut.jsonl.gz'), packed.subarray(0, packed.length - 40));
    expect(await build(at('cut.jsonl.gz'))).toMatchObject({ code: 2, err: expect.stringContaining('cut short') });
    expect(await build(at('nowhere.jsonl'))).toMatchObject({ code: 2, err: expect.stringContaining('no such file') });
    expect(await build(written('empty.jsonl', []))).toMatchObject({ code: 2 });
  });

  it('takes no options for columns', async () => {
    const file = await exported(someCases(40));
    const weighted = await run('train', '--data', file, '--weight', 'w', '--out', at('bad'));
    expect(weighted).toMatchObject({ code: 2, err: expect.stringContaining('--weight is for CSV files') });
  });
});
