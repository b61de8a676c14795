import { z } from 'zod';
import { isOutpostError } from '../../shared/errors/index.ts';
import { addDays, daysBetween } from '../../shared/drift/days.ts';
import { instant, type RegistryContext } from '../context.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { integrate } from './integrate.ts';
import { watchAndKeep, type Watched } from './monitor.ts';
import { retrain, type RetrainRequest, type RetrainResult } from './retrain.ts';

const settingName = 'pipeline.retrained';
const retrainedSchema = z.strictObject({ champion: z.string(), at: z.string(), proposed: z.boolean() });

/** While an alarm stands and nothing could be proposed, this many days pass before the next try. */
const daysBetweenTries = 7;

export interface Step {
  readonly integrated: number;
  readonly watched: Watched | null;
  readonly retrained: RetrainResult | null;
  /** Why nothing was retrained although an alarm stands, as a sentence; null when there is nothing to say. */
  readonly waiting: string | null;
}

export type StepOptions = Pick<RetrainRequest, 'seed' | 'codeVersion' | 'simulated' | 'signal' | 'onProgress'>;

async function mayRetrain(context: RegistryContext, champion: string, today: string): Promise<string | null> {
  const last = await readSetting(context.db, settingName, retrainedSchema);
  if (last === null || last.champion !== champion) return null;
  if (last.proposed) return 'A candidate made for this alarm is up for approval or was decided.';
  return daysBetween(last.at.slice(0, 10), today) < daysBetweenTries
    ? `The last try was on ${last.at.slice(0, 10)}; the next follows a week later.`
    : null;
}

function tacticsOf({ report }: Watched): string[] {
  return report.findings.flatMap((f) => (f.kind === 'tactic' && f.alarm ? [f.tag] : []));
}

/** First day of what the alarm is about: when the alarming tactics were first named, else a month back. */
function sinceOf({ report }: Watched, today: string): string {
  const days = report.findings.flatMap((f) => (f.kind === 'tactic' && f.alarm ? [f.firstSeen] : []));
  return days.toSorted()[0] ?? addDays(today, -30);
}

/**
 * One turn of the loop, safe to run daily: integrate what came in, look, and while an alarm stands retrain and put the
 * best candidate up for approval. Nothing is ever approved or rolled out here.
 */
export async function step(context: RegistryContext, options: StepOptions): Promise<Step> {
  const integrated = await integrate(context.db);
  let watched: Watched;
  try {
    watched = await watchAndKeep(context);
  } catch (error) {
    if (!isOutpostError(error, 'NO_MODEL')) throw error;
    return { integrated, watched: null, retrained: null, waiting: error.message };
  }
  const champion = watched.champion;
  if (watched.report.kind !== 'alarm' || champion === null)
    return { integrated, watched, retrained: null, waiting: null };
  const at = instant(context);
  const waiting = await mayRetrain(context, champion.id, at.slice(0, 10));
  if (waiting !== null) return { integrated, watched, retrained: null, waiting };
  try {
    const retrained = await retrain(context, {
      ...options,
      tactics: tacticsOf(watched),
      since: sinceOf(watched, at.slice(0, 10)),
      by: 'the pipeline',
    });
    await writeSetting(context.db, settingName, { champion: champion.id, at, proposed: retrained.proposed !== null });
    return {
      integrated,
      watched,
      retrained,
      waiting: retrained.proposed === null ? 'No candidate passed its gates.' : null,
    };
  } catch (error) {
    if (!isOutpostError(error, 'BAD_INPUT')) throw error;
    return { integrated, watched, retrained: null, waiting: error.message };
  }
}
