import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Pieces of a protobuf message, for files that no program of ours would write. */
type Piece = Uint8Array;

/** One message out of its fields. */
export function message(...fields: readonly (Piece | readonly Piece[])[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields.flat() as Uint8Array[]));
}

/** An integer field (64-bit, two's complement). */
export function int(field: number, value: number): Piece {
  return new BinaryWriter().tag(field, WireType.Varint).int64(value).finish();
}

/** A field with a length: text, bytes or a nested message. */
export function bytes(field: number, value: Uint8Array | string): Piece {
  const writer = new BinaryWriter().tag(field, WireType.LengthDelimited);
  return (typeof value === 'string' ? writer.string(value) : writer.bytes(value)).finish();
}

/** A 32-bit float field. */
export function float(field: number, value: number): Piece {
  return new BinaryWriter().tag(field, WireType.Bit32).float(value).finish();
}

type FieldNumbers<D extends DescMessage> = { readonly [K in keyof D['field']]: number };

/** Numbers of a message's fields by their names. */
export function numbersOf<D extends DescMessage>(description: D): FieldNumbers<D> {
  return Object.fromEntries(
    Object.entries(description.field).map(([name, field]) => [name, field.number]),
  ) as FieldNumbers<D>;
}
