import { parseMetadata, targetsSchema, type TargetsSigned } from '../../../shared/releases/metadata.ts';
import { listedReleases, releaseOf, signedMinimum } from '../../../shared/releases/targets.ts';
import { hasRegistryRelease, identityOf } from '../store/models.ts';
import { createSyncStore } from '../store/sync.ts';
import type { Db } from '../store/db.ts';
import type { KeyValues } from '../store/key-values.ts';

/** True once this laptop belongs to a registry: from then on only approved releases may be activated. */
function isEnrolled(keyValues: KeyValues): boolean {
  return (keyValues.get('enrolment') ?? null) !== null;
}

/** The list of releases the offline keys signed, as verified at the last contact; null before the first. */
function trustedTargets(db: Db, keyValues: KeyValues): TargetsSigned | null {
  const bytes = createSyncStore(db, keyValues).metadata().get('targets.json');
  return bytes === undefined ? null : parseMetadata(new TextDecoder().decode(bytes), targetsSchema).signed;
}

/** Manifest hashes of the releases listed at or above the signed minimum, by release. */
function approvedManifests(targets: TargetsSigned): Map<string, string> {
  const minimum = signedMinimum(targets);
  const approved = listedReleases(targets).filter(({ version }) => version >= minimum);
  return new Map(approved.map(({ release, manifest }) => [release, manifest.sha256]));
}

/**
 * Gives the test whether a stored model may become the active one. Before enrolment every model may. After it only
 * what the trusted list names at or above the signed minimum and what did not come as a mere file, and, so that nobody
 * is left without a model before the first release, the bundled one while none from the registry was ever installed.
 */
export function approvals(db: Db, keyValues: KeyValues): (id: string) => boolean {
  if (!isEnrolled(keyValues)) return () => true;
  const targets = trustedTargets(db, keyValues);
  const approved = targets === null ? new Map<string, string>() : approvedManifests(targets);
  const bundledMay = !hasRegistryRelease(db);
  return (id) => {
    const model = identityOf(db, id);
    if (model === null || model.source === 'file') return false;
    if (model.source === 'bundled' && bundledMay) return true;
    return approved.get(releaseOf(id)) === model.manifestSha256;
  };
}
