import type { Random } from '../statistics/random.ts';
import { isScamMode, modeNames, type ModeName } from './modes.ts';

export interface Indicator {
  readonly kind: 'phone' | 'handle' | 'web' | 'session';
  readonly value: string;
}

/** Who was behind a contact and what was left behind of them. */
export interface Contact {
  /** `SIM-S12`; null for a genuine provider. */
  readonly scammer: string | null;
  readonly indicators: readonly Indicator[];
}

/**
 * How often the same people are complained about: the number of events has the tail P(N >= n) = n^-tail, up to `most`
 * (most make one, a few make dozens), and about `around` times their mean number are active at a time. Invented.
 */
const repeats = {
  scam: { tail: 1.5, most: 150, around: 12 },
  genuine: { tail: 2.2, most: 40, around: 8 },
} as const;
/** Chances, per event, that a scammer shows a number that is not theirs, and takes a new one for good. Invented. */
const number = { spoofed: 0.15, changed: 0.06 } as const;
/** Chance that the number of a provider is given. */
const providerNumber = 0.7;

/** Numbers from 555-0100 to 555-0199 are set aside for fiction; only the area code varies. */
function inventedNumber(random: Random): string {
  const area = 201 + random.below(780);
  return `+1-${area}-555-01${String(random.below(100)).padStart(2, '0')}`;
}

/** Somebody who is complained about `left` more times. */
interface Active {
  readonly id: number;
  phone: string;
  left: number;
}

function sessionId(random: Random): string {
  return Array.from({ length: 3 }, () => 100 + random.below(900)).join(' ');
}

/** What a scammer's contact leaves behind beside the number. Session ids are new each time, the rest stays. */
function leftBehind(random: Random, id: number, mode: ModeName): Indicator[] {
  if (mode === 'upi') return [{ kind: 'handle', value: `refund-desk-${id}@example` }];
  if (mode === 'bank' && random.chance(0.4)) return [{ kind: 'session', value: sessionId(random) }];
  if (mode === 'giftCards' && random.chance(0.5)) return [{ kind: 'web', value: `support-${id}.example` }];
  return [];
}

function phoneOf(random: Random, who: Active): string {
  if (random.chance(number.changed)) who.phone = inventedNumber(random);
  return random.chance(number.spoofed) ? inventedNumber(random) : who.phone;
}

/** People behind one kind of contact: new ones come as old ones end, only the active ones are remembered. */
function createPeople(random: Random, rule: { tail: number; most: number; around: number }, nextId: () => number) {
  const active: Active[] = [];
  return (): Active => {
    if (random.chance(active.length / (active.length + rule.around))) {
      const at = random.below(active.length);
      const who = active[at]!;
      who.left -= 1;
      if (who.left === 0) active.splice(at, 1);
      return who;
    }
    const events = Math.min(rule.most, Math.floor((1 - random.next()) ** (-1 / rule.tail)));
    const who = { id: nextId(), phone: inventedNumber(random), left: events - 1 };
    if (who.left > 0) active.push(who);
    return who;
  };
}

/** A population of scammers, a few of whom come back dozens of times, and of providers with several complaints. */
export function createContacts(random: Random): (mode: ModeName) => Contact {
  let count = 0;
  const nextId = (): number => (count += 1);
  const people = new Map(
    modeNames.map((mode) => [
      mode,
      createPeople(random, isScamMode(mode) ? repeats.scam : repeats.genuine, isScamMode(mode) ? nextId : () => 0),
    ]),
  );
  return (mode) => {
    const who = people.get(mode)!();
    if (isScamMode(mode)) {
      const phone: Indicator = { kind: 'phone', value: phoneOf(random, who) };
      return { scammer: `SIM-S${who.id}`, indicators: [phone, ...leftBehind(random, who.id, mode)] };
    }
    return {
      scammer: null,
      indicators: random.chance(providerNumber) ? [{ kind: 'phone', value: who.phone }] : [],
    };
  };
}
