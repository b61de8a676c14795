import { z } from 'zod';
import type { KeyValues } from '../store/key-values.ts';

const settingsSchema = z.strictObject({
  lockAfterMinutes: z.int().min(1).max(240).default(15),
  /** No open case waits longer than this many days without anybody having looked at it. */
  unseenDays: z.int().min(1).max(60).default(3),
});
type Settings = z.infer<typeof settingsSchema>;

/** Settings of this laptop, with defaults for what was never set. */
export function readSettings(keyValues: KeyValues): Settings {
  return settingsSchema.parse(keyValues.get('settings') ?? {});
}

/** Changes the given settings and leaves the others. */
export function writeSettings(
  keyValues: KeyValues,
  change: { [K in keyof Settings]?: Settings[K] | undefined },
): Settings {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next = settingsSchema.parse({ ...readSettings(keyValues), ...given });
  keyValues.set('settings', next);
  return next;
}
