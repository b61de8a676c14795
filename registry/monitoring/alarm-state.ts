import { z } from 'zod';
import { daysBetween } from '../../shared/drift/days.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { dateSchema } from '../../shared/log/event.ts';
import { readSetting, writeSetting } from '../storage/db/settings.ts';
import type { AnyStore } from '../storage/db/tables.ts';

const settingName = 'pipeline.last_try';
const alarmName = 'pipeline.alarm';
const alarmSchema = z.strictObject({
  champion: z.string(),
  /** First day each thing has alarmed since without a break; earlier versions kept one day for all of them. */
  since: z.union([z.record(z.string(), dateSchema), dateSchema]),
});
type KeptAlarm = z.infer<typeof alarmSchema>;
const attemptSchema = z.strictObject({
  champion: z.string(),
  at: z.string(),
  /** What was proposed for approval; null when nothing could be. */
  candidate: z.string().nullable(),
  /** Spellings of every tactic tried for since this champion, so that an alarm is known again under another of them. */
  tactics: z.array(z.string()),
});

/** The last time the loop retrained because of an alarm. */
type Attempt = z.infer<typeof attemptSchema>;

/** After a try that came to nothing, or to a declined candidate, this many days pass before the next one. */
const daysBetweenAttempts = 7;

/**
 * Days an alarm may stand before it is answered with fewer labelled cases than gates need. Labels of genuine providers
 * are rare where few cases called not scam are looked at: waiting for all of them left scams missed for weeks.
 */
const patienceDays = 28;

/** An alarm standing now: the champion it is about, the tactics it names, and a name of each thing that alarms. */
export interface StandingAlarm {
  readonly champion: string;
  readonly tactics: readonly string[];
  readonly about: readonly string[];
}

async function lastFor(db: AnyStore, champion: string): Promise<Attempt | null> {
  const last = await readSetting(db, settingName, attemptSchema);
  return last?.champion === champion ? last : null;
}

async function stateOf(db: AnyStore, candidate: string | null): Promise<string | null> {
  if (candidate === null) return null;
  const row = await db.selectFrom('candidates').select('state').where('id', '=', candidate).executeTakeFirst();
  return row?.state ?? null;
}

function sinceOf(known: KeptAlarm | null, { champion }: StandingAlarm, about: string): string | undefined {
  if (known?.champion !== champion) return undefined;
  return typeof known.since === 'string' ? known.since : known.since[about];
}

/** Keeps since when each thing alarms, up to today (a plain date). What alarms no longer is forgotten; null: nothing does. */
export async function noteAlarm(db: AnyStore, alarm: StandingAlarm | null, today: string): Promise<void> {
  const known = await readSetting(db, alarmName, alarmSchema);
  if (known === null && alarm === null) return;
  const since = alarm?.about.map((about) => [about, sinceOf(known, alarm, about) ?? today] as const) ?? [];
  const row: KeptAlarm = { champion: alarm?.champion ?? '', since: Object.fromEntries(since) };
  await writeSetting(db, alarmName, row);
}

/**
 * True when something this alarm is about, as `noteAlarm` kept it, has alarmed for so long, up to today (a plain date),
 * that what labelled cases there are have to do.
 */
export async function patienceIsOver(db: AnyStore, alarm: StandingAlarm, today: string): Promise<boolean> {
  const known = await readSetting(db, alarmName, alarmSchema);
  return alarm.about.some((about) => daysBetween(sinceOf(known, alarm, about) ?? today, today) >= patienceDays);
}

/**
 * Why nothing is retrained today (a plain date) although an alarm stands, as a sentence; null when there is no reason to
 * wait. An alarm that names a tactic not tried for yet never waits.
 */
export async function reasonToWait(db: AnyStore, alarm: StandingAlarm, today: string): Promise<Sentence | null> {
  const last = await lastFor(db, alarm.champion);
  if (last === null || alarm.tactics.some((tag) => !last.tactics.includes(tag))) return null;
  const state = await stateOf(db, last.candidate);
  if (state === 'open') return sentence('monitoring.candidate_proposed');
  if (state === 'approved') return sentence('monitoring.candidate_approved');
  const day = last.at.slice(0, 10);
  return daysBetween(day, today) < daysBetweenAttempts ? sentence('monitoring.tried_already', { day }) : null;
}

/** Remembers a try. `candidate` is what it proposed, `spellings` every spelling of the tactics it was for. */
export async function noteAttempt(
  db: AnyStore,
  alarm: StandingAlarm,
  tried: { at: string; candidate: string | null; spellings: readonly string[] },
): Promise<void> {
  const before = (await lastFor(db, alarm.champion))?.tactics ?? [];
  const tactics = [...new Set([...before, ...alarm.tactics, ...tried.spellings])].toSorted();
  const row: Attempt = { champion: alarm.champion, at: tried.at, candidate: tried.candidate, tactics };
  await writeSetting(db, settingName, row);
}
