import type { Detector } from './detector.ts';
import { missedDetector, type ChecksWatched } from './missed-scams.ts';
import { psiDetector } from './psi-detector.ts';
import { tacticDetector, type TacticsWatched } from './tactics.ts';

/** The statistics of the monitor. Those that may raise the alarm see every case, in order of receipt. */
export const alarmDetectors: {
  readonly tactics: Detector<TacticsWatched>;
  readonly missed: Detector<ChecksWatched>;
} = { tactics: tacticDetector, missed: missedDetector };

/**
 * Statistics that say what else changed: they see the cases since the first alarm and never raise one. An attribute is
 * named by the first of them that finds it changed.
 */
export const companionDetectors = [psiDetector] as const;
