import { schemaTextsSchema } from '../encoding/schema-texts.ts';
import { eventIterator, oc, type ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { sentenceSchema } from '../language/sentence.ts';
import { shortestPassphrase } from '../domain/passphrase.ts';
import { inconclusiveReasonSchema, outcomeSchema } from '../domain/verdict.ts';
import { monitorReportSchema } from '../drift/report.ts';
import { featureSchemaSchema } from '../encoding/schema.ts';
import { hashSchema, idSchema, instantSchema } from '../log/event.ts';
import { importMappingSchema } from '../case-import/mapping.ts';
import { importRowSchema, refusedRowSchema, stageNewsSchema } from './imports.ts';
import { draftKeySchema, draftSchema, keptDraftSchema } from './drafts.ts';
import { contractErrors } from './errors.ts';
import {
  caseRowSchema,
  caseViewSchema,
  dryRunSchema,
  explanationSchema,
  indicatorHitSchema,
  jobRowSchema,
  intakeSchema,
  modelRowSchema,
  personSchema,
  statusSchema,
  syncStatusSchema,
} from './views.ts';

const base = oc.errors(contractErrors);
const none = z.strictObject({});
const passphrase = z.string().min(1).max(1000);

/** Every call the window may make of the backend. Adding a capability starts here. */
export const backendContract = {
  app: { status: base.input(none).output(statusSchema) },
  vault: {
    /** First start. The recovery key is shown until somebody confirms that it is on paper. */
    create: base
      .input(
        z.strictObject({
          passphrase: z.string().min(shortestPassphrase).max(1000),
          personName: z.string().trim().min(1).max(80),
          office: z.string().trim().max(80),
        }),
      )
      .output(z.strictObject({ recoveryKey: z.string() })),
    unlock: base
      .input(z.strictObject({ passphrase: passphrase.optional(), recoveryKey: z.string().max(200).optional() }))
      .output(none),
    lock: base.input(none).output(none),
    /** The recovery key that is not confirmed to be on paper yet; null when there is none. */
    recoveryKey: base.input(none).output(z.strictObject({ recoveryKey: z.string().nullable() })),
    confirmRecoveryKey: base.input(none).output(none),
    /** Makes a new recovery key in place of the one before, which then opens nothing any more. */
    renewRecoveryKey: base.input(z.strictObject({ passphrase })).output(z.strictObject({ recoveryKey: z.string() })),
  },
  people: {
    list: base.input(none).output(z.array(personSchema)),
    add: base.input(z.strictObject({ name: z.string().trim().min(1).max(80) })).output(personSchema),
    choose: base.input(z.strictObject({ id: idSchema })).output(none),
  },
  intake: {
    /** The newest feature schema known, suggested tactics, currencies and the next free reference. */
    form: base.input(none).output(
      z.strictObject({
        schema: featureSchemaSchema,
        hash: hashSchema,
        texts: z.array(schemaTextsSchema),
        tactics: z.array(z.strictObject({ tag: z.string(), cases: z.int(), understood: z.boolean() })),
        currencies: z.array(z.string()),
        nextReference: z.string(),
      }),
    ),
    /** Looks an indicator up while it is typed; null when there is nothing to normalise yet. */
    checkIndicator: base
      .input(z.strictObject({ kind: z.enum(['phone', 'handle', 'web', 'session']), value: z.string().max(200) }))
      .output(indicatorHitSchema.nullable()),
    /** What would leave the laptop of these tactics of a case about somebody, and what would stay and why. */
    previewTactics: base
      .input(
        z.strictObject({
          tactics: z.array(z.string().max(200)).max(50),
          about: intakeSchema.pick({ resident: true, contact: true, place: true, reference: true, safeContact: true }),
        }),
      )
      .output(
        z.array(
          z.strictObject({
            given: z.string(),
            tag: z.string(),
            leaves: z.boolean(),
            why: z.enum(['empty', 'too_long', 'digits', 'address', 'person']).nullable(),
            seenByModel: z.boolean(),
          }),
        ),
      ),
  },
  /** What is being written and not saved yet. Saving the form removes its draft in the same transaction. */
  drafts: {
    get: base.input(draftKeySchema).output(keptDraftSchema.nullable()),
    /**
     * `becomes` is the id the case of a new-case form will have; CONFLICT when that draft was saved already. `schema` is the
     * hash of the form it was written in, that of today when it asks none of its questions.
     */
    put: base
      .input(
        draftKeySchema.extend({
          base: draftSchema.shape.base,
          schema: draftSchema.shape.schema.optional(),
          content: draftSchema.shape.content,
          becomes: idSchema.optional(),
        }),
      )
      .output(draftSchema.pick({ savedAt: true })),
    discard: base.input(draftKeySchema).output(none),
  },
  cases: {
    list: base
      .input(
        z.strictObject({
          show: z.enum(['open', 'mine', 'done']),
          search: z.string().max(200),
          limit: z.int().min(1).max(5000),
          offset: z.int().min(0),
        }),
      )
      .output(
        z.strictObject({
          rows: z.array(caseRowSchema),
          total: z.int(),
          /** More cases have the words of the search than it looked at; the newest ones were. */
          cut: z.boolean(),
          counts: z.strictObject({ open: z.int(), mine: z.int(), done: z.int() }),
        }),
      ),
    /** Reads a case. Reading notes that somebody looked at it, unless `look` is false: the list is only passing by. */
    get: base.input(z.strictObject({ id: idSchema, look: z.boolean().optional() })).output(caseViewSchema),
    /**
     * Saves, then makes the first score; the case is kept whatever becomes of the score. `id` is the one the draft has had
     * since it was begun: CONFLICT with the case when another window saved that draft already, so that it is one case.
     */
    create: base
      .input(intakeSchema.extend({ id: idSchema.optional() }))
      .output(z.strictObject({ id: idSchema, reference: z.string() })),
    /** Changes facts. `base` is the `version` the form was filled from; CONFLICT when the case was edited since. */
    edit: base.input(z.strictObject({ id: idSchema, base: idSchema, intake: intakeSchema })).output(none),
    /** Makes the first score of a case that has none (no model yet, or the model failed). */
    score: base.input(z.strictObject({ id: idSchema })).output(none),
    /**
     * Why the first score is what it is. What could not be worked out fails at once until it is tried again by itself;
     * `again` tries at once.
     */
    explain: base.input(z.strictObject({ id: idSchema, again: z.boolean().optional() })).output(explanationSchema),
    /** `base` is the entry of the outcome it was chosen on, null for none; CONFLICT when one was recorded since. */
    recordOutcome: base
      .input(
        z.strictObject({
          id: idSchema,
          base: idSchema.nullable(),
          outcome: outcomeSchema,
          reason: inconclusiveReasonSchema.nullable(),
          note: z.string().max(5000),
        }),
      )
      .output(none),
    erase: base.input(z.strictObject({ id: idSchema })).output(none),
  },
  /** Cases from CSV files: read and checked by `stage`, made at once by `commit`. */
  imports: {
    stage: base
      .input(
        z.strictObject({
          /** Token of the uploaded file. */
          file: z.string(),
          name: z.string().max(255),
          /** How columns become cases; null: as the headers say. */
          mapping: importMappingSchema.nullable(),
        }),
      )
      .output(eventIterator(stageNewsSchema)),
    /** Rows that become no cases, by line, from behind `after` on. */
    refused: base
      .input(z.strictObject({ id: idSchema, after: z.int().min(0), limit: z.int().min(1).max(1000) }))
      .output(z.array(refusedRowSchema)),
    commit: base.input(z.strictObject({ id: idSchema })).output(z.strictObject({ cases: z.int() })),
    discard: base.input(z.strictObject({ id: idSchema })).output(none),
    undo: base.input(z.strictObject({ id: idSchema })).output(z.strictObject({ cases: z.int() })),
    list: base.input(none).output(z.array(importRowSchema)),
  },
  /** Work that goes on by itself: first scores that are missing, and the reasons of scores. Only what is open is listed. */
  jobs: { list: base.input(none).output(z.array(jobRowSchema)) },
  models: {
    list: base.input(none).output(z.array(modelRowSchema)),
    dryRun: base.input(z.strictObject({ id: idSchema })).output(dryRunSchema),
    /** Takes a model and manifest uploaded as files; after enrolment they can only be dry-run. */
    importFile: base.input(z.strictObject({ modelFile: z.string(), manifestFile: z.string() })).output(modelRowSchema),
    activate: base.input(z.strictObject({ id: idSchema })).output(none),
  },
  sync: {
    status: base.input(none).output(syncStatusSchema),
    enrol: base
      .input(z.strictObject({ code: z.string().max(20_000).optional(), file: z.string().optional() }))
      .output(none),
    now: base.input(none).output(syncStatusSchema),
    /** Makes a courier file in the exchange folder and says under which name to fetch it. */
    exportCourier: base.input(none).output(z.strictObject({ file: z.string(), name: z.string(), entries: z.int() })),
    /** Takes a courier file in. `answer` is a file to carry back when someone else's was forwarded unread. */
    importCourier: base.input(z.strictObject({ file: z.string() })).output(
      z.strictObject({
        sentences: z.array(sentenceSchema),
        answer: z.strictObject({ file: z.string(), name: z.string() }).optional(),
      }),
    ),
    /**
     * The exact public bytes that wait to leave, newest first; `before` goes on with what is older than an entry. Where the
     * score of a case must not be seen before its outcome, it is `withheld` from the text.
     */
    preview: base.input(z.strictObject({ limit: z.int().min(1).max(200), before: z.int().min(1).optional() })).output(
      z.strictObject({
        entries: z.array(z.strictObject({ seq: z.int(), type: z.string(), text: z.string(), withheld: z.boolean() })),
        /** How many wait in all. */
        total: z.int(),
      }),
    ),
  },
  monitor: {
    report: base.input(none).output(
      z.strictObject({
        /** What is to be said first, the lead before the rest. */
        sentences: z.array(sentenceSchema),
        report: monitorReportSchema,
        models: z.array(z.strictObject({ version: z.int(), at: instantSchema })),
      }),
    ),
  },
  settings: {
    get: base.input(none).output(
      z.strictObject({
        lockAfterMinutes: z.int(),
        unseenDays: z.int(),
        dataFolder: z.string(),
      }),
    ),
    set: base
      .input(
        z.strictObject({
          lockAfterMinutes: z.int().min(1).max(240).optional(),
          unseenDays: z.int().min(1).max(60).optional(),
        }),
      )
      .output(none),
  },
  live: {
    /** Names of what changed, so that pages can read it again: no contents. */
    changes: base.input(none).output(
      eventIterator(
        z.strictObject({
          topic: z.enum(['status', 'cases', 'models', 'sync', 'monitor', 'people', 'settings']),
          id: idSchema.nullable(),
        }),
      ),
    ),
  },
};
export type BackendContract = typeof backendContract;

/** Calls the contract's procedures, in one process or over a transport. */
export type BackendClient = ContractRouterClient<BackendContract>;
