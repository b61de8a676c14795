import type { Random } from '../statistics/random.ts';
import { storedName } from '../../shared/language/stored-name.ts';

/** How somebody takes in cases. The numbers are invented; over the list they average to about 1 (notes: 0.6). */
export interface Habits {
  /** Times as many answers left open. */
  readonly gaps: number;
  /** Chance that a tactic the schema does not ask for is noted. */
  readonly notes: number;
  /** Spelling preferred for the new tactic. */
  readonly spelling: string;
  /** Times as many wrong outcomes recorded. */
  readonly wrong: number;
}

/** An invented investigator; the name is an id. */
interface Investigator {
  /** `SIM-North-2`. */
  readonly id: string;
  readonly habits: Habits;
}

const habits: readonly Habits[] = [
  { gaps: 0.8, notes: 0.85, spelling: 'UPI', wrong: 0.6 },
  { gaps: 1.25, notes: 0.45, spelling: storedName`upi payment`, wrong: 1.4 },
  { gaps: 0.95, notes: 0.6, spelling: storedName`paid by UPI`, wrong: 1 },
  { gaps: 1, notes: 0.4, spelling: storedName`UPI collect request`, wrong: 1.2 },
  { gaps: 1.1, notes: 0.75, spelling: storedName`UPI payment`, wrong: 0.8 },
  { gaps: 0.9, notes: 0.6, spelling: 'upi-collect', wrong: 1 },
];

/** Shares of an office's cases that its investigators take in. */
const loads = [0.4, 0.3, 0.3] as const;

/** Investigators of an office; the habits go round from office to office. */
export function investigatorsOf(offices: readonly string[], office: number): Investigator[] {
  return loads.map((_, i) => ({
    id: `SIM-${offices[office]!}-${i + 1}`,
    habits: habits[(office * loads.length + i) % habits.length]!,
  }));
}

/** The investigators of all offices and who takes in a case. */
export function createInvestigators(offices: readonly string[]) {
  const byOffice = offices.map((_, office) => investigatorsOf(offices, office));
  const byId = new Map(byOffice.flat().map((one) => [one.id, one]));
  return {
    draw: (random: Random, office: number): Investigator => {
      let left = random.next();
      return byOffice[office]!.find((_, i) => (left -= loads[i]!) < 0) ?? byOffice[office]!.at(-1)!;
    },
    byId,
  };
}
