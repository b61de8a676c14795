import { z } from 'zod';
import { nextTurn } from '../../../platform/next-turn.ts';
import { assessInSteps, referenceOf, type AssessCase, type AssessReference } from '../../../shared/drift/assess.ts';
import type { MonitorReport } from '../../../shared/drift/report.ts';
import { monitorSentences } from '../../../shared/drift/sentence.ts';
import { withPauses } from '../../../shared/drift/steps.ts';
import { factsReader } from '../../../shared/encoding/read-under.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { failureOf } from '../logging/failure.ts';
import { schemasOf } from '../store/schemas.ts';
import { activations, lastPosition, monitoredCases, type MonitoredCase } from '../store/monitor.ts';
import type { BackendContext, Session } from '../session/context.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** How long after a change the alarms are worked out again, in milliseconds; many changes come together. */
const settleMs = 3_000;
/** Cases read at a time; between two steps every waiting call gets its turn. */
const step = 200;
/** The monitor takes at most one part in this many of the time, however many cases there are. */
const rest = 40;
/** The longest a report is taken to have worked, in milliseconds. */
const longestMs = 60_000;

/** What the monitor page shows. */
interface MonitorView {
  readonly sentences: Sentence[];
  readonly report: MonitorReport;
  readonly models: { version: number; at: string }[];
}

/** Watches the cases of this laptop. */
export interface Monitor {
  /** Fresh; NO_MODEL before there is a model to compare with. */
  report(): Promise<MonitorView>;
  /** Number of alarms as last worked out, for the strip. */
  alarms(): number;
  /** Begins to work out alarms after changes; called at unlock. */
  start(): void;
  /** Ends that and lets go of what was worked out; called at lock. */
  stop(): void;
}

const officeSchema = z.looseObject({ office: z.looseObject({ name: z.string() }) });

function officeOf(session: Session): string {
  const enrolled = officeSchema.safeParse(session.keyValues.get('enrolment'));
  if (enrolled.success) return enrolled.data.office.name;
  return z.string().nullable().parse(session.keyValues.get('office')) ?? '';
}

function toAssess(row: MonitoredCase, office: string): AssessCase {
  const { stratum, probability, drawn, ...rest } = row;
  return { ...rest, office, audit: { stratum, probability, drawn } };
}

/**
 * Alarms are about the model that runs now, so they count the cases it scored first; the charts over time show the
 * cases of all models.
 */
async function makeReport(
  reference: AssessReference,
  cases: readonly AssessCase[],
  own: readonly AssessCase[],
  pause: () => Promise<void>,
): Promise<MonitorReport> {
  const now = await withPauses(assessInSteps({ cases: own, reference }), pause);
  if (own.length === cases.length) return now;
  const { weeks, months } = await withPauses(assessInSteps({ cases, reference }), pause);
  return { ...now, weeks, months };
}

/** Reads all cases, a few at a time. */
async function readCases(session: Session, pause: () => Promise<void>): Promise<MonitoredCase[]> {
  const all: MonitoredCase[] = [];
  for (let after = 0; ;) {
    const { cases, last } = monitoredCases(session.db, after, step);
    if (cases.length === 0) return all;
    for (const one of cases) all.push(one);
    after = last;
    await pause();
  }
}

async function viewOf(session: Session, pause: () => Promise<void>): Promise<MonitorView> {
  const model = session.models.active();
  if (model === null) throw new OutpostError('NO_MODEL', sentence('monitor.no_model_yet'));
  const office = officeOf(session);
  const { schema } = model.manifest;
  const read = factsReader(schema, schemasOf(session.db));
  const stored = await readCases(session, pause);
  const rows = stored.map((row) => ({ ...row, facts: read(row.facts) }));
  const cases = rows.map((row) => toAssess(row, office));
  const own = cases.filter((_, index) => rows[index]?.modelId === model.manifest.model.id);
  const report = await makeReport(referenceOf(model.manifest), cases, own, pause);
  return { sentences: [...monitorSentences(report)], report, models: activations(session.db) };
}

function alarmsIn(report: MonitorReport): number {
  return report.findings.filter((finding) => finding.kind !== 'attribute' && finding.alarm).length;
}

/** Monitor of the open vault; keeps the last report until an entry is written. */
export function createMonitor(context: BackendContext): Monitor {
  return new CaseMonitor(context);
}

class CaseMonitor implements Monitor {
  readonly #context: BackendContext;
  #kept: { position: number; view: MonitorView } | null = null;
  /** A report that is being made, for everybody who asks meanwhile. */
  #making: { session: Session; position: number; view: Promise<MonitorView> } | null = null;
  #alarms = 0;
  #lastMs = 0;
  #timer: { cancel(): void } | null = null;
  #unsubscribe: () => void = () => undefined;

  constructor(context: BackendContext) {
    this.#context = context;
  }

  async report(): Promise<MonitorView> {
    const session = this.#context.session();
    const position = lastPosition(session.db);
    if (this.#kept?.position === position) return this.#kept.view;
    if (this.#making?.session !== session || this.#making.position !== position)
      this.#making = { session, position, view: this.#make(session, position) };
    return this.#making.view;
  }

  async #make(session: Session, position: number): Promise<MonitorView> {
    const pause = async (): Promise<void> => {
      await nextTurn();
      // Throws LOCKED when the vault was locked meanwhile; it may even have been opened again.
      if (this.#context.session() !== session) throw new OutpostError('LOCKED');
    };
    await pause();
    try {
      const view = await viewOf(session, pause);
      this.#keep({ position, view });
      return view;
    } finally {
      if (this.#making?.session === session && this.#making.position === position) this.#making = null;
    }
  }

  alarms(): number {
    return this.#alarms;
  }

  start(): void {
    this.#unsubscribe = this.#context.live.subscribe(({ topic }) => {
      if (topic === 'cases' || topic === 'models') this.#schedule();
    });
    this.#schedule();
  }

  stop(): void {
    this.#unsubscribe();
    this.#timer?.cancel();
    this.#timer = null;
    this.#kept = null;
    this.#alarms = 0;
  }

  #schedule(): void {
    this.#timer ??= this.#context.options.clock.setTimeout(
      () => void this.#refresh(),
      Math.max(settleMs, rest * this.#lastMs),
    );
  }

  async #refresh(): Promise<void> {
    this.#timer = null;
    const { clock } = this.#context.options;
    const began = clock.elapsed();
    try {
      await this.report();
      // A machine that slept meanwhile did not work: the next look must not wait for forty nights.
      this.#lastMs = Math.min(clock.elapsed() - began, longestMs);
    } catch (error) {
      // Before the first model, or when locked in between, there is simply no alarm to tell.
      if (error instanceof OutpostError) return;
      this.#context.options.logger.error(failureOf(error), 'the monitor could not work out its report');
    }
  }

  #keep(kept: { position: number; view: MonitorView }): void {
    this.#kept = kept;
    const alarms = alarmsIn(kept.view.report);
    if (alarms === this.#alarms) return;
    this.#alarms = alarms;
    this.#context.live.publish('monitor');
    this.#context.live.publish('status');
  }
}
