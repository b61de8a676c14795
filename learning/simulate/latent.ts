import { OutpostError } from '../../shared/errors/index.ts';
import { classes, type LatentClass } from './classes.ts';
import { modeNames, modes, type Mode, type ModeName } from './modes.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A log-normal amount: mean and deviation of its logarithm. */
export interface LogNormal {
  readonly mu: number;
  readonly sigma: number;
}

/** Chances of the values of a choice; `upTo` are running sums, the last one 1. */
export interface ChoiceModel {
  readonly values: readonly string[];
  readonly chances: readonly number[];
  readonly upTo: readonly number[];
}

/** How answers come about in one class of one kind of contact: independently of each other. */
export interface AnswerModel {
  readonly mode: ModeName;
  readonly name: string;
  /** Chance of the class within its kind of contact. */
  readonly share: number;
  readonly yes: Readonly<Record<string, number>>;
  readonly choices: Readonly<Record<string, ChoiceModel>>;
  readonly minutes: LogNormal;
  readonly money: LogNormal;
  readonly days: LogNormal;
  /** Chance that another call followed, repeated. */
  readonly again: number;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Chances per class, `shifts` apart in log odds, that come to `mean` over the classes. By bisection. */
function around(mean: number, shares: readonly number[], shifts: readonly number[]): number[] {
  let [low, high] = [-40, 40];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    const at = shares.reduce((sum, share, c) => sum + share * logistic(middle + shifts[c]!), 0);
    if (at < mean) low = middle;
    else high = middle;
  }
  return shifts.map((shift) => logistic((low + high) / 2 + shift));
}

/**
 * Log-normals per class whose mixture has the mode's mean and variance of the logarithm. Throws INTERNAL when the classes
 * alone vary more than that.
 */
export function spreadOver(
  [median, spread]: readonly [number, number],
  list: readonly LatentClass[],
  factors: number[],
) {
  const logs = factors.map(Math.log);
  const mean = list.reduce((sum, { share }, c) => sum + share * logs[c]!, 0);
  const between = list.reduce((sum, { share }, c) => sum + share * (logs[c]! - mean) ** 2, 0);
  if (!(between < spread * spread)) {
    const parts = list.map((c, at) => `${c.name} ${factors[at]}`).join(', ');
    throw new OutpostError('INTERNAL', sentence('simulate.classes_too_far_apart', { parts, spread }));
  }
  const sigma = Math.sqrt(spread * spread - between);
  return logs.map((log): LogNormal => ({ mu: Math.log(median) + log - mean, sigma }));
}

/**
 * Chances of the choices per class that come to the mode's weights over the classes: iterative proportional fitting
 * (Deming and Stephan 1940) of the classes' factors to both margins.
 */
function choicesOver(weights: Readonly<Record<string, number>>, list: readonly LatentClass[], question: string) {
  const values = Object.keys(weights);
  const total = values.reduce((sum, v) => sum + weights[v]!, 0);
  const joint = list.map(({ choices }) => values.map((v) => weights[v]! * (choices[question]?.[v] ?? 1)));
  for (let round = 0; round < 200; round++) {
    for (const [k, v] of values.entries()) {
      const sum = joint.reduce((s, row) => s + row[k]!, 0);
      for (const row of joint) row[k]! *= weights[v]! / total / sum;
    }
    for (const [c, row] of joint.entries()) {
      const sum = row.reduce((a, b) => a + b, 0);
      joint[c] = row.map((p) => (p * list[c]!.share) / sum);
    }
  }
  return joint.map((row, c) =>
    choiceModel(
      values,
      row.map((p) => p / list[c]!.share),
    ),
  );
}

/** A choice with these chances; rounding is left to the last value. */
function choiceModel(values: readonly string[], chances: readonly number[]): ChoiceModel {
  let sum = 0;
  const upTo = chances.map((p) => (sum += p));
  upTo[upTo.length - 1] = 1;
  return { values, chances, upTo };
}

type PerClass<T> = Readonly<Record<string, readonly T[]>>;

/** The c-th of each list. */
function pickClass<T>(lists: PerClass<T>, c: number): Record<string, T> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list[c]!]));
}

function modelsOf(mode: ModeName): AnswerModel[] {
  const { yes, choices, minutes, money, daysToReport, again }: Mode = modes[mode];
  const list = classes[mode];
  const shares = list.map((c) => c.share);
  const chances = Object.entries({ ...yes, again }).map(([question, mean]) => {
    const shifts = list.map((c) => c.logOdds[question] ?? 0);
    return [question, around(mean, shares, shifts)] as const;
  });
  const { again: againBy, ...yesBy }: PerClass<number> = Object.fromEntries(chances);
  const choicesBy = Object.fromEntries(Object.entries(choices).map(([q, w]) => [q, choicesOver(w, list, q)]));
  const factors = (of: (c: LatentClass) => number): number[] => list.map(of);
  const amounts = {
    minutes: spreadOver(
      minutes,
      list,
      factors((c) => c.minutes),
    ),
    money: spreadOver(
      money,
      list,
      factors((c) => c.money),
    ),
    days: spreadOver(
      daysToReport,
      list,
      factors((c) => c.days),
    ),
  };
  return list.map(({ name, share }, c) => ({
    mode,
    name,
    share,
    yes: pickClass(yesBy, c),
    choices: pickClass(choicesBy, c),
    minutes: amounts.minutes[c]!,
    money: amounts.money[c]!,
    days: amounts.days[c]!,
    again: againBy![c]!,
  }));
}

/**
 * The answer models of every class of every kind of contact. A kind's table holds what its classes come to together:
 * the classes make answers go together, they do not change how often an answer is given.
 */
export function answerModels(): Readonly<Record<ModeName, readonly AnswerModel[]>> {
  return Object.fromEntries(modeNames.map((mode) => [mode, modelsOf(mode)])) as Record<ModeName, AnswerModel[]>;
}
