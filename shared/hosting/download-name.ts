const FALLBACK = 'outpost-file';

/**
 * Makes a file name for a download out of a wish: no folders, no control characters, at most 100 characters, never
 * empty and never starting with a dot.
 */
export function downloadName(wish: string | null): string {
  const last = (wish ?? '').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replaceAll(/[\p{Cc}"<>:|?*]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(0, 100);
  return plain === '' ? FALLBACK : plain;
}

/** Value of the `content-disposition` header that makes a browser save instead of show (RFC 6266, RFC 8187). */
export function attachment(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
