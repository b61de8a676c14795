import { normaliseTactic } from '../../shared/domain/tactics.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { Random } from '../statistics/random.ts';
import type { Answers } from './facts.ts';
import type { Habits } from './investigators.ts';
import { notedFor, oddNotes, upiSpellings } from './words.ts';

/**
 * Chances, invented: that UPI is noted of a genuine bill paid by it and that a yes to a question is noted beside its
 * answer, both times the investigator's habit; that the preferred spelling is used; that a remark is noted as a tactic.
 */
const share = { genuineUpi: 0.42, besideAnswer: 0.58, preferred: 0.6, remark: 0.02 } as const;

/** Chance that UPI is noted, when it was asked for by a scammer or was how a genuine bill was paid. */
export function upiNoteChance({ notes }: Habits, scam: boolean): number {
  return scam ? notes : notes * share.genuineUpi;
}

/** Chance that a yes to a question of `notedFor` is noted beside its answer. */
export function besideChance({ notes }: Habits): number {
  return notes * share.besideAnswer;
}

/**
 * Tactics as the investigator spells them: some of what was answered with yes, UPI where it was asked for or paid by
 * (`upi`: by whom), in several spellings, and now and then a remark of no importance.
 */
export function noted(random: Random, habits: Habits, upi: 'scam' | 'genuine' | null, all: Answers): string[] {
  const given: string[] = [];
  for (const question in notedFor) {
    if (all[question] === true && random.chance(besideChance(habits))) given.push(random.pick(notedFor[question]!));
  }
  if (upi !== null && random.chance(upiNoteChance(habits, upi === 'scam')))
    given.push(random.chance(share.preferred) ? habits.spelling : random.weighted(upiSpellings));
  if (random.chance(share.remark)) given.push(random.pick(oddNotes));
  return given;
}

/** Tag and meaning of every spelling the simulator uses. */
export function createSpellings(): {
  /** Tag form of a spelling. */
  readonly tagOf: (spelling: string) => string;
  /** Question a spelling was noted for, `upi`, or undefined for a remark. */
  readonly meaningOf: (spelling: string) => string | undefined;
} {
  const meanings = new Map<string, string>(Object.keys(upiSpellings).map((text) => [text, 'upi']));
  for (const [question, texts] of Object.entries(notedFor)) for (const text of texts) meanings.set(text, question);
  const tags = new Map(
    [...meanings.keys(), ...oddNotes].map((text) => [text, normaliseTactic(text, complaintsSchema.synonyms)]),
  );
  return { tagOf: (text) => tags.get(text)!, meaningOf: (text) => meanings.get(text) };
}
