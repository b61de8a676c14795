import type { CandidateReport, Proposal } from '../../shared/contract/registry.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import {
  metadataText,
  parseMetadata,
  targetsSchema,
  validSignatures,
  type Metadata,
  type MetadataSignature,
  type TargetsSigned,
} from '../../shared/releases/metadata.ts';
import { nextTargets, releaseOf, sameSigned, signedMinimum, targetsDifference } from '../../shared/releases/targets.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { withLock } from '../storage/db/settings.ts';
import type { StoreTransaction, Tables } from '../storage/db/tables.ts';
import { findCandidate, findProposal, releaseOfCandidate, signedSoFar } from './candidates.ts';
import { publisherOf, releaseLock } from './channels.ts';
import { publishChange } from './publish.ts';
import { readPublished, writeTarget, type Published } from './repository.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

interface Found {
  readonly row: Tables['candidates'];
  readonly report: CandidateReport;
  readonly manifest: Manifest;
}

function requireOpen(row: Tables['candidates']): void {
  if (row.state !== 'open')
    throw new OutpostError('CONFLICT', sentence('releases.candidate_decided', { state: row.state }));
}

/** Builds the list this candidate's approval means and compares: nothing else may be signed under its name. */
async function checkList(
  context: RegistryContext,
  found: Found,
  now: Published,
  uploaded: TargetsSigned,
): Promise<void> {
  const trusted = now.targets.signed;
  if (uploaded.version !== trusted.version + 1) {
    throw new OutpostError('CONFLICT', sentence('releases.list_releases_changed_meantime'));
  }
  const minimum = signedMinimum(uploaded);
  const expected = nextTargets(trusted, await releaseOfCandidate(context, found.report, found.manifest, minimum));
  if (sameSigned(expected, uploaded)) return;
  const { added, changed, removed } = targetsDifference(expected, uploaded);
  const paths = [...added, ...changed, ...removed].slice(0, 5);
  throw new OutpostError(
    'NOT_APPROVED',
    paths.length === 0
      ? sentence('releases.another_list')
      : sentence('releases.another_list_in', { paths: listed(paths) }),
  );
}

/** Signatures from before that still count: those over the same bytes. A different list at the same version is refused. */
function carryOver(row: Tables['candidates'], uploaded: TargetsSigned): readonly MetadataSignature[] {
  const before = signedSoFar(row);
  if (before === null || before.signed.version !== uploaded.version) return [];
  if (!sameSigned(before.signed, uploaded)) {
    throw new OutpostError('CONFLICT', sentence('releases.first_signer_signed_another_list_different'));
  }
  return before.signatures;
}

interface Signed {
  readonly merged: Metadata<TargetsSigned>;
  /** Ids of the keys that did not sign before. */
  readonly added: readonly string[];
  readonly admin: string;
}

/** Two signatures mean two people: one admin signs a candidate with one key. */
async function refuseSecondKey(trx: StoreTransaction, id: string, { merged, added, admin }: Signed): Promise<void> {
  if (added.length === 0) return;
  const standing = merged.signatures.map((one) => one.keyid).filter((key) => !added.includes(key));
  const rows = await trx
    .selectFrom('signatures')
    .select('key_id')
    .where('candidate', '=', id)
    .where('admin', '=', admin)
    .execute();
  const own = rows.filter((row) => standing.includes(row.key_id)).length;
  if (own + added.length <= 1) return;
  throw new OutpostError(
    'CONFLICT',
    own === 0 ? sentence('releases.several_keys') : sentence('releases.signed_already', { admin }),
  );
}

async function saveSignatures(
  context: RegistryContext,
  trx: StoreTransaction,
  id: string,
  { merged, added, admin }: Signed,
): Promise<void> {
  await trx
    .updateTable('candidates')
    .set({ targets: metadataText(merged) })
    .where('id', '=', id)
    .execute();
  const keyIds = merged.signatures.map((one) => one.keyid);
  await trx.deleteFrom('signatures').where('candidate', '=', id).where('key_id', 'not in', keyIds).execute();
  if (added.length === 0) return;
  const at = instant(context);
  // A row left from a list that a renewal overtook belongs to whoever signs with that key now.
  await trx
    .insertInto('signatures')
    .values(added.map((key_id) => ({ candidate: id, key_id, admin, at })))
    .onConflict((conflict) => conflict.columns(['candidate', 'key_id']).doUpdateSet({ admin, at }))
    .execute();
}

async function release(
  context: RegistryContext,
  trx: StoreTransaction,
  found: Found,
  targets: Metadata<TargetsSigned>,
): Promise<void> {
  const { report, manifest } = found;
  const path = releaseOf(manifest.model.id);
  await writeTarget(context.blobs, `${path}/model.onnx`, await readBlob(context.blobs, report.model));
  await writeTarget(context.blobs, `${path}/manifest.json`, await readBlob(context.blobs, report.manifest));
  await publishChange(publisherOf(context), { targets });
  await markReleased(context, trx, found, targets.signed.version);
}

async function markReleased(
  context: RegistryContext,
  trx: StoreTransaction,
  { report, manifest }: Found,
  targetsVersion: number,
): Promise<void> {
  const { candidate, model } = report;
  const row = {
    release: releaseOf(manifest.model.id),
    version: manifest.model.version,
    candidate,
    model,
    manifest: report.manifest,
  };
  await trx
    .insertInto('releases')
    .values({ ...row, targets_version: targetsVersion, at: instant(context) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx.updateTable('candidates').set({ state: 'approved' }).where('id', '=', candidate).execute();
  // Lists signed for other candidates name the version just published; they would have to be signed again.
  const others = await trx
    .selectFrom('candidates')
    .select('id')
    .where('state', '=', 'open')
    .where('targets', 'is not', null)
    .execute();
  if (others.length === 0) return;
  const ids = others.map((other) => other.id);
  await trx.updateTable('candidates').set({ targets: null }).where('id', 'in', ids).execute();
  await trx.deleteFrom('signatures').where('candidate', 'in', ids).execute();
}

/**
 * Adds the offline signatures of an uploaded list of targets to a candidate; at the threshold the list is published and
 * the model becomes a release. Throws CONFLICT (the list moved on, or this admin signed with another key), NOT_APPROVED (another list) or BAD_SIGNATURE.
 */
export async function addSignature(
  context: RegistryContext,
  input: { candidate: string; targets: string },
  admin: string,
): Promise<Proposal> {
  const uploaded = parseMetadata(input.targets, targetsSchema);
  return withLock(context.db, releaseLock, async (trx) => {
    const candidate = await findCandidate(trx, input.candidate);
    requireOpen(candidate.row);
    const now = await readPublished(context.blobs);
    await checkList(context, candidate, now, uploaded.signed);
    const { roles, keys } = now.root.signed;
    if (validSignatures(uploaded, roles.targets, keys).length === 0) {
      throw new OutpostError('BAD_SIGNATURE', sentence('releases.no_signature_offline_key_registry_fits'));
    }
    const { signed } = uploaded;
    const valid = (signatures: readonly MetadataSignature[]): MetadataSignature[] =>
      validSignatures({ signed, signatures: [...signatures] }, roles.targets, keys);
    const before = valid(carryOver(candidate.row, signed));
    const merged = { signed, signatures: valid([...before, ...uploaded.signatures]) };
    const known = new Set(before.map((one) => one.keyid));
    const added = merged.signatures.map((one) => one.keyid).filter((key) => !known.has(key));
    await refuseSecondKey(trx, input.candidate, { merged, added, admin });
    await saveSignatures(context, trx, input.candidate, { merged, added, admin });
    if (merged.signatures.length >= roles.targets.threshold) await release(context, trx, candidate, merged);
    return findProposal(context, trx, input.candidate);
  });
}

/** Takes a candidate off the table, with the reason. */
export async function decline(
  context: RegistryContext,
  input: { candidate: string; reason: string },
): Promise<Proposal> {
  return withLock(context.db, releaseLock, async (trx) => {
    const { row } = await findCandidate(trx, input.candidate);
    requireOpen(row);
    await trx
      .updateTable('candidates')
      .set({ state: 'declined', declined_because: input.reason, targets: null })
      .where('id', '=', row.id)
      .execute();
    await trx.deleteFrom('signatures').where('candidate', '=', row.id).execute();
    return findProposal(context, trx, row.id);
  });
}

/** Marks candidates approved whose release was published just before a crash: the published list is the truth. */
export async function reconcile(context: RegistryContext): Promise<void> {
  await withLock(context.db, releaseLock, async (trx) => {
    const { targets } = await readPublished(context.blobs);
    const open = await trx.selectFrom('candidates').select('id').where('state', '=', 'open').execute();
    for (const { id } of open) {
      const candidate = await findCandidate(trx, id);
      const listed = targets.signed.targets[`${releaseOf(candidate.manifest.model.id)}/model.onnx`];
      if (listed?.hashes.sha256 === candidate.report.model)
        await markReleased(context, trx, candidate, targets.signed.version);
    }
  });
}
