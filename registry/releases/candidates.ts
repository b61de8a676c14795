import { v7 as uuidv7 } from 'uuid';
import {
  candidateReportSchema,
  type CandidateReport,
  type Gate,
  type Proposal,
} from '../../shared/contract/registry.ts';
import { withCompanions } from '../../shared/encoding/companions.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { manifestSchema, type Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { parseMetadata, targetsSchema, type TargetsSigned } from '../../shared/releases/metadata.ts';
import { listedReleases, releaseOf, type ListedRelease, type NewRelease } from '../../shared/releases/targets.ts';
import type { Evidence } from '../../shared/releases/evidence.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { readBlob, saveBlob } from '../../platform/blobs/by-hash.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { withLock } from '../storage/db/settings.ts';
import type { AnyStore, StoreTransaction, Tables } from '../storage/db/tables.ts';
import { officesByRelease } from './channels.ts';
import { checkModel } from '../../platform/models/check-model.ts';
import { parseManifest } from '../../platform/models/parse-manifest.ts';
import { requireCompatible } from './schema-compatibility.ts';
import { readPublished } from './repository.ts';
import { keepSchema } from './schemas.ts';

const nothingProposed = sentence('models.nothing_proposed');

/** Everything a candidate is proposed with. `run` says which training run made it, or who pushed it. */
export interface Submission {
  readonly model: Uint8Array;
  readonly manifest: Uint8Array;
  readonly evidence: Evidence;
  readonly champion: CandidateReport['champion'];
  readonly gates: readonly Gate[];
  readonly flips: number;
  readonly run: string;
  readonly heldOut?: CandidateReport['heldOut'];
  /** What an approver reads of it before its gates. */
  readonly sentence: Sentence;
}

/** Reads manifest bytes as laptops do; BAD_MANIFEST naming the field. */
export function readManifest(bytes: Uint8Array): Manifest {
  return parseManifest(bytes, nothingProposed);
}

/** Throws BAD_MODEL or BAD_MANIFEST unless the model is the one its manifest names, and fits it as laptops ask. */
export function checkFits(manifest: Manifest, model: Uint8Array): void {
  checkModel(manifest, model, nothingProposed);
}

/** Throws BAD_MANIFEST, naming the attribute, for a schema that may not follow the current one (`requireCompatible`). */
export async function checkSchema(context: RegistryContext, { schema }: Manifest): Promise<void> {
  requireCompatible((await currentSchema(context)).schema, schema, nothingProposed);
}

/** The release most offices are pointed to, the newest of several alike; before any channel names one, the newest listed. */
export async function currentChampion(context: RegistryContext): Promise<CandidateReport['champion']> {
  const listed = listedReleases((await readPublished(context.blobs)).targets.signed);
  const counts = await officesByRelease(context.db);
  const offices = (one: ListedRelease): number => counts.get(one.release) ?? 0;
  const champion = listed.toSorted((a, b) => offices(a) - offices(b) || a.version - b.version).at(-1);
  if (champion === undefined) return null;
  return {
    id: champion.release.slice(releaseOf('').length),
    version: champion.version,
    model: champion.model.sha256,
    manifest: champion.manifest.sha256,
  };
}

/** The newest feature schema in use: that of the current model, else the one that comes with the program. */
export async function currentSchema(context: RegistryContext): Promise<DescribedSchema> {
  const champion = await currentChampion(context);
  if (champion === null) return withCompanions(complaintsSchema);
  return readManifest(await readBlob(context.blobs, champion.manifest));
}

/** Version a model made now gets: one above every release and every candidate still open, so that none comes twice. */
export async function nextVersion(context: RegistryContext): Promise<number> {
  const listed = listedReleases((await readPublished(context.blobs)).targets.signed).map((one) => one.version);
  const open = (await openManifests(context.db)).map((manifest) => manifest.model.version);
  return 1 + Math.max(0, ...listed, ...open);
}

/**
 * Version a schema issued now gets: one above that of its parent and of every candidate that was not declined, so that two
 * ways from one parent, as after a roll-back, are not called the same.
 */
export async function nextSchemaVersion(context: RegistryContext, parent: FeatureSchema): Promise<number> {
  const rows = await context.db.selectFrom('candidates').select('manifest').where('state', '!=', 'declined').execute();
  const issued = rows.map((row) => manifestSchema.parse(JSON.parse(row.manifest)).schema);
  return 1 + Math.max(parent.version, ...issued.filter(({ id }) => id === parent.id).map(({ version }) => version));
}

async function openManifests(db: AnyStore): Promise<Manifest[]> {
  const rows = await db.selectFrom('candidates').select('manifest').where('state', '=', 'open').execute();
  return rows.map((row) => manifestSchema.parse(JSON.parse(row.manifest)));
}

async function checkSubmission(context: RegistryContext, { model, manifest }: Submission): Promise<Manifest> {
  const read = readManifest(manifest);
  checkFits(read, model);
  await checkSchema(context, read);
  return read;
}

/**
 * Proposes a candidate for approval: checks that model and manifest fit and that its schema may follow the current one,
 * keeps the files, writes the report. Throws BAD_MODEL or BAD_MANIFEST; CONFLICT when the same model is open or released already, or its version is. Looking
 * and writing are one step: of two that come at once with one version, one is refused.
 */
export async function proposeCandidate(
  context: RegistryContext,
  submission: Submission,
  by: string,
): Promise<CandidateReport> {
  const manifest = await checkSubmission(context, submission);
  const candidate = uuidv7();
  const report = candidateReportSchema.parse({
    format: 'outpost.candidate-report/1',
    candidate,
    run: submission.run,
    model: (await saveBlob(context.blobs, submission.model)).sha256,
    manifest: (await saveBlob(context.blobs, submission.manifest)).sha256,
    champion: submission.champion,
    gates: [...submission.gates],
    flips: submission.flips,
    evidenceRows: submission.evidence.rows.length,
    evidence: (await saveBlob(context.blobs, JSON.stringify(submission.evidence))).sha256,
    heldOut: submission.heldOut ?? null,
    proposed: instant(context),
    // The format holds words, and admins' programs of earlier versions take no other form of it.
    sentence: inEnglish(submission.sentence),
  } satisfies CandidateReport);
  const row = {
    id: candidate,
    state: 'open',
    report: JSON.stringify(report),
    manifest: JSON.stringify(manifest),
    targets: null,
    declined_because: null,
  };
  await withLock(context.db, 'candidates', async (trx) => {
    await refuseTwice(context.blobs, trx, manifest);
    // What is issued was proposed before.
    await keepSchema(trx, manifest.schema);
    await trx
      .insertInto('candidates')
      .values({ ...row, created_at: report.proposed, created_by: by })
      .execute();
  });
  return report;
}

async function refuseTwice(blobs: BlobStore, trx: StoreTransaction, { model }: Manifest): Promise<void> {
  const listed = listedReleases((await readPublished(blobs)).targets.signed);
  const data = { model: model.id };
  if (listed.some((one) => one.release === releaseOf(model.id)))
    throw new OutpostError('CONFLICT', sentence('releases.model_released_already'), { data });
  if (listed.some((one) => one.version === model.version))
    throw new OutpostError('CONFLICT', sentence('releases.version_released', { version: model.version }));
  const open = await openManifests(trx);
  if (open.some((other) => other.model.id === model.id))
    throw new OutpostError('CONFLICT', sentence('releases.model_up_approval_already'), { data });
  if (open.some((other) => other.model.version === model.version))
    throw new OutpostError('CONFLICT', sentence('releases.version_proposed_already', { version: model.version }));
}

/** The release a candidate's approval would add to the signed list. `minimum` absent keeps the present one. */
export async function releaseOfCandidate(
  context: RegistryContext,
  report: CandidateReport,
  manifest: Manifest,
  minimum?: number,
): Promise<NewRelease> {
  const { length } = await readBlob(context.blobs, report.manifest);
  return {
    modelId: manifest.model.id,
    version: manifest.model.version,
    model: { sha256: report.model, length: manifest.model.bytes },
    manifest: { sha256: report.manifest, length },
    proposed: report.proposed,
    ...(minimum === undefined ? {} : { minimum }),
  };
}

interface ReadCandidate {
  readonly row: Tables['candidates'];
  readonly report: CandidateReport;
  readonly manifest: Manifest;
}

function readCandidate(row: Tables['candidates']): ReadCandidate {
  return {
    row,
    report: candidateReportSchema.parse(JSON.parse(row.report)),
    manifest: manifestSchema.parse(JSON.parse(row.manifest)),
  };
}

/** Row of a candidate with its report and manifest parsed. NOT_FOUND when there is none. */
export async function findCandidate(db: AnyStore, id: string): Promise<ReadCandidate> {
  const row = await db.selectFrom('candidates').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new OutpostError('NOT_FOUND', sentence('releases.no_such_candidate', { id }));
  return readCandidate(row);
}

/** Targets metadata as signed so far, or null. */
export function signedSoFar(row: Tables['candidates']): ReturnType<typeof parseMetadata<TargetsSigned>> | null {
  return row.targets === null ? null : parseMetadata(row.targets, targetsSchema);
}

type Signature = Tables['signatures'];

function proposalOf(
  { row, report, manifest }: ReadCandidate,
  signatures: readonly Signature[],
  threshold: number,
): Proposal {
  return {
    report,
    manifest,
    state: row.state as Proposal['state'],
    signatures: signatures.map((one) => ({ keyId: one.key_id, at: one.at })),
    threshold,
    targets: row.targets,
  };
}

async function thresholdNow({ blobs }: RegistryContext): Promise<number> {
  return (await readPublished(blobs)).root.signed.roles.targets.threshold;
}

/** A candidate as admins see it. */
export async function findProposal(context: RegistryContext, db: AnyStore, id: string): Promise<Proposal> {
  const found = await findCandidate(db, id);
  const signatures = await db.selectFrom('signatures').selectAll().where('candidate', '=', id).orderBy('at').execute();
  return proposalOf(found, signatures, await thresholdNow(context));
}

/** Every candidate, newest first. */
export async function listProposals(context: RegistryContext): Promise<Proposal[]> {
  const { db } = context;
  const rows = await db
    .selectFrom('candidates')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const signatures = Map.groupBy(
    await db.selectFrom('signatures').selectAll().orderBy('at').execute(),
    (one) => one.candidate,
  );
  const threshold = await thresholdNow(context);
  return rows.map((row) => proposalOf(readCandidate(row), signatures.get(row.id) ?? [], threshold));
}
