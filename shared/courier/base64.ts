const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<number, number> = new Map(
  Array.from(LETTERS, (letter, value) => [letter.charCodeAt(0), value]),
);
const CHUNK = 8190;

/** Standard base64 with padding. Plain code, so that it works alike in a window and in Node. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK) {
    let part = '';
    const end = Math.min(start + CHUNK, bytes.length);
    for (let i = start; i < end; i += 3) {
      const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      part += LETTERS.charAt(group >> 18) + LETTERS.charAt((group >> 12) & 63);
      part += i + 1 < bytes.length ? LETTERS.charAt((group >> 6) & 63) : '=';
      part += i + 2 < bytes.length ? LETTERS.charAt(group & 63) : '=';
    }
    parts.push(part);
  }
  return parts.join('');
}

/** Bytes of standard base64 with padding; null when it is not exactly that. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let group = 0;
    const kept = i + 4 === text.length ? 4 - padding : 4;
    for (let k = 0; k < kept; k += 1) {
      const value = VALUES.get(text.charCodeAt(i + k));
      if (value === undefined) return null;
      group |= value << (18 - 6 * k);
    }
    for (let k = 0; k < kept - 1; k += 1) bytes[at++] = (group >> (16 - 8 * k)) & 255;
  }
  return bytes;
}
