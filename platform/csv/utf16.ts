/** True for the beginning of a text in UTF-16: its marks (RFC 2781) are in no UTF-8. */
export function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
