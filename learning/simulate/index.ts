import { daysBetween } from '../../shared/drift/days.ts';
import type { Facts } from '../../shared/domain/facts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { dateSchema } from '../../shared/log/event.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { createRandom, type Random } from '../statistics/random.ts';
import { dailyCounts, weekdayOf } from './calendar.ts';
import { answers, answersAgain, factsOf, known, type Answers } from './facts.ts';
import { createIncidents, type Further } from './incidents.ts';
import { createInvestigators } from './investigators.ts';
import { drawRecorded, openShareOf, type Recorded } from './labels.ts';
import { answerModels, type AnswerModel } from './latent.ts';
import { openFactor } from './missing.ts';
import { genuineUpiShare, mixOf, officePlace } from './mix.ts';
import { isScamMode, modeNames, type ModeName } from './modes.ts';
import { narrativeOf } from './narrative.ts';
import { createSpellings, noted } from './notes.ts';
import { simulatedReference } from '../data/simulated-references.ts';
import { drawFurtherResident, drawResident, toldIndicators, type Resident } from './residents.ts';
import { createContacts, type Contact, type Indicator } from './scammers.ts';

/** An invented complaint with its truth and what will be found out about it. Nothing in it is a real person's. */
export interface SimulatedCase extends Recorded {
  /** `SIM-000001`. */
  readonly reference: string;
  /** Plain date. */
  readonly received: string;
  readonly office: string;
  /** `SIM-North-2`. */
  readonly investigator: string;
  readonly facts: Facts;
  /** Tactics as the investigator spelled them. */
  readonly tacticsGiven: readonly string[];
  /** 1 scam, 0 genuine provider. */
  readonly truth: 0 | 1;
  /** Kind of contact it was drawn from, and the way it went. */
  readonly mode: ModeName;
  readonly went: string;
  /** Cases about the same event share it. */
  readonly incident: string;
  /** True when the event was complained of before. */
  readonly further: boolean;
  /** Where and when the event was complained of first: this case, or an earlier one. */
  readonly first: { readonly office: string; readonly received: string };
  readonly scammer: string | null;
  readonly resident: string;
  readonly place: string;
  readonly narrative: string;
  readonly indicators: readonly Indicator[];
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
  /**
   * From this day scammers switch to UPI payments, over four weeks; null or absent: they never do. Before the first
   * day the change is under way, or complete, from the start.
   */
  readonly changeAt?: string | null;
  readonly offices?: readonly string[];
}

export const defaultOffices = ['North', 'East', 'South', 'West'] as const;
const urgentShare = 0.04;
const mostDays = 36_600;

interface Event {
  readonly incident: string;
  readonly first: SimulatedCase['first'];
  readonly model: AnswerModel;
  readonly truth: 0 | 1;
  readonly contact: Contact;
  readonly upi: 'scam' | 'genuine' | null;
  readonly resident: Resident;
  readonly answers: Answers;
}

function fail(what: Sentence): never {
  throw new OutpostError('BAD_INPUT', what);
}

function check({ cases, days, seed, from, changeAt = null, offices = defaultOffices }: SimulationOptions): void {
  if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(days) || days < 1 || !Number.isSafeInteger(seed))
    fail(sentence('simulate.needs_whole_numbers'));
  for (const day of [from, changeAt])
    if (day !== null && !dateSchema.safeParse(day).success) fail(sentence('simulate.no_date', { day }));
  if (days > mostDays || daysBetween(from, '9999-12-31') < days)
    fail(sentence('simulate.too_long', { most: mostDays }));
  if (offices.length === 0 || new Set(offices).size < offices.length) fail(sentence('simulate.needs_offices'));
}

/** Everything that is set up once and drawn from. */
function createWorld(options: SimulationOptions) {
  const random = createRandom(options.seed);
  const offices = options.offices ?? defaultOffices;
  return {
    random,
    offices,
    options,
    models: answerModels(),
    contacts: createContacts(random),
    investigators: createInvestigators(offices),
    spellings: createSpellings(),
    incidents: createIncidents<Event>(offices.length),
  };
}
type World = ReturnType<typeof createWorld>;

/** Index of one of some chances that sum to 1. */
function drawIndex(random: Random, chances: readonly number[]): number {
  let left = random.next();
  const at = chances.findIndex((p) => (left -= p) < 0);
  return at === -1 ? chances.findLastIndex((p) => p > 0) : at;
}

function newEvent(world: World, office: number, day: string, mix: readonly number[], number: number): Event {
  const { random, options, offices, models, contacts } = world;
  const mode = modeNames[drawIndex(random, mix)]!;
  const ways = models[mode];
  const model =
    ways[
      drawIndex(
        random,
        ways.map((way) => way.share),
      )
    ]!;
  const truth = isScamMode(mode) ? 1 : 0;
  const billed = truth === 0 ? genuineUpiShare(day, options.changeAt) : 0;
  const byUpi = billed > 0 && random.chance(billed) ? 'genuine' : null;
  return {
    incident: `SIM-I${number}`,
    first: { office: offices[office]!, received: day },
    model,
    truth,
    contact: contacts(mode),
    upi: mode === 'upi' ? 'scam' : byUpi,
    resident: drawResident(random),
    answers: answers(random, model),
  };
}

/** Where and when a case is taken in, and whether others came before it. */
interface Intake {
  readonly number: number;
  readonly day: string;
  readonly weekday: number;
  readonly office: number;
  readonly further: boolean;
}

function caseOf({ random, offices, investigators, spellings }: World, event: Event, intake: Intake): SimulatedCase {
  const { day, office, further } = intake;
  const { model, contact, truth, incident, first } = event;
  const { id, habits } = investigators.draw(random, office);
  const all = further ? answersAgain(random, model, event.answers) : event.answers;
  const tacticsGiven = noted(random, habits, event.upi, all);
  const resident = further ? drawFurtherResident(random, event.resident) : event.resident;
  const attributes = known(random, all, openFactor(officePlace(office, offices.length), habits.gaps, intake.weekday));
  return {
    reference: simulatedReference(intake.number),
    received: day,
    office: offices[office]!,
    investigator: id,
    facts: factsOf(attributes, tacticsGiven.map(spellings.tagOf)),
    tacticsGiven,
    truth,
    mode: model.mode,
    went: model.name,
    ...drawRecorded(random, truth, openShareOf(attributes), habits.wrong),
    incident,
    further,
    first,
    scammer: contact.scammer,
    resident: `${resident.given} ${resident.family}`,
    place: resident.place,
    narrative: narrativeOf(model, all, resident.place, further),
    indicators: toldIndicators(random, contact.indicators, all['location_of_call'] === 'withheld'),
    urgent: truth === 1 && random.chance(urgentShare),
  };
}

/**
 * Invents complaints in the order they are received; the same options always give the same cases, and cases received
 * before `changeAt` are those of a simulation without a change. 20 to 30 % are genuine providers, some incidents are
 * complained of again, a few scammers come back dozens of times, and from `changeAt` on scammers gradually switch to
 * UPI payments, which the complaints schema does not ask for. Streams: only open incidents and active scammers are
 * kept. Throws BAD_INPUT for options that make no sense.
 */
export function* simulateCases(options: SimulationOptions): Generator<SimulatedCase> {
  check(options);
  const world = createWorld(options);
  const { random, offices, incidents } = world;
  const places = offices.map((_, office) => officePlace(office, offices.length));
  let number = 0;
  for (const { day, count } of dailyCounts(options.cases, options.from, options.days)) {
    const at = daysBetween(options.from, day);
    const weekday = weekdayOf(day);
    const mixes = places.map((place) => mixOf(place, day, options.changeAt));
    const due: readonly Further<Event>[] = incidents.due(at, count);
    for (let i = 0; i < count; i++) {
      number += 1;
      const again = due[i];
      const office = again?.office ?? random.below(offices.length);
      const event = again?.event ?? newEvent(world, office, day, mixes[office]!, number);
      if (again === undefined) incidents.plan(random, event, office, at);
      yield caseOf(world, event, { number, day, weekday, office, further: again !== undefined });
    }
  }
}
