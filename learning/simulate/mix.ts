import { daysBetween } from '../../shared/drift/days.ts';
import { genuineMix, isScamMode, modeNames, scamMix, type ModeName } from './modes.ts';

/** Shares of the complaints, all invented. */
const share = {
  /** Scams among investigated complaints; first and last office lie this far below and above, seasons too. */
  scam: 0.75,
  byOffice: 0.04,
  bySeason: 0.01,
  /** UPI among scams when the change is complete. */
  upi: 0.65,
  /** Genuine bills paid by UPI; noted only once there is talk of it. */
  genuineUpi: 0.3,
} as const;

/** Kinds of contact that are more or less frequent (as a factor, about 1) from the first to the last office. Invented. */
const officeTilt: Partial<Record<ModeName, number>> = { bank: 0.08, giftCards: -0.12, support: 0.1, service: -0.06 };
/** Kinds of contact more frequent around a day of the year, by this much. Invented: licences run out at new year. */
const seasonTilt: Partial<Record<ModeName, { day: number; by: number }>> = { licence: { day: 10, by: 0.08 } };

/** 1 on the given day of the year, -1 half a year later. */
function season(day: string, peak: number): number {
  return Math.cos((2 * Math.PI * (daysBetween(`${day.slice(0, 4)}-01-01`, day) - peak)) / 365.25);
}

/** Share of scams that use the new tactic: none before the change, a logistic ramp over four weeks to 65 %. */
export function upiShare(received: string, changeAt: string | null | undefined): number {
  if (changeAt === null || changeAt === undefined || received < changeAt) return 0;
  return share.upi / (1 + Math.exp(-(daysBetween(changeAt, received) - 14) / 3.5));
}

/** Chance that a genuine bill was paid by UPI and somebody thinks of noting it. */
export function genuineUpiShare(received: string, changeAt: string | null | undefined): number {
  return changeAt === null || changeAt === undefined || received < changeAt ? 0 : share.genuineUpi;
}

function tilted(mix: Readonly<Record<string, number>>, office: number, day: string): Map<ModeName, number> {
  const weights = Object.entries(mix).map(([name, weight]): [ModeName, number] => {
    const mode = name as ModeName;
    const peak = seasonTilt[mode];
    const bySeason = peak === undefined ? 0 : peak.by * season(day, peak.day);
    return [mode, weight * (1 + (officeTilt[mode] ?? 0) * office) * (1 + bySeason)];
  });
  const total = weights.reduce((sum, [, w]) => sum + w, 0);
  return new Map(weights.map(([mode, w]) => [mode, w / total]));
}

/**
 * Chance of each kind of contact, in the order of `modeNames`, for an event first reported to an office on a day. `office` goes
 * from -1 (first) to 1 (last). Sums to 1; the kinds that are scams sum to the share of scams.
 */
export function mixOf(office: number, day: string, changeAt: string | null | undefined): readonly number[] {
  const scam = share.scam + share.byOffice * office + share.bySeason * season(day, 15);
  const upi = upiShare(day, changeAt);
  const [scams, genuine] = [tilted(scamMix, office, day), tilted(genuineMix, office, day)];
  return modeNames.map((mode) => {
    if (!isScamMode(mode)) return (1 - scam) * genuine.get(mode)!;
    return scam * (mode === 'upi' ? upi : (1 - upi) * scams.get(mode)!);
  });
}

/** Place of an office among all, from -1 (first) to 1 (last); 0 when there is one only. */
export function officePlace(index: number, count: number): number {
  return count > 1 ? (2 * index) / (count - 1) - 1 : 0;
}
