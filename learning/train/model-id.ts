import { createHash } from 'node:crypto';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { schemaHash } from '../../shared/encoding/schema-identity.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';

/** What decides on a case beside the bytes of the model. */
type Deciding = Pick<Manifest, 'schema' | 'binding' | 'output' | 'thresholds' | 'maxMissingShare'> & {
  /** Further spellings of unknown. */
  readonly missing?: readonly string[] | undefined;
};

/**
 * UUID (version 8) made of the hash of all that decides on a case: the same bytes with other thresholds or columns are
 * another model, with the same ones they have the same id.
 */
export function modelIdOf(
  sha256: string,
  { schema, binding, output, thresholds, maxMissingShare, missing }: Deciding,
): string {
  const decides = { model: sha256, schema: schemaHash(schema), binding, output, thresholds, maxMissingShare, missing };
  const hash = createHash('sha256').update(canonicalJson(decides)).digest('hex');
  const variant = ((Number.parseInt(hash[16]!, 16) & 3) | 8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
