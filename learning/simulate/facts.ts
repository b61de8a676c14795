import type { AttributeValue, Facts } from '../../shared/domain/facts.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { schemaRef } from '../../shared/encoding/schema-identity.ts';
import type { Random } from '../statistics/random.ts';
import type { AnswerModel, ChoiceModel } from './latent.ts';
import { openChance, unwilling } from './missing.ts';
import { drawNumbers } from './numbers.ts';

export type Answers = Readonly<Record<string, AttributeValue>>;

/** Chance that a further complaint about an event answers a question as the first one did; else it is answered independently. */
const sameAnswer = 0.6;

function drawChoice(random: Random, { values, upTo }: ChoiceModel): string {
  const at = random.next();
  return values[upTo.findIndex((sum) => at < sum)]!;
}

/** Answers of one case as they happened, before anything is unknown: independent, given its class of contact. */
export function answers(random: Random, model: AnswerModel): Answers {
  const all: Record<string, AttributeValue> = {};
  for (const question in model.yes) all[question] = random.chance(model.yes[question]!);
  for (const question in model.choices) all[question] = drawChoice(random, model.choices[question]!);
  return Object.assign(all, drawNumbers(random, model));
}

/** Answers of a further complaint about the event: of the same class, many of them those of the first complaint. */
export function answersAgain(random: Random, model: AnswerModel, first: Answers): Answers {
  const all: Record<string, AttributeValue> = { ...answers(random, model) };
  for (const question in first) if (random.chance(sameAnswer)) all[question] = first[question]!;
  return all;
}

/** The answer that decides whether people are willing to answer a question; undefined for most. */
function tellingFor(question: string, all: Answers): AttributeValue | undefined {
  const rule = unwilling[question as keyof typeof unwilling] as { by: string } | undefined;
  return rule === undefined ? undefined : all[rule.by];
}

/** What the intake knows of the answers: `factor` scales how much stays open. */
export function known(random: Random, all: Answers, factor: number): Record<string, AttributeValue> {
  const kept: Record<string, AttributeValue> = {};
  for (const { name } of complaintsSchema.attributes) {
    const open = random.chance(openChance(name, factor, tellingFor(name, all)));
    if (!open && all[name] !== undefined) kept[name] = all[name];
  }
  return kept;
}

/** Facts under the complaints schema from known answers and tactic tags. */
export function factsOf(attributes: Record<string, AttributeValue>, tactics: readonly string[]): Facts {
  return {
    schema: schemaRef(complaintsSchema),
    attributes,
    tactics: [...new Set(tactics)],
  };
}
