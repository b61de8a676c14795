import type { AttributeValue } from '../../shared/domain/facts.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { weekdayOf } from './calendar.ts';
import { defaultOffices, type SimulatedCase, type SimulationOptions } from './index.ts';
import { createInvestigators, type Habits } from './investigators.ts';
import { answerModels, type AnswerModel } from './latent.ts';
import { openChance, openFactor } from './missing.ts';
import { genuineUpiShare, mixOf, officePlace } from './mix.ts';
import { isScamMode, modeNames } from './modes.ts';
import { besideChance, createSpellings, upiNoteChance } from './notes.ts';
import { numberChance } from './numbers.ts';
import { notedFor } from './words.ts';

/** What is read of a case: its answers only, as a model of the first complaints schema does, or the noted tactics too. */
type Reading = 'answers' | 'answers_and_tactics';

/** What is known of one case, ready to be compared with every way a contact may go. */
interface Seen {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** How much this intake leaves open, as a factor. */
  readonly factor: number;
  readonly habits: Habits;
  /** Meanings of the noted tactics; null when they are not read. */
  readonly noted: ReadonlySet<string> | null;
}

/**
 * Chance of what is known of a question with yes or no: of the answer, of its being given, and of its being noted as a
 * tactic beside the answer, summed over both answers when it stays open.
 */
function yesNoChance(question: string, yes: number, { attributes, factor, habits, noted }: Seen): number {
  const value = attributes[question];
  const note = noted !== null && question in notedFor ? besideChance(habits) : null;
  const isNoted = noted?.has(question) ?? false;
  const of = (answer: boolean): number => {
    const open = openChance(question, factor, answer);
    const given = value === undefined ? open : 1 - open;
    const beside = note === null ? 1 : answer ? (isNoted ? note : 1 - note) : isNoted ? 0 : 1;
    return (answer ? yes : 1 - yes) * given * beside;
  };
  if (value !== undefined) return of(value === true);
  return of(true) + of(false);
}

/** Chance of what is known of the payment and the amount: who paid is less willing to name it. */
function moneyChance(model: AnswerModel, { attributes, factor }: Seen, asked: number): number {
  const paid = attributes['money_paid'];
  const of = (answer: boolean): number => {
    const open = openChance('money_asked', factor, answer);
    const given = attributes['money_asked'] === undefined ? open : (1 - open) * asked;
    return (answer ? model.yes['money_paid']! : 1 - model.yes['money_paid']!) * given;
  };
  return paid === undefined ? of(true) + of(false) : of(paid === true);
}

const numberNames = complaintsSchema.attributes.filter((a) => a.kind === 'number').map((a) => a.name);

/** Chance of what is known of a case under one way a contact may go, up to a factor that is the same for all of them. */
function likelihood(model: AnswerModel, seen: Seen, chanceOf: (question: string, value: AttributeValue) => number) {
  const { attributes } = seen;
  const askedFor = attributes['money_asked'];
  let product = moneyChance(model, seen, askedFor === undefined ? 1 : chanceOf('money_asked', askedFor!));
  for (const question in model.yes)
    if (question !== 'money_paid') product *= yesNoChance(question, model.yes[question]!, seen);
  for (const question in model.choices) {
    const value = attributes[question];
    const { values, chances } = model.choices[question]!;
    if (value !== undefined) product *= chances[values.indexOf(value as string)] ?? 0;
  }
  for (const question of numberNames) {
    const value = attributes[question];
    if (value !== undefined) product *= chanceOf(question, value!);
  }
  return product;
}

/** `numberChance` with what was computed before kept: people name the same few numbers again and again. */
function remembered(model: AnswerModel) {
  const known = new Map<string, number>();
  return (question: string, value: AttributeValue): number => {
    const key = typeof value === 'object' ? `${question} ${value!.amount} ${value!.currency}` : `${question} ${value}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const chance = numberChance(question, model, value);
    known.set(key, chance);
    return chance;
  };
}

/**
 * The best possible probability of scam of a case of this simulation: Bayes' rule over all kinds of contact and the
 * ways they go, with the simulator's own tables. It knows the answers and which are open, the investigator, the office
 * and day of the intake, where and when the event was complained of first, and with `answers_and_tactics` what was
 * noted. It does not know what links cases (numbers, scammers, other complaints about the event) nor what was found
 * out. No model that reads the same can be better but by chance.
 */
export function createPosterior(
  options: Pick<SimulationOptions, 'changeAt' | 'offices'>,
  reading: Reading,
): (one: SimulatedCase) => number {
  const offices = options.offices ?? defaultOffices;
  const { byId } = createInvestigators(offices);
  const { meaningOf } = createSpellings();
  const models = answerModels();
  const ways = modeNames.flatMap((mode, m) => models[mode].map((model) => ({ model, m, chance: remembered(model) })));
  const placeOf = (office: string): number => officePlace(offices.indexOf(office), offices.length);
  const upiChance = (m: number, first: SimulatedCase['first'], { habits, noted }: Seen): number => {
    if (noted === null) return 1;
    const mode = modeNames[m]!;
    const asked = isScamMode(mode) ? (mode === 'upi' ? 1 : 0) : genuineUpiShare(first.received, options.changeAt);
    const note = asked * upiNoteChance(habits, isScamMode(mode));
    return noted.has('upi') ? note : 1 - note;
  };
  return (one) => {
    const { habits } = byId.get(one.investigator)!;
    const meanings = one.tacticsGiven.map(meaningOf).filter((meaning) => meaning !== undefined);
    const seen: Seen = {
      attributes: one.facts.attributes,
      factor: openFactor(placeOf(one.office), habits.gaps, weekdayOf(one.received)),
      habits,
      noted: reading === 'answers' ? null : new Set(meanings),
    };
    const prior = mixOf(placeOf(one.first.office), one.first.received, options.changeAt);
    const sums = [0, 0];
    for (const { model, m, chance } of ways) {
      if (prior[m] === 0) continue;
      const joint = prior[m]! * model.share * upiChance(m, one.first, seen) * likelihood(model, seen, chance);
      sums[isScamMode(model.mode) ? 1 : 0]! += joint;
    }
    return sums[1]! / (sums[0]! + sums[1]!);
  };
}
