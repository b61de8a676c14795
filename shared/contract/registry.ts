import { oc } from '@orpc/contract';
import { z } from 'zod';
import { monitorReportSchema } from '../drift/report.ts';
import { manifestSchema } from '../encoding/manifest.ts';
import { dateSchema, hashSchema, idSchema, instantSchema } from '../log/event.ts';
import { batchSchema, publicKeySchema, receiptSchema, signatureSchema } from '../log/signed.ts';
import { contractErrors } from './errors.ts';
import { sentenceSchema } from '../language/sentence.ts';

const base = oc.errors(contractErrors);
const none = z.strictObject({});

/** What a device sends to join: the one-time secret and the key of its log, signed by that key. */
export const enrolmentRequestSchema = z.strictObject({
  body: z.strictObject({
    format: z.literal('outpost.enrolment-request/1'),
    secret: z.string().min(16).max(200),
    log: idSchema,
    key: publicKeySchema,
    /** age recipient (`age1…`) files for this device are sealed to. */
    sealTo: z.string().startsWith('age1').max(200),
    at: instantSchema,
  }),
  signature: signatureSchema,
});
export type EnrolmentRequest = z.infer<typeof enrolmentRequestSchema>;
export const enrolmentPurpose = 'outpost.enrolment-request/1';

/** The registry's answer, signed by its receipt key. `officeKey` (hex) makes the reference tags. */
export const enrolmentGrantSchema = z.strictObject({
  body: z.strictObject({
    format: z.literal('outpost.enrolment-grant/1'),
    registry: z.string(),
    device: idSchema,
    key: publicKeySchema,
    office: z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/), name: z.string().max(80) }),
    officeKey: hashSchema,
    at: instantSchema,
  }),
  signature: signatureSchema,
});
export type EnrolmentGrant = z.infer<typeof enrolmentGrantSchema>;
export const grantPurpose = 'outpost.enrolment-grant/1';

/** What the enrolment code carries; the file form adds the release files of `courierDown`. */
export const enrolmentCodeSchema = z.strictObject({
  format: z.literal('outpost.enrolment-code/1'),
  address: z.string().max(300),
  secret: z.string().min(16).max(200),
  rootSha256: hashSchema,
});
export type EnrolmentCode = z.infer<typeof enrolmentCodeSchema>;

/** Contents of the channel target `channels/<office>.json`, signed by the online channel role. */
export const channelSchema = z.strictObject({
  format: z.literal('outpost.channel/1'),
  office: z.string(),
  /** Target path prefix of the release to run, `releases/<model id>`; null = none yet. */
  release: z.string().nullable(),
  at: instantSchema,
});
export type Channel = z.infer<typeof channelSchema>;

/** `custom` of the manifest target in the top-level targets; the signed minimum is the highest `minimum` listed. */
export const releaseCustomSchema = z.strictObject({
  release: z.string(),
  version: z.int().min(1),
  minimum: z.int().min(1),
});

/** One rule a candidate is judged by. `n` is the number of incidents the figure rests on. */
const gateSchema = z.strictObject({
  name: z.string(),
  figure: z.number().nullable(),
  limit: z.number(),
  comparison: z.enum(['at_least', 'at_most']),
  champion: z.number().nullable(),
  n: z.int(),
  result: z.enum(['holds', 'fails', 'cannot_tell']),
});
export type Gate = z.infer<typeof gateSchema>;

/**
 * The cases a candidate was judged on: first and last received date, cases and incidents; how many candidates were
 * judged before on some of them, and how many of the cases that concerns.
 */
export const heldOutSchema = z.strictObject({
  from: dateSchema,
  until: dateSchema,
  cases: z.int().min(1),
  incidents: z.int().min(1),
  judgedBefore: z.int().min(0),
  casesReused: z.int().min(0),
});
export type HoldOut = z.infer<typeof heldOutSchema>;

/** Report a candidate is proposed with. `evidence` rows are recomputed by the admin's machine before signing. */
export const candidateReportSchema = z.strictObject({
  format: z.literal('outpost.candidate-report/1'),
  candidate: idSchema,
  run: z.string(),
  model: hashSchema,
  manifest: hashSchema,
  champion: z.strictObject({ id: idSchema, version: z.int(), model: hashSchema, manifest: hashSchema }).nullable(),
  gates: z.array(gateSchema),
  flips: z.int(),
  evidenceRows: z.int(),
  evidence: hashSchema,
  /** Null for candidates without held-out cases, and for those proposed before uses were counted. */
  heldOut: heldOutSchema.nullable().default(null),
  proposed: instantSchema,
  sentence: z.string(),
});
export type CandidateReport = z.infer<typeof candidateReportSchema>;

export const proposalSchema = z.strictObject({
  report: candidateReportSchema,
  manifest: manifestSchema,
  state: z.enum(['open', 'approved', 'declined', 'superseded']),
  /** Key ids that signed so far, and how many are needed. */
  signatures: z.array(z.strictObject({ keyId: z.string(), at: instantSchema })),
  threshold: z.int(),
  /** Targets metadata (JSON text) as signed so far; null before the first signature. */
  targets: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** Every call a laptop or an admin's machine may make of the registry. Admin calls need a bearer token. */
export const registryContract = {
  hello: base.input(none).output(z.strictObject({ registry: z.string(), at: instantSchema, rootSha256: hashSchema })),
  device: { enrol: base.input(enrolmentRequestSchema).output(enrolmentGrantSchema) },
  feedback: {
    /** Stores a batch and answers with the receipt. GAP, FORK, BAD_CHAIN and BAD_SIGNATURE store nothing. */
    push: base.input(batchSchema).output(
      z.strictObject({
        receipt: receiptSchema,
        notices: z.array(z.strictObject({ case: idSchema, sentence: sentenceSchema })),
      }),
    ),
    /** Newest receipt of a log, or null: where to go on after an interruption. */
    state: base.input(z.strictObject({ log: idSchema })).output(z.strictObject({ receipt: receiptSchema.nullable() })),
  },
  admin: {
    proposals: base.input(none).output(z.array(proposalSchema)),
    proposal: base.input(z.strictObject({ candidate: idSchema })).output(proposalSchema),
    /** Proposes a model from another program for approval; files were uploaded to `/files/<sha256>` before. */
    propose: base.input(z.strictObject({ model: hashSchema, manifest: hashSchema })).output(proposalSchema),
    /** Adds one offline key's signature to the next targets metadata. */
    sign: base
      .input(z.strictObject({ candidate: idSchema, targets: z.string().max(2_000_000) }))
      .output(proposalSchema),
    decline: base
      .input(z.strictObject({ candidate: idSchema, reason: z.string().min(1).max(500) }))
      .output(proposalSchema),
    /** Points offices (all when empty) to an approved release. Roll-back is the same call with an earlier one. */
    setChannel: base
      .input(z.strictObject({ release: z.string(), offices: z.array(z.string()) }))
      .output(z.array(channelSchema)),
    offices: base.input(none).output(
      z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          devices: z.int(),
          cases: z.int(),
          lastSeen: instantSchema.nullable(),
          release: z.string().nullable(),
        }),
      ),
    ),
    monitor: base.input(none).output(
      z.strictObject({
        /** The same in English, for clients of versions that read no `sentences`. */
        sentence: z.string(),
        sentences: z.array(sentenceSchema),
        report: monitorReportSchema,
        from: dateSchema.nullable(),
      }),
    ),
  },
};
export type RegistryContract = typeof registryContract;
