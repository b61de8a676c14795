import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseManifest } from '../../../platform/models/parse-manifest.ts';
import { checkModel } from '../../../platform/models/check-model.ts';
import { saveBlob } from '../../../platform/blobs/by-hash.ts';
import { outpostCommand, learnCommand } from '../../support/commands.ts';
import { boostedBytes, boostedScore, logisticFit, logisticPipelineBytes } from '../../support/foreign-models.ts';
import { toySchema } from '../../support/models.ts';
import { testRegistry } from '../../support/registry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-import-'));
  writeFileSync(at('schema.json'), JSON.stringify(toySchema));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const stated = ['--not-scam-below', '0.3', '--scam-from', '0.7', '--base-rate', '0.5'];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Labelled cases of the toy schema whose label follows the boosted trees' own score. */
function labelledCsv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const asked = i % 2;
    const contract = Number(i % 3 === 0);
    const minutes = (i * 7) % 90;
    const y = Number(boostedScore([asked, contract, minutes]) > 0.5 !== (i % 11 === 0));
    return `${asked},${contract},${minutes},${i % 5 ? 'phone' : 'popup'},2026-0${1 + (i % 9)}-03,${y}`;
  });
  return `asked,contract,minutes,channel,received,y\n${lines.join('\n')}\n`;
}

function importPipeline(...more: string[]) {
  writeFileSync(at('pipe.onnx'), logisticPipelineBytes());
  return learnCommand(['import-model', '--model', at('pipe.onnx'), '--schema', at('schema.json'), ...more]);
}

describe('registry import-model', () => {
  it('makes of a scikit-learn pipeline a model that outpost score scores with', async () => {
    const done = await importPipeline(...stated, '--out', at('model'), '--simulated', '--json');
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(at('model')).toSorted()).toEqual(['manifest.json', 'metrics.json', 'model.onnx']);
    const model = readFileSync(at('model/model.onnx'));
    const manifest = parseManifest(readFileSync(at('model/manifest.json')));
    expect(() => checkModel(manifest, model)).not.toThrow();
    expect(manifest.model).toMatchObject({ name: 'pipe', version: 1, expires: '2027-11-01', sha256: sha256(model) });
    expect(manifest.training.imported?.sha256).toBe(sha256(logisticPipelineBytes()));
    expect(JSON.parse(done.out)).toMatchObject({ model: manifest.model, binding: manifest.binding });

    const cases = logisticFit.rows.map((r) => [r.asked ?? '', r.contract ?? '', r.minutes ?? '', r.channel, 'kept']);
    writeFileSync(at('cases.csv'), `asked,contract,minutes,channel,note\n${cases.map((c) => c.join()).join('\n')}\n`);
    const files = ['--model', at('model/model.onnx'), '--manifest', at('model/manifest.json')];
    const scored = await outpostCommand(['score', at('cases.csv'), ...files, '--json']);
    expect(scored.code).toBe(0);
    const rows = scored.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { score: number; note: string; outside_model: unknown });
    rows.forEach((row, i) => expect(row.score).toBeCloseTo(logisticFit.probabilities[i]!, 4));
    expect(rows.map((row) => row.note)).toEqual(['kept', 'kept', 'kept', 'kept']);
  });

  it('makes a model that the registry proposes for approval, saying where it came from', async () => {
    await importPipeline(...stated, '--out', at('model'));
    const registry = await testRegistry();
    try {
      const hash = async (name: string): Promise<string> =>
        (await saveBlob(registry.context.blobs, readFileSync(at(`model/${name}`)))).sha256;
      const trainer = registry.client(registry.tokens.trainer).admin;
      const proposal = await trainer.propose({
        model: await hash('model.onnx'),
        manifest: await hash('manifest.json'),
      });
      expect(proposal).toMatchObject({
        state: 'open',
        manifest: { training: { imported: { producer: 'skl2onnx 1.14.0' } } },
      });
    } finally {
      await registry.close();
    }
  });

  it('makes the same bytes again', async () => {
    await importPipeline(...stated, '--out', at('a'));
    await importPipeline(...stated, '--out', at('b'));
    for (const name of ['model.onnx', 'manifest.json', 'metrics.json']) {
      expect(readFileSync(at(`a/${name}`))).toEqual(readFileSync(at(`b/${name}`)));
    }
  });

  it('takes columns, thresholds and figures from labelled cases, and evaluate finds the same figures', async () => {
    writeFileSync(at('boosted.onnx'), boostedBytes());
    writeFileSync(at('cases.csv'), labelledCsv(300));
    const files = ['--model', at('boosted.onnx'), '--schema', at('schema.json'), '--data', at('cases.csv')];
    const columns = ['--columns', 'asked,contract,minutes'];
    const done = await learnCommand(['import-model', ...files, ...columns, '--out', at('model')]);
    expect(done.code).toBe(0);
    expect(done.out).toMatch(/The matrix input takes asked, contract, minutes\. .*column 1 of probabilities/);
    expect(done.out).toMatch(/On the 300 cases given: AUC 0\.84/);
    const metrics = JSON.parse(readFileSync(at('model/metrics.json'), 'utf8')) as { figures: unknown };
    const model = ['--model', at('model/model.onnx'), '--manifest', at('model/manifest.json')];
    const judged = await learnCommand(['evaluate', ...model, '--data', at('cases.csv'), '--json']);
    expect(judged.code).toBe(0);
    const { figures } = JSON.parse(judged.out) as { figures: Record<string, { value: number }> };
    const own = metrics.figures as Record<string, { value: number }>;
    expect(Object.keys(own)).toEqual(expect.arrayContaining(['auc', 'log_loss', 'recall', 'wrong_accusation']));
    for (const name of ['auc', 'log_loss', 'recall']) expect(figures[name]?.value).toBeCloseTo(own[name]!.value, 9);
  });

  it('takes a matrix in the order of the header when the numbers of columns agree', async () => {
    writeFileSync(at('boosted.onnx'), boostedBytes());
    const lines = labelledCsv(100).split('\n');
    const without = lines.map((line) => line.split(',').toSpliced(3, 1).join());
    writeFileSync(at('cases.csv'), without.join('\n'));
    const files = ['--model', at('boosted.onnx'), '--schema', at('schema.json'), '--data', at('cases.csv')];
    const done = await learnCommand(['import-model', ...files, '--out', at('model'), '--json']);
    expect(JSON.parse(done.out)).toMatchObject({ binding: { columns: ['asked', 'contract', 'minutes'] } });
  });

  it('says when the columns of a matrix stand in an order the model did not learn', async () => {
    writeFileSync(at('boosted.onnx'), boostedBytes());
    writeFileSync(at('cases.csv'), labelledCsv(300));
    const files = ['--model', at('boosted.onnx'), '--schema', at('schema.json'), '--data', at('cases.csv')];
    const wrong = await learnCommand([
      'import-model',
      ...files,
      '--columns',
      'minutes,asked,contract',
      '--out',
      at('wrong'),
    ]);
    expect(wrong.out).toMatch(/worse than giving every case the base rate .* matrix go by their order alone/);
    const right = await learnCommand([
      'import-model',
      ...files,
      '--columns',
      'asked,contract,minutes',
      '--out',
      at('model'),
    ]);
    expect(right.out).not.toMatch(/worse than giving every case the base rate/);
  });

  it('infers the schema from labelled cases where none is given, and says so', async () => {
    writeFileSync(at('pipe.onnx'), logisticPipelineBytes());
    writeFileSync(at('cases.csv'), labelledCsv(300).replace('asked,contract', 'Asked,Contract'));
    const files = ['--model', at('pipe.onnx'), '--data', at('cases.csv'), '--time', 'received'];
    const done = await learnCommand(['import-model', ...files, '--out', at('model')]);
    expect(done).toMatchObject({ code: 0, err: expect.stringMatching(/minutes +number .*\n +channel +category /) });
    const manifest = parseManifest(readFileSync(at('model/manifest.json')));
    expect(manifest.schema.attributes.map((a) => a.name)).toEqual(['asked', 'contract', 'minutes', 'channel']);
    expect(manifest.training.baseRate).toBeGreaterThan(0.1);
  });

  it('takes further spellings of unknown and columns of codes as learn train does', async () => {
    writeFileSync(at('pipe.onnx'), logisticPipelineBytes());
    const codes = labelledCsv(300).replaceAll(',phone,', ',1,').replaceAll(',popup,', ',2,');
    writeFileSync(at('cases.csv'), codes.replaceAll(/^1,([01]),7,/gm, '1,$1,refused,'));
    const files = ['--model', at('pipe.onnx'), '--data', at('cases.csv'), '--time', 'received'];
    const spellings = ['--missing', '–,refused', '--categories', 'channel'];
    const plain = await learnCommand(['import-model', ...files, '--out', at('plain')]);
    expect(plain.err).toMatch(/minutes +left out .*\n +channel +number /);
    const done = await learnCommand(['import-model', ...files, ...spellings, '--out', at('model')]);
    expect(done).toMatchObject({ code: 0, err: expect.stringMatching(/minutes +number .*\n +channel +category /) });
    const { schema } = parseManifest(readFileSync(at('model/manifest.json')));
    expect(schema.attributes.map((a) => [a.name, a.kind])).toEqual([
      ['asked', 'boolean'],
      ['contract', 'boolean'],
      ['minutes', 'number'],
      ['channel', 'category'],
    ]);
    const under = [...files, '--schema', at('schema.json'), '--out', at('under')];
    const refused = await learnCommand(['import-model', ...under, '--categories', 'channel']);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('leave one of them out') });
    writeFileSync(at('cases.csv'), labelledCsv(300).replaceAll(/^1,0,\d+,/gm, '1,0,refused,'));
    const words = await learnCommand(['import-model', ...under, '--missing', 'refused']);
    expect(words.err).not.toContain('left out');
    expect(words.out).toContain('On the 300 cases given');
  });

  it('names all that is missing, and writes nothing', async () => {
    const done = await importPipeline('--out', at('model'));
    expect(done).toMatchObject({ code: 2, out: '' });
    expect(done.err).toMatch(/^To import this model, add:\n {2}--not-scam-below and --scam-from .*\n {2}--base-rate/);
    expect(existsSync(at('model'))).toBe(false);
  });

  it('says when the wrong class was taken for scam', async () => {
    writeFileSync(at('boosted.onnx'), boostedBytes());
    writeFileSync(at('cases.csv'), labelledCsv(100));
    const files = ['--model', at('boosted.onnx'), '--schema', at('schema.json'), '--data', at('cases.csv')];
    const options = ['--columns', 'asked,contract,minutes', '--positive', '0', '--out', at('model')];
    expect((await learnCommand(['import-model', ...files, ...options])).out).toMatch(/check --positive/);
  });

  it.each([
    ['no ONNX file', ['--model', 'schema.json'], /no model in the ONNX format: it looks like JSON/],
    ['a file that is not there', ['--model', 'nope.onnx'], /nope\.onnx cannot be read/],
    ['a schema that is none', ['--schema', 'pipe.onnx'], /is no text in UTF-8/],
    ['a draft that is none', ['--manifest-in', 'schema.json'], /draft of the manifest is not valid/],
    ['a score beyond 1', ['--scam-from', '2'], /number from 0 to 1/],
  ])('refuses %s in words', async (_what, options, words) => {
    const paths = options.map((option) => (/\.(json|onnx)$/.test(option) ? at(option) : option));
    const done = await importPipeline(...stated, '--out', at('model'), ...paths);
    expect(done.code).not.toBe(0);
    expect(done.err).toMatch(words);
    expect(existsSync(at('model'))).toBe(false);
  });
});
