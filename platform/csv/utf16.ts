/** Bytes that are looked at, and the fewest by which a text without a mark is recognised. */
const [most, fewest] = [256, 8];

/**
 * True for the beginning of a text in UTF-16: its marks (RFC 2781) are in no UTF-8. Without a mark it is one where most
 * letters have a zero for the same one of their two bytes, as all of Latin-1 have, and none for the other.
 */
export function isUtf16(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  const end = Math.min(bytes.length, most) & ~1;
  if (end < fewest) return false;
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < end; at++) if (bytes[at] === 0) zeros[(at & 1) as 0 | 1] += 1;
  return Math.min(...zeros) === 0 && Math.max(...zeros) > end / 4;
}

/** Tells, piece by piece, whether a text begins as UTF-16 does, however short its first pieces are. */
export function watchUtf16(): (piece: Uint8Array) => boolean {
  let [start, wide] = [new Uint8Array(0), false];
  return (piece) => {
    if (wide || start.length >= most) return wide;
    start = Uint8Array.from([...start, ...piece.subarray(0, most - start.length)]);
    wide = isUtf16(start);
    return wide;
  };
}
