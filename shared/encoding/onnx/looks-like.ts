// Present in Node and in browsers alike; declared here because this folder is compiled without either's types.
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean },
) => { decode(bytes: Uint8Array, options: { stream: boolean }): string };

/** What a file looks like that is no model. */
type OtherFile = 'empty' | 'pickle' | 'zip' | 'gzip' | 'json' | 'csv' | 'text';

const looked = 4096;

function startsWith(bytes: Uint8Array, ...start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

/** What the bytes of a file look like when they are no ONNX model, which begins with a control character; null when nobody can tell. */
export function otherThanModel(bytes: Uint8Array): OtherFile | null {
  if (bytes.length === 0) return 'empty';
  if (startsWith(bytes, 0x50, 0x4b, 3, 4)) return 'zip';
  if (startsWith(bytes, 0x1f, 0x8b)) return 'gzip';
  if (bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5) return 'pickle';
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, looked), { stream: true });
  } catch {
    return null; // no text at all
  }
  if (/[^\P{Cc}\t\r\n]/u.test(text)) return null;
  if (/^\s*[{[]/.test(text)) return 'json';
  return /^[^\r\n]*[,;\t|]/.test(text.trimStart()) ? 'csv' : 'text';
}

/** Fields an ONNX model may begin its second field with: producer, version, domain, graph, operator sets. */
const secondFields: ReadonlySet<number> = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]);

/** True for bytes that begin as ONNX models do: with the version of the format, then another field. */
export function looksLikeModel(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1]! > 0 && bytes[1]! < 0x40 && secondFields.has(bytes[2]!);
}
