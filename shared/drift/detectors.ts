import { missedDetector } from './missed-scams.ts';
import { psiDetector } from './psi-detector.ts';
import { tacticDetector } from './tactics.ts';

/** The statistics of the monitor. Those that may raise the alarm see every case, in order of receipt. */
export const alarmDetectors = { tactics: tacticDetector, missed: missedDetector } as const;

/**
 * Statistics that say what else changed: they see the cases since the first alarm and never raise one. An attribute is
 * named by the first of them that finds it changed.
 */
export const companionDetectors = [psiDetector] as const;
