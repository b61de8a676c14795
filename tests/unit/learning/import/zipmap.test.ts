import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inputsOf } from '../../../../learning/import/layout.ts';
import { stripZipMap } from '../../../../learning/import/zipmap.ts';
import { checkGraph, readModel } from '../../../../shared/encoding/onnx/index.ts';
import { isOutpostError } from '../../../../shared/errors/index.ts';
import { boostedBytes, forestBytes, logisticPipelineBytes } from '../../../support/foreign-models.ts';
import { foreignModelBytes, type ForeignModel } from '../../../support/foreign-onnx.ts';
import { fc, test } from '../../property.ts';
import { saying } from '../../../support/saying.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

// Written by onnx 1.12 for Python from the same operators and numbers.
describe('models as other exporters write them', () => {
  it.each([
    [
      'pipeline with ZipMap',
      logisticPipelineBytes(),
      'b0c3f31aa0cf01c0b014a268b7cf566edf65c29ebd4e03e786296fb96086e4cf',
    ],
    [
      'pipeline without',
      logisticPipelineBytes({ zipmap: false }),
      '85826424b8c15f11c0cd8818fa99318aefb1b306d84de6b054c70526ff176daf',
    ],
    ['forest with ZipMap', forestBytes(), '42be8f4dc0574fc565114c6df7ea2091a04bdebfb4b08fa62901c400f10a4ddf'],
    [
      'forest without',
      forestBytes({ zipmap: false }),
      '3c2b695a7115045ef36c45a475bb3945fa5197e76f50204229b7cf7a249de01c',
    ],
  ])('%s: the fixture has the very bytes', (_what, bytes, hash) => {
    expect(sha256(bytes)).toBe(hash);
  });
});

describe('a final ZipMap', () => {
  it.each([
    ['whole-number classes', logisticPipelineBytes(), logisticPipelineBytes({ zipmap: false })],
    ['text classes', forestBytes(), forestBytes({ zipmap: false })],
  ])('is taken out, leaving the tensor of probabilities: %s', (_what, zipped, plain) => {
    const { bytes, model, stripped } = stripZipMap(zipped);
    expect(stripped).toEqual(['ZipMap output_probability']);
    expect(() => checkGraph(bytes)).not.toThrow();
    const direct = readModel(plain);
    expect(model.outputs.at(-1)).toEqual(direct.outputs.at(-1));
    expect(model.nodes.slice(0, direct.nodes.length)).toEqual(direct.nodes);
    expect(model.nodes.map((n) => n.opType)).not.toContain('ZipMap');
    expect(stripZipMap(zipped).bytes).toEqual(bytes);
  });

  it('leaves every other byte as it was', () => {
    const zipped = forestBytes();
    const { bytes } = stripZipMap(zipped);
    const trees = Buffer.from(zipped).subarray(Buffer.from(zipped).indexOf('TreeEnsembleClassifier'));
    const end = trees.indexOf('output_label');
    expect(Buffer.from(bytes).includes(trees.subarray(0, end))).toBe(true);
    expect(stripZipMap(bytes)).toMatchObject({ bytes, stripped: [] });
  });

  const zipModel = (nodes: ForeignModel['nodes'], outputs: ForeignModel['outputs']): Uint8Array =>
    foreignModelBytes({
      name: 'g',
      producer: 'skl2onnx',
      producerVersion: '1',
      opsets: [['', 15]],
      inputs: [{ name: 'X', type: 'float', width: 2 }],
      nodes: [
        { op: 'Softmax', inputs: ['X'], outputs: ['probabilities'] },
        {
          op: 'ZipMap',
          ml: true,
          inputs: ['probabilities'],
          outputs: ['maps'],
          attributes: { classlabels_int64s: { ints: [0, 1] } },
        },
        ...nodes,
      ],
      outputs,
    });

  it('is taken out with the identity behind it', () => {
    const file = zipModel([{ op: 'Identity', inputs: ['maps'], outputs: ['out'] }], [{ name: 'out', mapOf: 'int64' }]);
    const { model, stripped } = stripZipMap(file);
    expect(stripped).toEqual(['ZipMap maps', 'Identity out']);
    expect(model.outputs.map((output) => output.name)).toEqual(['probabilities']);
    expect(model.nodes).toHaveLength(1);
  });

  it('goes without a second output when its tensor is one already', () => {
    const outputs = [
      { name: 'maps', mapOf: 'int64' },
      { name: 'probabilities', type: 'float', width: 2 },
    ] as const;
    expect(stripZipMap(zipModel([], outputs)).model.outputs.map((o) => o.name)).toEqual(['probabilities']);
  });

  it('is refused when the model goes on with its maps', () => {
    const file = zipModel(
      [{ op: 'SequenceAt', inputs: ['maps'], outputs: ['one'] }],
      [{ name: 'maps', mapOf: 'int64' }],
    );
    expect(() => stripZipMap(file)).toThrow(saying(/SequenceAt.*zipmap=False/));
  });
});

describe('a damaged file', () => {
  const files = [logisticPipelineBytes(), forestBytes(), boostedBytes()];
  test(
    'damaged files are refused as BAD_MODEL or read as another model, never crash',
    [fc.constantFrom(...files), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean()],
    (file, place, flip, cut) => {
      const at = place % file.length;
      const damaged = cut ? file.slice(0, at) : file.map((byte, i) => (i === at ? byte ^ flip : byte));
      try {
        const { bytes } = stripZipMap(damaged);
        inputsOf(checkGraph(bytes));
      } catch (error) {
        expect(isOutpostError(error, 'BAD_MODEL') ? true : error).toBe(true);
      }
    },
    500,
  );
});
