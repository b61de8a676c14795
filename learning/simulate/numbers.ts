import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { AttributeValue } from '../../shared/domain/facts.ts';
import type { Money } from '../../shared/domain/money.ts';
import { normalBetween } from '../../shared/metrics/special-functions.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Random } from '../statistics/random.ts';
import type { AnswerModel, LogNormal } from './latent.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Longest contact, most calls and most days that are ever reported. */
const most = { minutes: 600, times: 12, days: 365 } as const;

/** Most people name rupees; the step is what they round to, in minor units. Invented. */
const currencies = { INR: { share: 0.93, step: 50_000 }, USD: { share: 0.07, step: 500 } } as const;
type Named = keyof typeof currencies;

const draw = (random: Random, { mu, sigma }: LogNormal): number => Math.exp(mu + sigma * random.normal());

/** Chance that a log-normal amount lies between two amounts. */
function between({ mu, sigma }: LogNormal, low: number, high: number): number {
  const at = (x: number): number => (x <= 0 ? -Infinity : (Math.log(x) - mu) / sigma);
  return normalBetween(at(low), at(high));
}

/** Minor units of a currency per unit of reference. */
const rateOf = (currency: string): number => complaintsSchema.currencies.minorPerReference[currency]!;

/** Amounts are named as people name them: in round rupees, sometimes in dollars. */
function drawMoney(random: Random, amount: number): AttributeValue {
  const currency: Named = random.chance(currencies.INR.share) ? 'INR' : 'USD';
  const { step } = currencies[currency];
  return { amount: Math.max(step, Math.round((amount * rateOf(currency)) / step) * step), currency };
}

/** The numbers of one case as they happened, whole and rounded as people tell them. */
export function drawNumbers(random: Random, model: AnswerModel): Record<string, AttributeValue> {
  let times = 1;
  while (times < most.times && random.chance(model.again)) times += 1;
  return {
    contact_minutes: Math.min(most.minutes, Math.max(1, Math.round(draw(random, model.minutes)))),
    times_called: times,
    money_asked: drawMoney(random, draw(random, model.money)),
    days_until_report: Math.min(most.days, Math.floor(draw(random, model.days))),
  };
}

function moneyChance({ money }: AnswerModel, { amount, currency }: Money): number {
  const { share, step } = currencies[currency as Named];
  const steps = Math.round(amount / step);
  const toReference = step / rateOf(currency);
  return share * between(money, steps === 1 ? 0 : (steps - 0.5) * toReference, (steps + 0.5) * toReference);
}

/** Chance of a number as `drawNumbers` tells it, under a class of a kind of contact. Throws INTERNAL for any other question. */
export function numberChance(question: string, model: AnswerModel, value: AttributeValue): number {
  if (question === 'money_asked') return moneyChance(model, value as Money);
  const n = value as number;
  switch (question) {
    case 'times_called':
      return model.again ** (n - 1) * (n === most.times ? 1 : 1 - model.again);
    case 'contact_minutes':
      return between(model.minutes, n === 1 ? 0 : n - 0.5, n === most.minutes ? Infinity : n + 0.5);
    case 'days_until_report':
      return between(model.days, n, n === most.days ? Infinity : n + 1);
    default:
      throw new OutpostError('INTERNAL', sentence('simulate.no_distribution', { question }));
  }
}
