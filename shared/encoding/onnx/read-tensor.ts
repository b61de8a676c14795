import {
  dimensionField,
  elementTypes,
  shapeField,
  tensorField as T,
  tensorTypeField,
  typeField,
  valueInfoField,
} from './fields.ts';
import type { TensorSummary, ValueInfo } from './model.ts';
import { bytesOf, intOf, intsOf, malformed, readFields, textOf } from './wire.ts';
import { sentence } from '../../language/sentence.ts';

function typeName(number: number): string {
  const name = elementTypes[number];
  if (name === undefined) throw malformed(sentence('onnx.element_type_unknown', { number }));
  return name;
}

/** Summary of a TensorProto; BAD_MODEL when its dims are negative or its type is unknown. */
export function readTensor(bytes: Uint8Array): TensorSummary {
  let [name, type, size, external] = ['', '', 0, false];
  let dims: number[] = [];
  for (const field of readFields(bytes)) {
    switch (field.number) {
      case T.dims:
        dims = dims.concat(intsOf(field));
        break;
      case T.dataType:
        type = typeName(intOf(field));
        break;
      case T.name:
        name = textOf(field);
        break;
      case T.externalData:
        external = true;
        break;
      case T.dataLocation:
        external ||= intOf(field) !== 0;
        break;
      case T.floatData:
      case T.int32Data:
      case T.stringData:
      case T.int64Data:
      case T.rawData:
      case T.doubleData:
      case T.uint64Data:
        size += field.wire === 'varint' ? 8 : field.bytes.length;
        break;
    }
  }
  if (type === '') throw malformed(sentence('onnx.no_element_type'));
  if (dims.some((d) => d < 0 || !Number.isSafeInteger(d))) throw malformed(sentence('onnx.negative_size'));
  return { name, type, dims, elements: dims.reduce((a, b) => a * b, 1), bytes: size, external, sparse: false };
}

function readDimension(bytes: Uint8Array): number | null {
  let size: number | null = null;
  for (const field of readFields(bytes)) {
    if (field.number === dimensionField.value) size = intOf(field);
    else if (field.number === dimensionField.param) textOf(field);
  }
  return size;
}

function readTensorType(bytes: Uint8Array): { type: string; dims: (number | null)[] } {
  let type = '';
  const dims: (number | null)[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === tensorTypeField.elemType) type = typeName(intOf(field));
    else if (field.number === tensorTypeField.shape) {
      for (const dim of readFields(bytesOf(field))) {
        if (dim.number === shapeField.dim) dims.push(readDimension(bytesOf(dim)));
      }
    }
  }
  if (type === '') throw malformed(sentence('onnx.input_without_type'));
  return { type, dims };
}

/** Name, element type and dims of a ValueInfoProto; the type is null when it is no plain tensor. */
export function readValueInfo(bytes: Uint8Array): ValueInfo {
  let name = '';
  let found: { type: string; dims: (number | null)[] } | undefined;
  for (const field of readFields(bytes)) {
    if (field.number === valueInfoField.name) name = textOf(field);
    else if (field.number === valueInfoField.type) {
      for (const kind of readFields(bytesOf(field))) {
        if (kind.number === typeField.tensor) found = readTensorType(bytesOf(kind));
      }
    }
  }
  return { name, type: found?.type ?? null, dims: found?.dims ?? [] };
}
