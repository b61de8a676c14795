import type { Random } from '../random.ts';
import type { ModeName } from './modes.ts';

type Indicator = { readonly kind: 'phone' | 'handle' | 'web' | 'session'; readonly value: string };

/** Who was behind a contact and what was left behind of them. */
export interface Contact {
  readonly scammer: string | null;
  readonly indicators: readonly Indicator[];
}

/** Numbers from 555-0100 to 555-0199 are set aside for fiction; only the area code varies. */
function inventedNumber(random: Random): string {
  const area = 201 + random.below(780);
  return `+1-${area}-555-01${String(random.below(100)).padStart(2, '0')}`;
}

function leftBehind(random: Random, id: number, mode: ModeName): Indicator[] {
  const left: Indicator[] = [{ kind: 'phone', value: inventedNumber(random) }];
  if (mode === 'upi') left.push({ kind: 'handle', value: `refund-desk-${id}@example` });
  if (mode === 'bank' && random.chance(0.4))
    left.push({
      kind: 'session',
      value: `${100 + random.below(900)} ${100 + random.below(900)} ${100 + random.below(900)}`,
    });
  if (mode === 'giftCards' && random.chance(0.5)) left.push({ kind: 'web', value: `support-${id}.example` });
  return left;
}

/** A population of scammers, some of whom call again and again from the same number, and of providers who do not. */
export function createScammers(random: Random): { scam: (mode: ModeName) => Contact; provider: () => Contact } {
  const known = new Map<ModeName, Contact[]>();
  let count = 0;
  return {
    scam: (mode) => {
      const before = known.get(mode) ?? [];
      if (before.length > 0 && random.chance(0.45)) return before[Math.max(0, before.length - 1 - random.below(25))]!;
      count += 1;
      const contact = { scammer: `SIM-S${count}`, indicators: leftBehind(random, count, mode) };
      known.set(mode, [...before.slice(-50), contact]);
      return contact;
    },
    provider: () => ({
      scammer: null,
      indicators: random.chance(0.7) ? [{ kind: 'phone', value: inventedNumber(random) }] : [],
    }),
  };
}
