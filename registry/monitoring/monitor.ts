import { assessInSteps, referenceOf, type AssessCase } from '../../shared/drift/assess.ts';
import { monitorReportSchema, type MonitorReport } from '../../shared/drift/report.ts';
import { monitorSentences } from '../../shared/drift/sentence.ts';
import { withPauses } from '../../shared/drift/steps.ts';
import type { CandidateReport } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { nextTurn } from '../../platform/next-turn.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { currentChampion, readManifest } from '../releases/candidates.ts';
import { withLock, takeNumbers } from '../storage/db/settings.ts';
import type { AnyStore } from '../storage/db/tables.ts';
import { type KnownCase } from '../../learning/data/known-case.ts';
import { knownCasesUnder } from '../cases/read-under.ts';
import { quoted, sentence, type Sentence } from '../../shared/language/sentence.ts';
import { integrate } from '../cases/integrate.ts';

/** What the monitor of the centre says, over all offices. */
export interface Watched {
  readonly sentences: readonly Sentence[];
  readonly report: MonitorReport;
  /** First received date looked at, plain date. */
  readonly from: string | null;
  readonly champion: CandidateReport['champion'];
}

function assessCase(known: KnownCase): AssessCase[] {
  const { scored } = known;
  if (scored === null) return [];
  return [
    {
      received: known.received,
      office: known.office,
      verdict: scored.verdict,
      score: scored.score,
      outside: scored.outside,
      // Tactics noted while working a case count for the monitor, not for training.
      facts: { ...known.facts, tactics: [...known.tactics] },
      audit: scored.audit,
      outcome: known.outcome,
      urgent: known.urgent,
      incident: known.incident,
    },
  ];
}

/**
 * Looks at the cases the current release scored first. Holds under daily looks; without a release, or before its first
 * cases, it says that it is too early to tell.
 */
async function watch(context: RegistryContext): Promise<Watched> {
  const champion = await currentChampion(context);
  if (champion === null) throw new OutpostError('NO_MODEL', sentence('monitoring.no_model_released_yet'));
  const manifest = readManifest(await readBlob(context.blobs, champion.manifest));
  const all = await knownCasesUnder(context.db, manifest.schema, 'feedback');
  const cases = all.filter((known) => known.scored?.model.id === champion.id);
  const steps = assessInSteps({ cases: cases.flatMap(assessCase), reference: referenceOf(manifest) });
  const report = await withPauses(steps, nextTurn);
  return { sentences: monitorSentences(report), report, from: report.from, champion };
}

/** Integrates everything received so far and looks. */
export async function watchNow(context: RegistryContext): Promise<Watched> {
  await integrate(context.db);
  return watch(context);
}

/** Looks and keeps the report. */
export async function watchAndKeep(context: RegistryContext): Promise<Watched> {
  const watched = await watch(context);
  await withLock(context.db, 'monitor', async (trx) => {
    const id = await takeNumbers(trx, 'monitor_reports', 1);
    const { report } = watched;
    await trx
      .insertInto('monitor_reports')
      .values({ id, at: instant(context), kind: report.kind, words: null, report: JSON.stringify(report) })
      .execute();
  });
  return watched;
}

/** A report that was kept; null for one no program can read any more, of which only its words of then are left. */
export interface KeptReport {
  readonly at: string;
  readonly sentences: readonly Sentence[];
  readonly report: MonitorReport | null;
}

/** What was found before, newest first. */
export async function watchedBefore(db: AnyStore, limit: number): Promise<KeptReport[]> {
  const rows = await db.selectFrom('monitor_reports').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ at, words, report: text }) => {
    const report = monitorReportSchema.safeParse(JSON.parse(text)).data ?? null;
    return { at, report, sentences: report === null ? [quoted(words ?? '')] : monitorSentences(report) };
  });
}

/** Integrates, looks and keeps the report; with up to `history` reports from before, newest first. */
export async function watchWithHistory(
  context: RegistryContext,
  history: number,
): Promise<Watched & { readonly before: readonly KeptReport[] }> {
  await integrate(context.db);
  const now = await watchAndKeep(context);
  const before = history === 0 ? [] : (await watchedBefore(context.db, history + 1)).slice(1);
  return { ...now, before };
}
