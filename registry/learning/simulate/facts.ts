import type { AttributeValue, Facts } from '../../../shared/domain/facts.ts';
import { normaliseTactic } from '../../../shared/domain/tactics.ts';
import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import type { Random } from '../random.ts';
import { modes, type ModeName } from './modes.ts';
import { notedFor, oddNotes, upiSpellings } from './words.ts';

/** Chance that an answer is not known, before the office's factor. */
const missing: Readonly<Record<string, number>> = {
  asked_remote_access: 0.04,
  opened_bank_website: 0.05,
  resident_placed_call: 0.06,
  screen_locked: 0.08,
  gift_cards_asked: 0.05,
  has_contract: 0.1,
  told_to_keep_secret: 0.13,
  contact_channel: 0.03,
  location_of_call: 0.16,
  story_told: 0.06,
  knew_personal_details: 0.2,
  claimed_known_company: 0.1,
  provider_listed: 0.2,
  contact_minutes: 0.2,
  times_called: 0.14,
  money_asked: 0.18,
  money_paid: 0.06,
  days_until_report: 0.05,
};

function lognormal(random: Random, [median, spread]: readonly [number, number]): number {
  return median * Math.exp(spread * random.normal());
}

function roundTo(value: number, step: number): number {
  return Math.max(step, Math.round(value / step) * step);
}

/** Amounts are named as people name them: in round rupees, sometimes in dollars. */
function money(random: Random, amount: number): AttributeValue {
  const rates = complaintsSchema.currencies.minorPerReference;
  const currency = random.chance(0.93) ? 'INR' : 'USD';
  const minor = amount * rates[currency]!;
  return { amount: roundTo(minor, currency === 'INR' ? 50_000 : 500), currency };
}

function repeats(random: Random, again: number): number {
  let times = 1;
  while (times < 12 && random.chance(again)) times += 1;
  return times;
}

function numbers(random: Random, name: ModeName): Record<string, AttributeValue> {
  const mode = modes[name];
  return {
    contact_minutes: Math.min(600, Math.max(1, Math.round(lognormal(random, mode.minutes)))),
    times_called: repeats(random, mode.again),
    money_asked: money(random, lognormal(random, mode.money)),
    days_until_report: Math.min(365, Math.floor(lognormal(random, mode.daysToReport))),
  };
}

/** Answers of one case as they happened, before anything is unknown. */
export function answers(random: Random, name: ModeName): Record<string, AttributeValue> {
  const mode = modes[name];
  const all: Record<string, AttributeValue> = {};
  for (const [question, p] of Object.entries(mode.yes)) all[question] = random.chance(p);
  // Nobody opens a bank page for a caller who never got near the computer.
  if (all['asked_remote_access'] === false && random.chance(0.6)) all['opened_bank_website'] = false;
  for (const [question, weights] of Object.entries(mode.choices)) all[question] = random.weighted(weights);
  return { ...all, ...numbers(random, name) };
}

/** What the intake knows of the answers: `gaps` scales how much an office leaves open. */
export function known(
  random: Random,
  all: Readonly<Record<string, AttributeValue>>,
  gaps: number,
): Record<string, AttributeValue> {
  const kept = complaintsSchema.attributes.map(
    (attribute) => [attribute.name, random.chance((missing[attribute.name] ?? 0) * gaps)] as const,
  );
  return Object.fromEntries(
    kept.flatMap(([name, open]) => (open || all[name] === undefined ? [] : [[name, all[name]]])),
  );
}

/**
 * Free spellings an investigator notes for a case: about a third of what was answered, UPI in three of five cases where
 * scammers asked for it, sometimes where a customer just paid that way, and now and then a remark of no importance.
 */
export function noted(
  random: Random,
  name: ModeName,
  paidByUpi: boolean,
  all: Readonly<Record<string, AttributeValue>>,
): string[] {
  const given: string[] = [];
  for (const [question, spellings] of Object.entries(notedFor)) {
    if (all[question] === true && random.chance(0.35)) given.push(random.pick(spellings));
  }
  if (name === 'upi' ? random.chance(0.6) : paidByUpi && random.chance(0.25)) given.push(random.weighted(upiSpellings));
  if (random.chance(0.02)) given.push(random.pick(oddNotes));
  return given;
}

/** Facts under the complaints schema, tactics in tag form. */
export function factsOf(attributes: Record<string, AttributeValue>, tacticsGiven: readonly string[]): Facts {
  const tags = tacticsGiven.map((text) => normaliseTactic(text, complaintsSchema.synonyms));
  return {
    schema: { id: complaintsSchema.id, version: complaintsSchema.version },
    attributes,
    tactics: [...new Set(tags)],
  };
}
