import { addDays } from '../../shared/drift/days.ts';
import type { PublicPayload } from '../../shared/log/payloads.ts';
import type { SimulatedCase } from '../../learning/simulate/index.ts';
import { firstScores, type FieldLaptop } from './laptop.ts';

/** A first-scored case with its truth, which only the story knows. */
export interface TrueCase {
  readonly one: SimulatedCase;
  readonly scored: PublicPayload<'case.scored'>;
  readonly laptop: FieldLaptop;
}

/** Every first-scored case of the laptops with its truth. */
export function trueCases(laptops: readonly FieldLaptop[]): TrueCase[] {
  return laptops.flatMap((laptop) => {
    const scores = firstScores(laptop);
    return [...laptop.truth].flatMap(([id, one]) => {
      const scored = scores.get(id);
      return scored === undefined ? [] : [{ one, scored, laptop }];
    });
  });
}

/** Shares over some cases by their truth; null without cases. */
export interface Shares {
  readonly cases: number;
  readonly scams: number;
  readonly recall: number | null;
  readonly missed: number | null;
  readonly accused: number | null;
  readonly unclear: number | null;
  readonly outside: number | null;
  readonly upi: number | null;
}

function share<T>(list: readonly T[], hit: (one: T) => boolean): number | null {
  return list.length === 0 ? null : list.filter(hit).length / list.length;
}

/** Recall (scams called scam), missed scams (scams called not scam), providers called scam, unclear, outside, UPI scams. */
export function sharesOf(cases: readonly TrueCase[]): Shares {
  const scams = cases.filter(({ one }) => one.truth === 1);
  const genuine = cases.filter(({ one }) => one.truth === 0);
  return {
    cases: cases.length,
    scams: scams.length,
    recall: share(scams, ({ scored }) => scored.verdict === 'scam'),
    missed: share(scams, ({ scored }) => scored.verdict === 'not_scam'),
    accused: share(genuine, ({ scored }) => scored.verdict === 'scam'),
    unclear: share(cases, ({ scored }) => scored.verdict === 'unclear'),
    outside: share(cases, ({ scored }) => scored.outside.length > 0),
    upi: share(scams, ({ one }) => one.mode === 'upi'),
  };
}

/** Cases received from `from` until before `until` (plain dates). */
export function between(cases: readonly TrueCase[], from: string, until: string): TrueCase[] {
  return cases.filter(({ one }) => one.received >= from && one.received < until);
}

/** Cases received in the week that begins on `start`. */
export function weekOfCases(cases: readonly TrueCase[], start: string): TrueCase[] {
  return between(cases, start, addDays(start, 7));
}
