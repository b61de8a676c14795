import { fileOf, type CourierDown } from '../../../shared/courier/format.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';
import type { ReleaseSource } from '../releases/release-source.ts';

/** The files inside a down file as a source of releases: the same checks run as over the network. */
export function courierSource(down: CourierDown): ReleaseSource {
  return {
    kind: 'courier',
    async metadata(name, maxBytes) {
      const bytes = fileOf(down, 'metadata', name);
      if (bytes !== null && bytes.length > maxBytes)
        throw new OutpostError(
          'BAD_RELEASE',
          `${name} in the courier file is too large. The current model stays active.`,
        );
      return Promise.resolve(bytes);
    },
    async target(file, onProgress) {
      const bytes = fileOf(down, 'targets', file.path);
      if (bytes === null)
        throw new OutpostError(
          'BAD_RELEASE',
          `The courier file does not hold ${file.path}. The current model stays active.`,
        );
      if (bytes.length !== file.length || sha256Hex(bytes) !== file.sha256) {
        throw new OutpostError(
          'BAD_RELEASE',
          `${file.path} in the courier file is not the file the release lists. The current model stays active.`,
        );
      }
      onProgress(bytes.length);
      return Promise.resolve(bytes);
    },
  };
}
