import { OutpostError } from '../../errors/index.ts';
import { sentence, type Sentence } from '../../language/sentence.ts';

// Present in Node and in browsers alike; declared here because this folder is compiled without either's types.
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** One field of a protobuf message: a number for varints and fixed-width values, bytes for everything with a length. */
export type WireField =
  | { readonly number: number; readonly wire: 'varint'; readonly value: number }
  | { readonly number: number; readonly wire: 'bytes' | 'fixed32' | 'fixed64'; readonly bytes: Uint8Array };

/** The error for a file that is no well-formed ONNX model. */
export function malformed(what: Sentence, cause?: unknown): OutpostError {
  return new OutpostError('BAD_MODEL', sentence('onnx.damaged', { what }), { cause });
}

/**
 * Reads one varint at `offset` as a signed 64-bit number and the offset behind it. Values beyond 2^53 lose their last
 * digits; no length or count of a real file gets there.
 */
export function readVarint(bytes: Uint8Array, offset: number): { value: number; next: number } {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) throw malformed(sentence('onnx.ends_inside_number'));
    const bits = byte & 0x7f;
    const shift = 7 * i;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) return { value: (high | 0) * 2 ** 32 + (low >>> 0), next: offset + i + 1 };
  }
  throw malformed(sentence('onnx.number_too_long'));
}

function slice(bytes: Uint8Array, from: number, length: number): Uint8Array {
  if (length < 0 || !Number.isSafeInteger(length) || from + length > bytes.length) {
    throw malformed(sentence('onnx.field_too_long'));
  }
  return bytes.subarray(from, from + length);
}

/** The field that starts at `at`, and the offset behind it. */
function readField(bytes: Uint8Array, at: number): { field: WireField; next: number } {
  const key = readVarint(bytes, at);
  const number = Math.floor(key.value / 8);
  const wire = key.value & 7;
  if (number < 1 || number > 536_870_911) throw malformed(sentence('onnx.field_number_out_of_range'));
  if (wire === 0) {
    const { value, next } = readVarint(bytes, key.next);
    return { field: { number, wire: 'varint', value }, next };
  }
  if (wire === 1 || wire === 5) {
    const width = wire === 1 ? 8 : 4;
    const body = slice(bytes, key.next, width);
    return { field: { number, wire: wire === 1 ? 'fixed64' : 'fixed32', bytes: body }, next: key.next + width };
  }
  if (wire !== 2) throw malformed(sentence('onnx.unknown_wire_type'));
  const length = readVarint(bytes, key.next);
  const body = slice(bytes, length.next, length.value);
  return { field: { number, wire: 'bytes', bytes: body }, next: length.next + length.value };
}

/** All fields of a message in file order; BAD_MODEL when the bytes are not a protobuf message. */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  for (const { field } of readRawFields(bytes)) yield field;
}

/** `readFields` with the bytes each field takes in the file, key and length included: they can be copied as they are. */
export function* readRawFields(bytes: Uint8Array): Generator<{ readonly field: WireField; readonly raw: Uint8Array }> {
  for (let at = 0; at < bytes.length;) {
    const { field, next } = readField(bytes, at);
    yield { field, raw: bytes.subarray(at, next) };
    at = next;
  }
}

/** The integer of a field; BAD_MODEL when it is none. */
export function intOf(field: WireField): number {
  if (field.wire !== 'varint') throw malformed(sentence('onnx.field_no_number', { number: field.number }));
  return field.value;
}

/** The bytes of a length-delimited field; BAD_MODEL when it is none. */
export function bytesOf(field: WireField): Uint8Array {
  if (field.wire !== 'bytes') throw malformed(sentence('onnx.field_no_text', { number: field.number }));
  return field.bytes;
}

/** The text of a field; BAD_MODEL when it is not UTF-8. */
export function textOf(field: WireField): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(field));
  } catch (cause) {
    throw cause instanceof OutpostError
      ? cause
      : malformed(sentence('onnx.field_not_utf8', { number: field.number }), cause);
  }
}

/** The 32-bit floats of a single or packed field. */
export function floatsOf(field: WireField): number[] {
  if (field.wire === 'varint' || field.wire === 'fixed64')
    throw malformed(sentence('onnx.field_no_float', { number: field.number }));
  const { bytes } = field;
  if (bytes.length % 4 !== 0) throw malformed(sentence('onnx.floats_cut_off'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** The integers of a single or packed field. */
export function intsOf(field: WireField): number[] {
  if (field.wire === 'varint') return [field.value];
  const bytes = bytesOf(field);
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value, next } = readVarint(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}
