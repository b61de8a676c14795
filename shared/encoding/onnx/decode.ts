import { fromBinary, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { isOutpostError, OutpostError } from '../../errors/index.ts';
import { sentence, type Sentence } from '../../language/sentence.ts';
import { ModelProtoSchema, type ModelProto } from './onnx_pb.ts';

// Present in Node and in browsers alike; declared here because this folder is compiled without either's types.
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** The error for a file that is no well-formed ONNX model. */
export function malformed(what: Sentence, cause?: unknown): OutpostError {
  return new OutpostError('BAD_MODEL', sentence('onnx.damaged', { what }), { cause });
}

/** Deepest nesting of messages that is read; a hostile file must not exhaust the stack. */
const maxDepth = 64;

/** Most numbers that lists in a file may hold together; weights of tensors, which are bytes, do not count. */
const maxNumbers = 4_000_000;

/** How a single value of a field is written. Lists of numbers may be written as one value with a length, too. */
function wireTypeOf(field: DescField): WireType {
  const scalar = field.scalar ?? null;
  if (scalar === null || scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return WireType.LengthDelimited;
  if (scalar === ScalarType.FLOAT) return WireType.Bit32;
  return scalar === ScalarType.DOUBLE ? WireType.Bit64 : WireType.Varint;
}

function isWrittenAs(field: DescField, wireType: WireType): boolean {
  return wireType === wireTypeOf(field) || (field.fieldKind === 'list' && wireType === WireType.LengthDelimited);
}

/** Numbers of a list that one field holds: packed ones take a byte at least. */
function numbersIn(field: DescField, wireType: WireType, bytes: number): number {
  if (field.fieldKind !== 'list' || field.message || wireTypeOf(field) === WireType.LengthDelimited) return 0;
  return wireType === WireType.LengthDelimited ? bytes : 1;
}

/**
 * Refuses a message whose parts end beyond it, whose fields are not written as their kind asks, or whose lists would take
 * all memory. The library reads over the first two, and the runtime reads them in another way: then what was checked
 * would not be what runs. Answers how many numbers its lists hold.
 */
function checkWellFormed(message: DescMessage, bytes: Uint8Array, depth = 0): number {
  if (depth > maxDepth) throw malformed(sentence('onnx.nested_too_deep', { most: maxDepth }));
  const fields = new Map(message.fields.map((field) => [field.number, field]));
  const reader = new BinaryReader(bytes);
  let numbers = 0;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    const from = reader.pos;
    if (field && !isWrittenAs(field, wireType)) throw malformed(sentence('onnx.field_of_another_kind', { number }));
    if (field?.message) numbers += checkWellFormed(field.message, reader.bytes(), depth + 1);
    else reader.skip(wireType, number);
    if (field) numbers += numbersIn(field, wireType, reader.pos - from);
    if (numbers > maxNumbers) throw malformed(sentence('onnx.too_many_numbers', { most: maxNumbers }));
  }
  return numbers;
}

/** The runtime takes a file with this mark for one of its own format, whatever else it holds. */
function refuseOrtFormat(bytes: Uint8Array): void {
  if (new TextDecoder().decode(bytes.subarray(4, 8)) === 'ORTM') throw malformed(sentence('onnx.ort_format'));
}

/** Protobuf merges two graphs into one; no program writes a file so. */
function refuseSeveralGraphs(bytes: Uint8Array): void {
  const reader = new BinaryReader(bytes);
  let graphs = 0;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === ModelProtoSchema.field.graph.number) graphs += 1;
    reader.skip(wireType, number);
  }
  if (graphs > 1) throw malformed(sentence('onnx.several_graphs'));
}

/** The messages of an ONNX file; BAD_MODEL when the bytes are not a protobuf message, or one that can be read in two ways. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  try {
    refuseOrtFormat(bytes);
    checkWellFormed(ModelProtoSchema, bytes);
    refuseSeveralGraphs(bytes);
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw isOutpostError(error) ? error : malformed(sentence('onnx.not_protobuf'), error);
  }
}
