/** Pieces of a protobuf message, joined by `message`. Everything is written in the order given: bytes are deterministic. */
export type Piece = Uint8Array;

/** One message out of its fields. */
export function message(...fields: readonly (Piece | readonly Piece[])[]): Uint8Array {
  return Buffer.concat(fields.flat() as Uint8Array[]);
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

/** An integer field (64-bit, two's complement). */
export function int(field: number, value: number): Piece {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** A field with a length: text, bytes or a nested message. */
export function bytes(field: number, value: Uint8Array | string): Piece {
  const body = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

/** A 32-bit float field. */
export function float(field: number, value: number): Piece {
  const body = Buffer.alloc(4);
  body.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), body]);
}

/** Little-endian doubles, as `raw_data` holds them. */
export function rawDoubles(values: ArrayLike<number>): Uint8Array {
  const body = Buffer.alloc(values.length * 8);
  for (let i = 0; i < values.length; i++) body.writeDoubleLE(values[i]!, i * 8);
  return body;
}
