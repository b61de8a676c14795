import { otherThanModel } from '../../shared/encoding/onnx/index.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Throws BAD_MODEL for a file named as a model that looks like something else, naming both. */
export function requireModel(file: string, bytes: Uint8Array): void {
  const kind = otherThanModel(bytes);
  if (kind !== null) throw new OutpostError('BAD_MODEL', sentence('models.file_is_other', { file, kind }));
}
