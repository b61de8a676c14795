import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../../../shared/encoding/onnx/index.ts';
import { checkModel } from '../../../../../platform/models/check-model.ts';
import {
  graphField as G,
  modelField as M,
  nodeField as N,
  attributeField as A,
  tensorField as T,
} from '../../../../support/onnx-fields.ts';
import { bytes, int, message } from '../../../../support/protobuf.ts';
import { toyModel, toyModelBytes, toyWeights } from '../../../../support/models.ts';

/** A small file with these fields as its only graph. */
function withGraph(...graph: readonly Uint8Array[]): Uint8Array {
  const opset = message(bytes(1, ''), int(2, 17));
  return new Uint8Array(message(int(M.irVersion, 8), bytes(M.graph, message(...graph)), bytes(M.opsetImport, opset)));
}

function refusal(file: Uint8Array): string {
  try {
    checkGraph(file);
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_MODEL' });
    return (error as Error).message;
  }
  throw new Error('the file was accepted');
}

describe('the check of a model file', () => {
  it('accepts a graph of listed operators', () => {
    expect(checkGraph(toyModelBytes()).nodes).toHaveLength(11);
  });

  it.each(['Loop', 'If', 'Scan', 'ConstantOfShape', 'RandomNormal', 'NonZero', 'Expand', 'Tile', 'Resize'])(
    'refuses %s and names it',
    (op) => {
      const file = toyModelBytes(toyWeights, [{ op, inputs: ['asked'], output: 'extra' }]);
      expect(refusal(file)).toContain(`operator ${op} is not on the list`);
    },
  );

  it('refuses ZipMap and says how to export without it', () => {
    const file = toyModelBytes(toyWeights, [
      { op: 'ZipMap', domain: 'ai.onnx.ml', inputs: ['asked'], output: 'extra' },
    ]);
    expect(refusal(file)).toContain('export it without ZipMap');
  });

  it('refuses a listed operator under another domain', () => {
    const node = message(bytes(N.opType, 'Add'), bytes(N.domain, 'com.microsoft'));
    expect(refusal(withGraph(bytes(G.node, node)))).toContain('com.microsoft.Add');
  });

  it('refuses a graph inside a listed operator', () => {
    const attribute = message(bytes(A.name, 'body'), bytes(A.g, message(bytes(G.name, 'inner'))));
    const node = message(bytes(N.opType, 'Add'), bytes(N.attribute, attribute));
    expect(refusal(withGraph(bytes(G.node, node)))).toContain('a graph of its own');
  });

  it('refuses data in another file, also inside a node', () => {
    const tensor = message(int(T.dims, 2), int(T.dataType, 1), bytes(T.name, 'w'), int(T.dataLocation, 1));
    expect(refusal(withGraph(bytes(G.initializer, tensor)))).toContain('another file');
    const attribute = message(bytes(A.name, 'value'), bytes(A.t, tensor));
    const node = message(bytes(N.opType, 'Constant'), bytes(N.attribute, attribute));
    expect(refusal(withGraph(bytes(G.node, node)))).toContain('outside the file');
  });

  it('refuses a tensor that announces more than the file holds', () => {
    const tensor = message(int(T.dims, 1_000_000), int(T.dims, 1_000_000), int(T.dataType, 1), bytes(T.name, 'w'));
    expect(refusal(withGraph(bytes(G.initializer, tensor)))).toContain('more data than it holds');
  });

  it('refuses functions and training parts', () => {
    const own = message(bytes(1, 'Mine'));
    const file = (field: number) => new Uint8Array([...toyModelBytes(), ...message(bytes(field, own))]);
    expect(refusal(file(M.functions))).toContain('operators of its own');
    expect(refusal(file(M.trainingInfo))).toContain('training');
  });

  it('refuses what a lenient reader takes for another graph than the runtime does', () => {
    // As a number, the operator is an unknown field to the runtime; a reader that goes by field numbers takes it for a text.
    const operatorAsNumber = message(bytes(N.opType, 'Add'), int(N.opType, 4));
    expect(refusal(withGraph(bytes(G.node, operatorAsNumber)))).toContain('field 4 is not written as its kind asks');
    // A name that is said to be longer than the node it stands in would swallow the node behind it.
    const tooLong = Uint8Array.of(0x1a, 0x20, 0x61);
    const nodes = [bytes(G.node, message(bytes(N.opType, 'Add'), tooLong)), bytes(G.node, bytes(N.opType, 'Loop'))];
    expect(refusal(withGraph(...nodes))).toContain('damaged');
    expect(refusal(new Uint8Array([...withGraph(), ...bytes(M.graph, '')]))).toContain('more than one graph');
  });

  it('refuses a file that the runtime would take for its own format, though a graph can be read from it', () => {
    // An unknown number whose value is O, then an unknown field that begins with M: together ORTM at the fifth byte.
    const mark = [0x88, 0x80, 0x80, 0x01, 0x4f, 0x52, 0x54, 0x4d, ...Array.from({ length: 83 }, () => 0)];
    expect(refusal(new Uint8Array([...mark, ...toyModelBytes()]))).toContain('.ort');
    const other = [...mark.slice(0, 7), 0x4e, ...mark.slice(8)];
    expect(checkGraph(new Uint8Array([...other, ...toyModelBytes()])).nodes).toHaveLength(11);
  });

  it('takes the last of several types or sizes of a value, as the runtime does', () => {
    const sized = message(int(1, 7), bytes(2, 'N'));
    const tensor = message(int(1, 1), bytes(2, bytes(1, sized)));
    const node = bytes(G.node, bytes(N.opType, 'Add'));
    const input = (type: Uint8Array) => bytes(G.input, message(bytes(1, 'x'), bytes(2, type)));
    const read = (type: Uint8Array) => checkGraph(withGraph(node, input(type))).inputs;
    expect(read(bytes(1, tensor))).toEqual([{ name: 'x', type: 'float', dims: [null] }]);
    expect(read(message(bytes(1, tensor), bytes(4, '')))).toEqual([{ name: 'x', type: null, dims: [] }]);
  });

  it('refuses lists that would take all memory', () => {
    const list = bytes(N.attribute, message(bytes(A.name, 'x'), bytes(A.ints, new Uint8Array(4_000_001))));
    expect(refusal(withGraph(bytes(G.node, message(bytes(N.opType, 'Add'), list))))).toContain('4,000,000 numbers');
  });

  it('refuses messages nested without end', () => {
    let graph = bytes(G.name, 'inner');
    for (let i = 0; i < 200; i++) graph = bytes(G.node, bytes(N.attribute, bytes(A.g, graph)));
    expect(refusal(withGraph(graph))).toContain('nested deeper');
  });

  it('answers any damage with BAD_MODEL and nothing else', () => {
    const good = toyModelBytes();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
        const file = cut ? good.slice(0, at) : Uint8Array.from(good, (byte, i) => (i === at ? byte ^ flip : byte));
        try {
          checkGraph(file);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_MODEL' });
        }
      }),
    );
  });
});

describe('the fit of model and manifest', () => {
  it.each([
    [
      'an input that is not there',
      { columns: [{ attribute: 'asked', input: 'nope', type: 'float' }] },
      'binding.columns.0.input',
    ],
    [
      'a text bound to a float input',
      { columns: [{ attribute: 'channel', input: 'asked', type: 'string' }] },
      'binding.columns.0.input',
    ],
    ['an input nothing is bound to', { columns: [{ attribute: 'asked', input: 'asked', type: 'float' }] }, 'binding'],
  ] as const)('refuses %s', (_what, binding, field) => {
    const model = toyModel();
    const manifest = { ...model.manifest, binding: { layout: 'columns' as const, columns: [...binding.columns] } };
    expect(() => checkModel(manifest, model.bytes)).toThrowError(
      expect.objectContaining({ code: 'BAD_MANIFEST', data: { field } }),
    );
  });

  it('refuses a probability column the output does not have', () => {
    const model = toyModel({ manifest: { output: { name: 'probability', column: 1 } } });
    expect(() => checkModel(model.manifest, model.bytes)).toThrowError(
      expect.objectContaining({ data: { field: 'output.column' } }),
    );
  });
});
