import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { datasetOf, type LabelledRow } from '../../../../learning/dataset/dataset.ts';
import { parseDraft } from '../../../../learning/import/draft.ts';
import { importModel, type ImportRequest } from '../../../../learning/import/index.ts';
import { chooseOutput, inputsOf } from '../../../../learning/import/layout.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { readModel } from '../../../../shared/encoding/onnx/index.ts';
import {
  boostedBytes,
  boostedScore,
  forestBytes,
  forestFit,
  logisticFit,
  logisticPipelineBytes,
} from '../../../support/foreign-models.ts';
import { foreignModelBytes, type ForeignModel } from '../../../support/foreign-onnx.ts';
import { describedToy, toySchema } from '../../../support/models.ts';
import { saying } from '../../../support/saying.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const plainRequest = {
  ...describedToy,
  draft: {},
  columns: {},
  output: {},
  dataset: null,
  name: 'Imported',
  version: 1,
  created: '2026-11-01T00:00:00.000Z',
  expires: '2027-11-01',
  cut: null,
  simulated: true,
  seed: 1,
  codeVersion: '0',
} as const;
const stated = { notScamBelow: 0.3, scamFrom: 0.7, baseRate: 0.5 } as const;
const matrix = { columns: ['asked', 'contract', 'minutes'] };

function request(file: Uint8Array, more: Partial<ImportRequest> = {}): ImportRequest {
  return { ...plainRequest, ...stated, file, ...more };
}

async function refusal(what: ImportRequest, code: string): Promise<string> {
  const error: unknown = await importModel(what).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  return (error as Error).message;
}

describe('import of a model', () => {
  it('gives the probabilities of the scikit-learn pipeline, unknown and unseen answers included', async () => {
    const file = logisticPipelineBytes();
    const golden = logisticFit.rows.map((row, i) => ({ row, score: logisticFit.probabilities[i]! }));
    const { model, manifest } = await importModel(request(file, { draft: { golden } }));
    expect(manifest.golden.map((g) => g.row)).toEqual(logisticFit.rows);
    manifest.golden.forEach(({ score }, i) => expect(score).toBeCloseTo(logisticFit.probabilities[i]!, 6));
    expect(manifest.binding).toMatchObject({ layout: 'columns', columns: { length: 4 } });
    expect(manifest.output).toEqual({ name: 'probabilities', column: 1 });
    expect(manifest.model.sha256).toBe(sha256(model));
    expect(manifest.training.imported).toEqual({
      sha256: sha256(file),
      bytes: file.length,
      producer: 'skl2onnx 1.14.0',
      opsets: { 'ai.onnx.ml': 1, 'ai.onnx': 15 },
      stripped: ['ZipMap output_probability'],
    });
  });

  it('gives the probabilities of the random forest over a matrix, whose second class is scam', async () => {
    const golden = forestFit.rows.map((row, i) => ({ row, score: forestFit.probabilities[i]! }));
    const { manifest } = await importModel(request(forestBytes(), { columns: matrix, draft: { golden } }));
    expect(manifest.binding).toEqual({ layout: 'matrix', input: 'X', columns: matrix.columns });
    expect(manifest.output).toEqual({ name: 'probabilities', column: 1 });
  });

  it('gives the probabilities of boosted trees, each split sending missing values its own way', async () => {
    const { model, manifest } = await importModel(request(boostedBytes(), { columns: matrix }));
    expect(model).toEqual(boostedBytes());
    expect(manifest.training.imported!.stripped).toEqual([]);
    expect(manifest.training.trainer).toBe('OnnxMLTools 1.12.0');
    expect(manifest.golden.some(({ row }) => row['minutes'] === null)).toBe(true);
    for (const { row, score } of manifest.golden) {
      const values = matrix.columns.map((name) => (row[name] === null ? NaN : Number(row[name])));
      expect(score).toBeCloseTo(boostedScore(values), 6);
    }
  });

  it('takes the column of the class that is given as scam', async () => {
    const { manifest } = await importModel(
      request(boostedBytes({ classes: [3, 7] }), { columns: matrix, output: { positive: '3' } }),
    );
    expect(manifest.output.column).toBe(0);
  });

  it('binds inputs of other names as given, and of the same name by themselves', async () => {
    const inputs = ['asked', 'contract', 'minutes'].map((name) => ({ name, type: 'float', width: 1 }));
    const file = logisticPipelineBytes({ inputs: [...inputs, { name: 'channel', type: 'string', width: 1 }] });
    const { manifest } = await importModel(
      request(file, { columns: { columns: ['asked=contract', 'contract=asked'] } }),
    );
    expect(manifest.binding).toMatchObject({
      columns: [
        { attribute: 'contract', input: 'asked' },
        { attribute: 'asked', input: 'contract' },
        { attribute: 'minutes', input: 'minutes' },
        { attribute: 'channel', input: 'channel', type: 'string' },
      ],
    });
  });

  it('gets an id from all that decides: bytes, columns, output and thresholds, and nothing else', async () => {
    const file = logisticPipelineBytes();
    const id = async (more: Partial<ImportRequest>): Promise<string> =>
      (await importModel(request(file, more))).manifest.model.id;
    const own = await id({});
    expect(await id({ name: 'Another name', version: 7 })).toBe(own);
    expect(await id({ notScamBelow: 0.2 })).not.toBe(own);
    expect(await id({ draft: { maxMissingShare: 0.25 } })).not.toBe(own);
    expect(await id({ draft: { model: { id: own } }, notScamBelow: 0.2 })).toBe(own);
  });

  it('sets thresholds, base rate, figures and pooled background rows from labelled cases', async () => {
    const rows: LabelledRow[] = Array.from({ length: 200 }, (_, i) => ({
      facts: {
        schema: { id: 'toy', version: 1 },
        attributes: { asked: i % 2 === 0, contract: i % 3 === 0, minutes: i % 50, channel: i % 5 ? 'phone' : 'popup' },
        tactics: [],
      },
      label: i % 2 === 0 ? 1 : 0,
      received: null,
    }));
    const dataset = datasetOf(toySchema, rows);
    const wanted = { notScamBelow: undefined, scamFrom: undefined, baseRate: undefined, dataset };
    const { manifest, metrics } = await importModel(request(boostedBytes(), { columns: matrix, ...wanted }));
    const basis = 'given_cases';
    expect(manifest.training).toMatchObject({ baseRate: 0.5, dataset: dataset.hash, rows: 0, cut: null, basis });
    expect(metrics).toMatchObject({ basis: 'given_cases', rows: 200, scams: 100, thresholds: manifest.thresholds });
    expect(manifest.figures['auc']).toMatchObject({ n: 200 });
    expect(manifest.background).toHaveLength(32);
    expect(manifest.reference.rows).toBeCloseTo(200, 9);
    expect(manifest.reference.scores.reduce((a, b) => a + b, 0)).toBeCloseTo(200, 9);
  });

  it('takes from a draft what is not given otherwise', async () => {
    const draft = parseDraft(
      JSON.stringify({
        thresholds: { notScamBelow: 0.1, scamFrom: 0.9 },
        maxMissingShare: 0.25,
        training: { run: 'r7', rows: 4000, baseRate: 0.4, cut: '2026-09-01' },
        binding: { layout: 'matrix', input: 'input', columns: matrix.columns },
        figures: { auc: { value: 0.9, n: 500 } },
      }),
    );
    const { manifest } = await importModel({ ...plainRequest, baseRate: 0.6, file: boostedBytes(), draft });
    expect(manifest).toMatchObject({
      thresholds: { notScamBelow: 0.1, scamFrom: 0.9 },
      maxMissingShare: 0.25,
      training: {
        run: 'r7',
        rows: 4000,
        baseRate: 0.6,
        cut: '2026-09-01',
        trainer: 'OnnxMLTools 1.12.0',
        basis: 'stated',
      },
      figures: { auc: { value: 0.9, n: 500 } },
    });
  });
});

describe('what is missing', () => {
  it('is asked for all at once', async () => {
    const message = await refusal({ ...plainRequest, file: boostedBytes({ classes: [3, 7] }) }, 'BAD_INPUT');
    expect(message).toMatch(/--columns a,b,c: the 3 attributes in the order of the matrix input/);
    expect(message).toMatch(/--positive 3 or --positive 7/);
    expect(message).toMatch(/--not-scam-below and --scam-from/);
    expect(message).toMatch(/--base-rate/);
  });

  it('includes the inputs no attribute is named like', async () => {
    const message = await refusal(request(logisticPipelineBytes(), { schema: complaintsSchema }), 'BAD_INPUT');
    expect(message).toMatch(/--columns input=attribute,…: which attribute feeds asked, contract, minutes, channel/);
  });
});

describe('a model that does not conform', () => {
  it.each([
    [
      'more columns than the schema has',
      request(boostedBytes({ width: 108 })),
      'BAD_MODEL',
      /expects 108 columns; the schema has 4 attributes.*whole pipeline/s,
    ],
    [
      'another number of columns than named',
      request(boostedBytes(), { columns: { columns: ['asked'] } }),
      'BAD_INPUT',
      /expects 3 columns; 1 are named/,
    ],
    [
      'a category in a matrix',
      request(boostedBytes(), { columns: { columns: ['asked', 'contract', 'channel'] } }),
      'BAD_MODEL',
      /channel is a category.*one input per column/,
    ],
    [
      'an attribute that is not there',
      request(boostedBytes(), { columns: { columns: ['asked', 'contract', 'nope'] } }),
      'BAD_INPUT',
      /no such attribute/,
    ],
    [
      'an attribute named twice',
      request(boostedBytes(), { columns: { columns: ['asked', 'asked', 'minutes'] } }),
      'BAD_INPUT',
      /asked twice/,
    ],
    [
      'margins',
      request(boostedBytes({ raw: true }), { columns: matrix }),
      'BAD_MODEL',
      /where a probability should be.*predict_proba/,
    ],
    [
      'three classes',
      request(boostedBytes({ classes: [0, 1, 2] }), { columns: matrix }),
      'BAD_MODEL',
      /tells 3 classes apart/,
    ],
    [
      'no imputer',
      request(logisticPipelineBytes({ imputer: false })),
      'BAD_MODEL',
      /no score for an unknown answer.*in asked, contract, minutes\..*imputer/s,
    ],
    [
      'an encoder that stops at new values',
      request(logisticPipelineBytes({ ignoreUnknown: false })),
      'BAD_MODEL',
      /in channel\..*handle_unknown="ignore"/s,
    ],
    [
      'a class that is not there',
      request(boostedBytes(), { columns: matrix, output: { positive: 'fraud' } }),
      'BAD_INPUT',
      /no class fraud/,
    ],
    [
      'an output that is not there',
      request(boostedBytes(), { columns: matrix, output: { output: 'p' } }),
      'BAD_INPUT',
      /--output probabilities.*no output p/,
    ],
    [
      'thresholds the wrong way round',
      request(boostedBytes(), { columns: matrix, notScamBelow: 0.9, scamFrom: 0.1 }),
      'BAD_INPUT',
      /thresholds/,
    ],
    [
      'golden cases of another model',
      request(boostedBytes(), {
        columns: matrix,
        draft: { golden: [{ row: { asked: 1, contract: 0, minutes: 3 }, score: 0.123 }] },
      }),
      'BAD_MODEL',
      /golden case 1.*0\.123/,
    ],
    [
      'golden cases without a column it reads',
      request(boostedBytes(), { columns: matrix, draft: { golden: [{ row: { asked: 1, contract: 0 } }] } }),
      'BAD_MANIFEST',
      /golden\.0\.minutes/,
    ],
    [
      'a draft of another layout',
      request(logisticPipelineBytes(), { draft: { binding: { layout: 'matrix', input: 'X', columns: ['asked'] } } }),
      'BAD_MANIFEST',
      /takes asked, contract, minutes, channel/,
    ],
  ])('is refused in words: %s', async (_what, wrong, code, words) => {
    expect(await refusal(wrong, code)).toMatch(words);
  });

  it.each([
    ['int64', 'is int64; Outpost can feed float and string only'],
    ['double', 'is double; Outpost can feed float and string only'],
    ['string', 'asked is string, the attribute asked is not'],
  ])('is refused in words: a column of type %s', async (type, words) => {
    const inputs = ['asked', 'contract', 'minutes', 'channel'].map((name) => ({
      name,
      type: name === 'asked' ? type : name === 'channel' ? 'string' : 'float',
      width: 1,
    }));
    expect(await refusal(request(logisticPipelineBytes({ inputs })), 'BAD_MODEL')).toContain(words);
  });

  const graph = (more: Partial<ForeignModel>): Uint8Array =>
    foreignModelBytes({
      name: 'g',
      producer: 'x',
      producerVersion: '',
      opsets: [['', 15]],
      inputs: [{ name: 'X', type: 'float', width: 3 }],
      nodes: [{ op: 'Sigmoid', inputs: ['X'], outputs: ['p'] }],
      outputs: [{ name: 'p', type: 'float', width: 3 }],
      ...more,
    });

  it.each([
    [
      'an operator that is not on the list',
      graph({ nodes: [{ op: 'Loop', inputs: ['X'], outputs: ['p'] }] }),
      /Loop is not on the list/,
    ],
    [
      'an operator the runtime does not know',
      graph({ nodes: [{ op: 'Elu', ml: true, inputs: ['X'], outputs: ['p'] }] }),
      /ai\.onnx\.ml\.Elu is not on the list/,
    ],
    [
      'nodes that are not connected',
      graph({
        nodes: [{ op: 'Sigmoid', inputs: ['Y'], outputs: ['p'] }],
        outputs: [{ name: 'p', type: 'float', width: 1 }],
      }),
      /runtime refused/,
    ],
    ['three columns of probabilities', graph({}), /tells 3 classes apart/],
    [
      'no float output',
      graph({ outputs: [{ name: 'p', type: 'int64', width: null }] }),
      /No output of the model is a tensor of float/,
    ],
    [
      'several columns in one of several inputs',
      graph({
        inputs: [
          { name: 'X', type: 'float', width: 3 },
          { name: 'Z', type: 'string', width: 2 },
        ],
      }),
      /several columns at once in its float input X/,
    ],
    ['no rows', graph({ inputs: [{ name: 'X', type: 'float', width: null }] }), /should have rows and columns/],
    ['no input', graph({ inputs: [] }), /takes no input/],
  ])('is refused in words: %s', async (_what, file, words) => {
    expect(await refusal(request(file, { columns: matrix }), 'BAD_MODEL')).toMatch(words);
  });

  it('asks which output and column where the file does not tell', () => {
    const ports = ['a', 'b'].map((name) => ({ name, type: 'float', width: 2 }));
    const model = readModel(graph({ outputs: ports }));
    expect(chooseOutput(model, {})).toEqual({ ask: saying('--output a or --output b') });
    expect(chooseOutput(model, { output: 'b' })).toEqual({ ask: saying('--column 0 or --column 1') });
    expect(chooseOutput(model, { output: 'b', column: 1 })).toMatchObject({ name: 'b', column: 1 });
    expect(inputsOf(model)).toEqual({ layout: 'matrix', input: 'X', width: 3 });
  });

  it.each([
    ['{', /no JSON/],
    ['{"model":{"sha256":"x"}}', /model\.sha256/],
    ['{"thresholds":{"notScamBelow":2,"scamFrom":3}}', /thresholds\.notScamBelow/],
  ])('a draft that is not valid is refused: %s', (text, words) => {
    expect(() => parseDraft(text)).toThrow(words);
  });
});
