import { sentence } from '../../language/sentence.ts';
import { malformed } from './decode.ts';
import { elementTypes } from './element-types.ts';
import type { TensorSummary, ValueInfo } from './model.ts';
import type { SparseTensorProto, TensorProto, ValueInfoProto } from './onnx_pb.ts';

function typeName(number: number): string {
  const name = elementTypes[number];
  if (name === undefined) throw malformed(sentence('onnx.element_type_unknown', { number }));
  return name;
}

/** Sizes as numbers; BAD_MODEL for one that no tensor has. */
function sizes(dims: readonly bigint[]): number[] {
  const numbers = dims.map(Number);
  if (numbers.some((size) => size < 0 || !Number.isSafeInteger(size))) throw malformed(sentence('onnx.negative_size'));
  return numbers;
}

/** Summary of a tensor; BAD_MODEL when its dims are negative or its type is unknown. */
export function readTensor(tensor: TensorProto): TensorSummary {
  if (tensor.dataType === undefined) throw malformed(sentence('onnx.no_element_type'));
  const dims = sizes(tensor.dims);
  return {
    name: tensor.name ?? '',
    type: typeName(tensor.dataType),
    dims,
    elements: dims.reduce((a, b) => a * b, 1),
    external: tensor.externalData.length > 0 || (tensor.dataLocation ?? 0) !== 0,
    sparse: false,
  };
}

/** Summary of a tensor that lists its values other than zero; BAD_MODEL when it has none, or as `readTensor`. */
export function readSparseTensor({ values, dims }: SparseTensorProto): TensorSummary {
  if (!values) throw malformed(sentence('onnx.sparse_without_values'));
  const whole = sizes(dims);
  return { ...readTensor(values), dims: whole, elements: whole.reduce((a, b) => a * b, 1), sparse: true };
}

/** Name, element type and dims of an input or output; the type is null when it is no plain tensor. */
export function readValueInfo({ name = '', type }: ValueInfoProto): ValueInfo {
  if (type?.value.case !== 'tensorType') return { name, type: null, dims: [] };
  const { elemType, shape } = type.value.value;
  if (elemType === undefined) throw malformed(sentence('onnx.input_without_type'));
  const dims = shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : null)) ?? [];
  return { name, type: typeName(elemType), dims };
}
