import { z } from 'zod';
import { sentenceSchema, textSchema } from '../language/sentence.ts';
import { factsSchema } from '../domain/facts.ts';
import { moneySchema } from '../domain/money.ts';
import { outsideReasonSchema } from '../domain/outside-reasons.ts';
import { figureBasisSchema } from '../encoding/manifest.ts';
import { inconclusiveReasonSchema, outcomeSchema, thresholdsSchema, verdictSchema } from '../domain/verdict.ts';
import { dateSchema, hashSchema, idSchema, instantSchema } from '../log/event.ts';
import { modelRefSchema, privateCaseSchema } from '../log/payloads.ts';

export const personSchema = z.strictObject({ id: idSchema, name: z.string().min(1).max(80) });
export type Person = z.infer<typeof personSchema>;

/** The status strip, always true. `vault` new = first start, locked = passphrase needed. */
export const statusSchema = z.strictObject({
  vault: z.enum(['new', 'locked', 'open']),
  appVersion: z.string(),
  demo: z.boolean(),
  connection: z.enum(['not_enrolled', 'offline', 'online', 'syncing']),
  /** How much of what people entered has no receipt yet. */
  waiting: z.int().min(0),
  openCases: z.int().min(0),
  alarms: z.int().min(0),
  lastContact: instantSchema.nullable(),
  model: z
    .strictObject({
      id: idSchema,
      name: z.string(),
      version: z.int(),
      ageDays: z.int(),
      expires: dateSchema,
      expired: z.boolean(),
      simulated: z.boolean(),
    })
    .nullable(),
  locksAt: instantSchema.nullable(),
  /** The recovery key is not confirmed to be on paper yet. */
  recoveryKeyOpen: z.boolean(),
  person: personSchema.nullable(),
  office: z.string().nullable(),
});
export type Status = z.infer<typeof statusSchema>;

/** One row of the queue. While `scoreHidden`, verdict, score, outside and reasons are withheld until the outcome. */
export const caseRowSchema = z.strictObject({
  id: idSchema,
  reference: z.string(),
  group: z.enum(['urgent', 'unseen', 'next', 'done']),
  verdict: verdictSchema.nullable(),
  score: z.number().nullable(),
  scoreHidden: z.boolean(),
  outside: z.boolean(),
  reasons: z.array(textSchema),
  stake: moneySchema.nullable(),
  received: dateSchema,
  takenInAt: instantSchema,
  place: z.string(),
  person: personSchema.nullable(),
  outcome: outcomeSchema.nullable(),
  waiting: z.boolean(),
});
export type CaseRow = z.infer<typeof caseRowSchema>;

/** Contributions in probability, from the mean score of the model's background cases (`base`) to the score: base + sum(parts) + rest = score. */
export const explanationSchema = z.strictObject({
  base: z.number(),
  score: z.number(),
  parts: z.array(z.strictObject({ attribute: z.string(), label: textSchema, phrase: textSchema, value: z.number() })),
  /** Sum over the attributes not listed, and how many they are. */
  rest: z.strictObject({ count: z.int(), value: z.number() }),
  sentence: sentenceSchema,
  changes: z.array(
    z.strictObject({ attribute: z.string(), phrase: textSchema, score: z.number(), verdict: verdictSchema }),
  ),
});
export type Explanation = z.infer<typeof explanationSchema>;

const scoreViewSchema = z.strictObject({
  model: modelRefSchema,
  modelName: z.string(),
  at: instantSchema,
  score: z.number(),
  verdict: verdictSchema,
  thresholds: thresholdsSchema,
  outside: z.array(outsideReasonSchema),
  /** What the model cannot see, as sentences. */
  outsideSentences: z.array(sentenceSchema),
});
export type ScoreView = z.infer<typeof scoreViewSchema>;

export const indicatorHitSchema = z.strictObject({
  kind: z.enum(['phone', 'handle', 'web', 'session']),
  value: z.string(),
  cases: z.int(),
  confirmed: z.int(),
  offices: z.int(),
  caseIds: z.array(idSchema),
});
export type IndicatorHit = z.infer<typeof indicatorHitSchema>;

const timelineEntrySchema = z.strictObject({
  /** Id of the entry: after a fork two entries of a case may have the same number, in different logs. */
  id: idSchema,
  at: instantSchema,
  type: z.string(),
  person: z.string().nullable(),
  /** What was done or found out; null where it is all about the score. */
  sentence: sentenceSchema.nullable(),
  /** What is said of the score, which a report without scores leaves out. */
  score: sentenceSchema.nullable(),
  receipted: z.boolean(),
});

export const caseViewSchema = z.strictObject({
  row: caseRowSchema,
  /** Entry that holds the facts as shown: what an edit is made on. */
  version: idSchema,
  urgent: z.boolean(),
  facts: factsSchema,
  private: privateCaseSchema,
  firstScore: scoreViewSchema.nullable(),
  /** Why there is no first score yet, as a sentence, when there is none. */
  scoreProblem: sentenceSchema.nullable(),
  outcome: z
    .strictObject({
      outcome: outcomeSchema,
      reason: inconclusiveReasonSchema.nullable(),
      note: z.string(),
      at: instantSchema,
    })
    .nullable(),
  /** Oldest first: entries of a parent log up to the fork, then those of the log that continues it. */
  timeline: z.array(timelineEntrySchema),
  chainUnbroken: z.boolean(),
  indicators: z.array(indicatorHitSchema),
  /** What a redacted report leaves out, since it may not leave the laptop: tactics as given, answers by their attributes. */
  withheld: z.strictObject({ tactics: z.array(z.string()), attributes: z.array(z.string()) }),
});
export type CaseView = z.infer<typeof caseViewSchema>;

/** What the intake form sends. `reference` empty = the next free one is given. Tactics are free text. */
export const intakeSchema = z.strictObject({
  urgent: z.boolean(),
  received: dateSchema,
  attributes: factsSchema.shape.attributes,
  tactics: z.array(z.string().trim().min(1).max(200)).max(50),
  indicators: z
    .array(z.strictObject({ kind: z.enum(['phone', 'handle', 'web', 'session']), value: z.string().max(200) }))
    .max(50),
  reference: z.string().max(60),
  resident: z.string().max(200),
  contact: z.string().max(200),
  place: z.string().max(100),
  safeContact: z.string().max(500),
  atRisk: z.boolean(),
  needs: privateCaseSchema.shape.needs.unwrap(),
  narrative: z.string().max(20_000),
  paidAt: privateCaseSchema.shape.paidAt,
});
export type Intake = z.infer<typeof intakeSchema>;

/** Background work that is open: for how many cases, at how many it failed, and what becomes of those. */
export const jobRowSchema = z.strictObject({
  kind: z.enum(['score', 'explain']),
  open: z.int(),
  failed: z.int(),
  /** Of the failed ones, those that are not tried again by themselves. */
  givenUp: z.int(),
  nextTry: instantSchema.nullable(),
});
export type JobRow = z.infer<typeof jobRowSchema>;

export const modelRowSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  version: z.int(),
  sha256: hashSchema,
  created: instantSchema,
  expires: dateSchema,
  simulated: z.boolean(),
  source: z.enum(['bundled', 'registry', 'courier', 'rollback', 'file']),
  state: z.enum(['active', 'installed', 'dry_run_only', 'refused']),
  activatedAt: instantSchema.nullable(),
  figures: z.record(
    z.string(),
    z.strictObject({ value: z.number(), low: z.number().optional(), high: z.number().optional(), n: z.int() }),
  ),
  thresholds: thresholdsSchema,
  schemaVersion: z.int(),
  trainedFrom: dateSchema.nullable(),
  trainedTo: dateSchema.nullable(),
  rows: z.int(),
  trainer: z.string(),
  /** What the figures were computed on; null where an older manifest does not say. */
  basis: figureBasisSchema.nullable(),
  /** How many questions the form asks, and how many of them this model does not read. */
  formFit: z.strictObject({ asked: z.int(), unread: z.int() }),
});
export type ModelRow = z.infer<typeof modelRowSchema>;

/** Which open cases would move under another model. First scores stay as they are. */
export const dryRunSchema = z.strictObject({
  model: z.strictObject({ id: idSchema, name: z.string(), version: z.int() }),
  scored: z.int(),
  flips: z.array(
    z.strictObject({
      id: idSchema,
      reference: z.string(),
      before: z.strictObject({ score: z.number(), verdict: verdictSchema }).nullable(),
      /** `outside`: the model on trial would not know the case. */
      after: z.strictObject({ score: z.number(), verdict: verdictSchema, outside: z.boolean() }),
      outcome: outcomeSchema.nullable(),
    }),
  ),
});
export type DryRun = z.infer<typeof dryRunSchema>;

export const syncStatusSchema = z.strictObject({
  enrolled: z.boolean(),
  /** An enrolment file was read; a courier file asks the registry for the rest. */
  joining: z.boolean().optional(),
  registry: z.string().nullable(),
  address: z.string().nullable(),
  office: z.string().nullable(),
  log: idSchema,
  entries: z.int(),
  receipted: z.int(),
  waiting: z.int(),
  /** What waits, counted by kind of entry: what people entered first. */
  kinds: z.array(z.strictObject({ type: z.string(), count: z.int() })),
  lastReceipt: z.strictObject({ at: instantSchema, seq: z.int(), hash: hashSchema }).nullable(),
  lastContact: instantSchema.nullable(),
  lastProblem: z.strictObject({ at: instantSchema, code: z.string(), sentence: sentenceSchema }).nullable(),
  phase: z.enum(['idle', 'sending', 'fetching', 'installing']),
  progress: z.strictObject({ done: z.int(), total: z.int() }).nullable(),
  releaseExpires: instantSchema.nullable(),
  /** What happened, newest first. */
  history: z.array(z.strictObject({ at: instantSchema, sentence: sentenceSchema })),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;
