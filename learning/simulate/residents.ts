import type { Random } from '../statistics/random.ts';
import type { Indicator } from './scammers.ts';
import { familyNames, givenNames, places } from './words.ts';

/** Who complains and where. Nothing in it is a real person's. */
export interface Resident {
  readonly given: string;
  readonly family: string;
  readonly place: string;
}

/** Chance that a further complaint about an event is a relative's; else it is a neighbour's. Invented. */
const relative = 0.5;
/** Chance that the number is given, in general and when it was withheld. Invented. */
const phoneTold = { shown: 0.95, withheld: 0.35 } as const;

/** Somebody who complains of an event first. */
export function drawResident(random: Random): Resident {
  return { given: random.pick(givenNames), family: random.pick(familyNames), place: random.pick(places) };
}

/** A relative (of the same name) or a neighbour (of the same place) of who complained first. */
export function drawFurtherResident(random: Random, first: Resident): Resident {
  const other = drawResident(random);
  return random.chance(relative) ? { ...other, family: first.family } : { ...other, place: first.place };
}

/** What a resident can tell of who it was: seldom a number that was withheld. */
export function toldIndicators(random: Random, left: readonly Indicator[], withheld: boolean): Indicator[] {
  const told = withheld ? phoneTold.withheld : phoneTold.shown;
  return left.filter(({ kind }) => kind !== 'phone' || random.chance(told));
}
