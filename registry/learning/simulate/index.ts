import type { Facts } from '../../../shared/domain/facts.ts';
import type { Outcome } from '../../../shared/domain/verdict.ts';
import { addDays, daysBetween } from '../../../shared/drift/days.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { createRandom, type Random } from '../random.ts';
import { answers, factsOf, known, noted } from './facts.ts';
import { genuineMix, scamMix, type ModeName } from './modes.ts';
import { createScammers, type Contact } from './scammers.ts';
import { familyNames, givenNames, openings, places } from './words.ts';

/** An invented complaint with its truth and what will be found out about it. Nothing in it is a real person's. */
export interface SimulatedCase {
  /** `SIM-000001`. */
  readonly reference: string;
  /** Plain date. */
  readonly received: string;
  readonly office: string;
  readonly facts: Facts;
  /** Tactics as the investigator spelled them. */
  readonly tacticsGiven: readonly string[];
  /** 1 scam, 0 genuine provider. */
  readonly truth: 0 | 1;
  /** Kind of contact it was drawn from. */
  readonly mode: ModeName;
  /** Days until the outcome is recorded. */
  readonly outcomeDelayDays: number;
  /** What is recorded then; null when nobody finds out. */
  readonly outcome: Outcome | null;
  /** Cases about the same event share it. */
  readonly incident: string;
  readonly scammer: string | null;
  readonly resident: string;
  readonly place: string;
  readonly narrative: string;
  readonly indicators: readonly { readonly kind: 'phone' | 'handle' | 'web' | 'session'; readonly value: string }[];
  /** Money is leaving or the caller is connected right now. */
  readonly urgent: boolean;
}

export interface SimulationOptions {
  readonly cases: number;
  readonly seed: number;
  /** First day, plain date. */
  readonly from: string;
  /** Days over which the cases arrive. */
  readonly days: number;
  /** From this day scammers switch to UPI payments; null or absent: they never do. */
  readonly changeAt?: string | null;
  readonly offices?: readonly string[];
}

export const defaultOffices = ['North', 'East', 'South', 'West'] as const;
const share = { scam: 0.75, upiOfScams: 0.65, twin: 0.05, inconclusive: 0.1, outcomeKnown: 0.72 } as const;

/** Share of scams that use the new tactic: none before the change, a logistic ramp over four weeks to 65 %. */
export function upiShare(received: string, changeAt: string | null | undefined): number {
  if (changeAt === null || changeAt === undefined || received < changeAt) return 0;
  return share.upiOfScams / (1 + Math.exp(-(daysBetween(changeAt, received) - 14) / 3.5));
}

/** Cases per day in proportion to the day of the week and a slow season; sums to `cases` exactly. */
function* dailyCounts({ cases, from, days }: SimulationOptions): Generator<{ day: string; count: number }> {
  const weekday = [0.35, 1.25, 1.2, 1.1, 1.1, 1.05, 0.6];
  const weights = Array.from({ length: days }, (_, i) => {
    const day = addDays(from, i);
    return weekday[new Date(`${day}T00:00:00Z`).getUTCDay()]! * (1 + 0.12 * Math.sin((2 * Math.PI * i) / 91));
  });
  const total = weights.reduce((a, b) => a + b, 0);
  let [sum, given] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    sum += weight;
    const due = i === days - 1 ? cases : Math.round((cases * sum) / total);
    yield { day: addDays(from, i), count: due - given };
    given = due;
  }
}

function drawMode(random: Random, truth: 0 | 1, newShare: number): ModeName {
  if (truth === 0) return random.weighted(genuineMix) as ModeName;
  return random.chance(newShare) ? 'upi' : (random.weighted(scamMix) as ModeName);
}

function drawOutcome(random: Random, truth: 0 | 1): Outcome | null {
  if (!random.chance(share.outcomeKnown)) return null;
  if (random.chance(share.inconclusive)) return 'inconclusive';
  return truth === 1 ? 'confirmed_scam' : 'genuine_provider';
}

interface Event {
  readonly incident: string;
  readonly office: string;
  readonly truth: 0 | 1;
  readonly mode: ModeName;
  readonly contact: Contact;
  readonly paidByUpi: boolean;
}

function caseOf(random: Random, event: Event, number: number, received: string, gaps: number): SimulatedCase {
  const all = answers(random, event.mode);
  const tacticsGiven = noted(random, event.mode, event.paidByUpi, all);
  const resident = `${random.pick(givenNames)} ${random.pick(familyNames)}`;
  const place = random.pick(places);
  return {
    reference: `SIM-${String(number).padStart(6, '0')}`,
    received,
    office: event.office,
    facts: factsOf(known(random, all, gaps), tacticsGiven),
    tacticsGiven,
    truth: event.truth,
    mode: event.mode,
    outcomeDelayDays: 2 + Math.min(60, Math.floor(9 * Math.exp(0.7 * random.normal()))),
    outcome: drawOutcome(random, event.truth),
    incident: event.incident,
    scammer: event.contact.scammer,
    resident,
    place,
    narrative: `${openings[event.mode]} Reported from ${place}. Simulated case.`,
    indicators: event.contact.indicators,
    urgent: event.truth === 1 && random.chance(0.04),
  };
}

function check({ cases, days, seed }: SimulationOptions): void {
  if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(days) || days < 1 || !Number.isSafeInteger(seed)) {
    throw new OutpostError(
      'BAD_INPUT',
      'A simulation needs whole numbers: at least 1 case, at least 1 day, and a seed.',
    );
  }
}

/**
 * Invents complaints in the order they are received; the same options always give the same cases. 20 to 30 % are
 * genuine providers, some incidents are reported twice, some scammers come back with the same number, and from
 * `changeAt` on scammers gradually switch to UPI payments, which the complaints schema does not ask for.
 */
export function* simulateCases(options: SimulationOptions): Generator<SimulatedCase> {
  check(options);
  const random = createRandom(options.seed);
  const offices = options.offices ?? defaultOffices;
  const scammers = createScammers(random);
  const open: Event[] = [];
  let number = 0;
  for (const { day, count } of dailyCounts(options)) {
    for (let i = 0; i < count; i++) {
      number += 1;
      const event =
        open.length > 0 && random.chance(0.5)
          ? open.shift()!
          : newEvent(random, options, offices, day, number, scammers);
      const office = offices.indexOf(event.office);
      if (random.chance(share.twin)) open.push(event);
      yield caseOf(random, event, number, day, 0.7 + (0.6 * office) / Math.max(1, offices.length - 1));
    }
  }
}

function newEvent(
  random: Random,
  options: SimulationOptions,
  offices: readonly string[],
  day: string,
  number: number,
  scammers: ReturnType<typeof createScammers>,
): Event {
  const index = random.below(offices.length);
  // Offices differ by up to four points in how many of their complaints are scams.
  const scam = share.scam + 0.04 * (offices.length > 1 ? (2 * index) / (offices.length - 1) - 1 : 0);
  const truth = random.chance(scam) ? 1 : 0;
  const mode = drawMode(random, truth, upiShare(day, options.changeAt));
  // How a genuine bill was paid is only noted once there is talk of UPI.
  const talkedOf = options.changeAt !== null && options.changeAt !== undefined && day >= options.changeAt;
  const paidByUpi = truth === 0 && talkedOf && random.chance(0.3);
  return {
    incident: `SIM-I${number}`,
    office: offices[index]!,
    truth,
    mode,
    contact: truth === 1 ? scammers.scam(mode) : scammers.provider(),
    paidByUpi,
  };
}
