import { tagText } from '../../shared/domain/tactics.ts';
import { isOutpostError } from '../../shared/errors/index.ts';
import { addDays } from '../../shared/drift/days.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { withLease } from '../storage/db/lease.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import { listed, quoted, sentence, type Sentence } from '../../shared/language/sentence.ts';
import { appVersion } from '../../platform/version.ts';
import { isSimulated } from '../cases/simulated.ts';
import { integrate } from '../cases/integrate.ts';
import { watchAndKeep, type Watched } from '../monitoring/monitor.ts';
import { carryOut, prepare, retraining, type Prepared, type RetrainRequest, type RetrainResult } from './retrain.ts';
import { noteAlarm, noteAttempt, patienceIsOver, reasonToWait, type StandingAlarm } from '../monitoring/alarm-state.ts';

export interface CycleResult {
  readonly integrated: number;
  readonly watched: Watched | null;
  readonly retrained: RetrainResult | null;
  /** Why nothing was retrained although an alarm stands, as a sentence; null when there is nothing to say. */
  readonly waiting: Sentence | null;
}

type CycleOptions = Pick<RetrainRequest, 'seed' | 'codeVersion' | 'simulated' | 'signal' | 'onProgress'>;

/** One retraining cycle as a running server and `registry cycle` make it. */
export async function runUsualCycle(context: RegistryContext): Promise<CycleResult> {
  return runCycle(context, { seed: 1, codeVersion: appVersion(), simulated: await isSimulated(context) });
}

/** What there is to say of a cycle in a log. */
export function cycleSentences({ watched, retrained, waiting }: CycleResult): Sentence[] {
  const proposed = retrained?.proposed ?? null;
  return [
    ...(watched?.sentences ?? []),
    ...(proposed === null ? [] : [quoted(proposed.sentence)]),
    ...(waiting === null ? [] : [waiting]),
  ];
}

/** The alarm that stands, of a look; null when there is none. */
function alarmOf({ report, champion }: Watched): StandingAlarm | null {
  if (report.kind !== 'alarm' || champion === null) return null;
  const tactics = report.findings.flatMap((f) => (f.kind === 'tactic' && f.alarm ? [f.tag] : []));
  const missed = report.findings.some((f) => f.kind === 'missed' && f.alarm);
  return {
    champion: champion.id,
    tactics,
    about: [...tactics.map((tag) => storedName`tactic ${tag}`), ...(missed ? [storedName`missed scams`] : [])],
  };
}

/** First day of what the alarm is about: when the alarming tactics were first named, else a month back. */
function sinceOf({ report }: Watched, today: string): string {
  const days = report.findings.flatMap((f) => (f.kind === 'tactic' && f.alarm ? [f.firstSeen] : []));
  return days.toSorted()[0] ?? addDays(today, -30);
}

/** Who retrains where nobody asked for it by hand. */
const by = 'registry-cycle';

type Answer = Pick<CycleResult, 'retrained' | 'waiting'>;

type Asked = { readonly since: string; readonly few: boolean };

/** What a retraining left open although it came to its end. */
function openSentence({ proposed, left }: RetrainResult): Sentence | null {
  if (proposed === null) return sentence('retraining.gate_failed');
  const tags = left.map(({ tag }) => tagText(tag));
  return tags.length === 0 ? null : sentence('retraining.tactics_left', { tactics: listed(tags) });
}

/** Trains and notes the attempt, also one that came to nothing: the next cycle would only fail in the same way again. */
async function attemptOnce(context: RegistryContext, prepared: Prepared, alarm: StandingAlarm): Promise<Answer> {
  const at = instant(context);
  const spellings = prepared.tactics.promoted.flatMap((group) => group.spellings);
  try {
    const retrained = await carryOut(prepared);
    await noteAttempt(context.db, alarm, { at, candidate: retrained.proposed?.candidate ?? null, spellings });
    return { retrained, waiting: openSentence(retrained) };
  } catch (error) {
    // The cases cannot be trained on, or somebody proposed the very same model by hand.
    if (!isOutpostError(error, 'BAD_INPUT') && !isOutpostError(error, 'CONFLICT')) throw error;
    // Or its version went to another model meanwhile: the next cycle gives it a higher one.
    const overtaken = error.code === 'CONFLICT' && error.data['model'] === undefined;
    if (!overtaken) await noteAttempt(context.db, alarm, { at, candidate: null, spellings });
    return { retrained: null, waiting: error.sentence };
  }
}

async function answer(
  context: RegistryContext,
  options: CycleOptions,
  alarm: StandingAlarm,
  asked: Asked,
): Promise<Answer> {
  let prepared: Prepared;
  try {
    prepared = await prepare(context, { ...options, ...asked, tactics: alarm.tactics, by });
  } catch (error) {
    if (isOutpostError(error, 'BAD_INPUT')) return { retrained: null, waiting: error.sentence };
    throw error;
  }
  return attemptOnce(context, prepared, alarm);
}

/** Answers an alarm unless there is a reason to wait, such as another retraining that is under way. */
async function answerAlone(
  context: RegistryContext,
  options: CycleOptions,
  alarm: StandingAlarm,
  asked: Asked,
): Promise<Answer> {
  try {
    return await withLease(context, retraining, by, async () => {
      const waiting = await reasonToWait(context.db, alarm, instant(context).slice(0, 10));
      return waiting === null ? answer(context, options, alarm, asked) : { retrained: null, waiting };
    });
  } catch (error) {
    if (!isOutpostError(error, 'CONFLICT')) throw error;
    return { retrained: null, waiting: error.sentence };
  }
}

/**
 * One retraining cycle, safe to run daily: integrate what came in, look, and while an alarm stands retrain and put the
 * best candidate for approval. Nothing is ever approved or rolled out here.
 */
export async function runCycle(context: RegistryContext, options: CycleOptions): Promise<CycleResult> {
  const integrated = await integrate(context.db);
  let watched: Watched;
  try {
    watched = await watchAndKeep(context);
  } catch (error) {
    if (!isOutpostError(error, 'NO_MODEL')) throw error;
    return { integrated, watched: null, retrained: null, waiting: error.sentence };
  }
  const alarm = alarmOf(watched);
  const today = instant(context).slice(0, 10);
  await noteAlarm(context.db, alarm, today);
  if (alarm === null) return { integrated, watched, retrained: null, waiting: null };
  const few = await patienceIsOver(context.db, alarm, today);
  const asked = { since: sinceOf(watched, today), few };
  return { integrated, watched, ...(await answerAlone(context, options, alarm, asked)) };
}
