import { fileOf, type CourierDown } from '../../../shared/courier/format.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';
import type { ReleaseSource } from '../releases/release-source.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** The files inside a down file as a source of releases: the same checks run as over the network. */
export function courierSource(down: CourierDown): ReleaseSource {
  return {
    kind: 'courier',
    async metadata(name, maxBytes) {
      const bytes = fileOf(down, 'metadata', name);
      if (bytes !== null && bytes.length > maxBytes)
        throw new OutpostError('BAD_RELEASE', sentence('courier.part_too_large', { name }));
      return Promise.resolve(bytes);
    },
    async target(file, onProgress) {
      const bytes = fileOf(down, 'targets', file.path);
      if (bytes === null) throw new OutpostError('BAD_RELEASE', sentence('courier.part_missing', { path: file.path }));
      if (bytes.length !== file.length || sha256Hex(bytes) !== file.sha256) {
        throw new OutpostError('BAD_RELEASE', sentence('courier.not_the_listed_file', { path: file.path }));
      }
      onProgress(bytes.length);
      return Promise.resolve(bytes);
    },
  };
}
