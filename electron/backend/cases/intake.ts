import type { Intake } from '../../../shared/contract/views.ts';
import { factsSchema, type AttributeValue, type Facts } from '../../../shared/domain/facts.ts';
import { personalWords } from '../../../shared/domain/personal-words.ts';
import { normaliseTactic, tagOf, whyNotShareable } from '../../../shared/domain/tactics.ts';
import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { Attribute, FeatureSchema } from '../../../shared/encoding/schema.ts';
import { schemaRef } from '../../../shared/encoding/schema-identity.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { privateCaseSchema, type PrivateCase } from '../../../shared/log/payloads.ts';
import { indicatorNeeds, normaliseIndicator } from './indicators.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** An intake taken apart: what a model may learn from, and what stays here. */
export interface SplitIntake {
  readonly facts: Facts;
  readonly own: PrivateCase;
}

function badInput(field: string, message: Sentence): OutpostError {
  return new OutpostError('BAD_INPUT', sentence('cases.nothing_saved', { why: message }), { data: { field } });
}

function fits(attribute: Attribute, value: Exclude<AttributeValue, null>): boolean {
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return typeof value === 'boolean';
    case 'category':
      return typeof value === 'string' && value.trim() !== '';
    case 'number':
      return typeof value === 'number' && value >= attribute.min && value <= attribute.max;
    case 'money':
      return typeof value === 'object';
  }
}

const expected = {
  boolean: sentence('intake.yes_no'),
  tactic: sentence('intake.yes_no'),
  category: sentence('intake.category'),
  money: sentence('intake.money'),
};

function checkKind(described: DescribedSchema, attribute: Attribute, value: Exclude<AttributeValue, null>): void {
  if (fits(attribute, value)) return;
  const { label, unit } = wordsOf(described, attribute);
  const wanted =
    attribute.kind === 'number'
      ? sentence('intake.number', { min: attribute.min, max: attribute.max, unit: unit(2) ?? '' })
      : expected[attribute.kind];
  throw badInput(attribute.name, sentence('cases.value_of_another_kind', { label, wanted }));
}

function mayLeave(
  attribute: Attribute,
  value: Exclude<AttributeValue, null>,
  isPersonal: (tag: string) => boolean,
): boolean {
  if (!attribute.shareable) return false;
  if (attribute.kind !== 'category' || typeof value !== 'string' || attribute.values.includes(value)) return true;
  return whyNotShareable(value) === null && !isPersonal(value);
}

type Answers = Record<string, Exclude<AttributeValue, null>>;

function splitAttributes(
  intake: Intake,
  described: DescribedSchema,
  isPersonal: (tag: string) => boolean,
): { shared: Answers; kept: Answers; tags: string[] } {
  const byName = new Map(described.schema.attributes.map((attribute) => [attribute.name, attribute]));
  const shared: Answers = {};
  const kept: Answers = {};
  const tags: string[] = [];
  for (const [name, value] of Object.entries(intake.attributes)) {
    const attribute = byName.get(name);
    if (attribute === undefined) throw badInput(name, sentence('cases.no_such_attribute', { name }));
    if (value === null) continue; // unknown, the same as not there
    checkKind(described, attribute, value);
    if (attribute.kind === 'tactic') {
      if (value === true) tags.push(attribute.tag);
    } else if (mayLeave(attribute, value, isPersonal)) shared[name] = value;
    else kept[name] = value;
  }
  return { shared, kept, tags };
}

/** Tag of a tactic and, when it must stay on the laptop, why. */
export function tagTactic(
  given: string,
  schema: FeatureSchema,
  isPersonal: (tag: string) => boolean,
): { tag: string; why: ReturnType<typeof whyNotShareable> | 'person' } {
  const tag = normaliseTactic(given, schema.synonyms);
  const why = whyNotShareable(given) ?? whyNotShareable(tag);
  return { tag, why: why ?? (isPersonal(tag) || isPersonal(tagOf(given)) ? 'person' : null) };
}

/** What of an intake names people and places. */
type About = Pick<Intake, 'resident' | 'contact' | 'place' | 'reference' | 'safeContact'>;

/** Tells whether a tag or value names the resident, a contact or the place of a case. */
export function personalOf(
  { resident, contact, place, reference, safeContact }: About,
  schema: FeatureSchema,
): (tag: string) => boolean {
  const features = schema.attributes.flatMap((one) => (one.kind === 'tactic' ? [one.tag] : []));
  const known = [
    ...schema.understoodTactics,
    ...features,
    ...Object.keys(schema.synonyms),
    ...Object.values(schema.synonyms),
  ];
  return personalWords([resident, contact, place, reference, safeContact], known);
}

function shareableTags(
  given: readonly string[],
  extra: readonly string[],
  schema: FeatureSchema,
  isPersonal: (tag: string) => boolean,
): string[] {
  const tags = new Set(extra);
  for (const text of given) {
    const { tag, why } = tagTactic(text, schema, isPersonal);
    if (why === null) tags.add(tag);
  }
  return [...tags].slice(0, 50);
}

function normaliseIndicators(intake: Intake): PrivateCase['indicators'] {
  const seen = new Set<string>();
  return intake.indicators.flatMap(({ kind, value: given }, index) => {
    if (given.trim() === '') return [];
    const value = normaliseIndicator(kind, given);
    if (value === null)
      throw badInput(`indicators.${index}`, sentence(indicatorNeeds[kind], { given: given.trim().slice(0, 40) }));
    if (seen.has(`${kind} ${value}`)) return [];
    seen.add(`${kind} ${value}`);
    return [{ kind, value, given }];
  });
}

/**
 * Throws BAD_INPUT for an intake that says nothing of what happened: a case of it would get a score made of nothing. Any
 * answer, tactic, indicator, word of theirs or ongoing payment is enough.
 */
export function requireSomethingKnown(intake: Intake): void {
  const answered = Object.values(intake.attributes).some((value) => value !== null);
  const given = [...intake.tactics, ...intake.indicators.map(({ value }) => value), intake.narrative];
  if (answered || intake.urgent || given.some((text) => text.trim() !== '')) return;
  throw badInput('narrative', sentence('intake.nothing_known'));
}

/**
 * Checks an intake against the feature schema and takes it apart. Only listed values, and new values and tactics that
 * pass the leaving filter, become facts; the words as given stay private. BAD_INPUT names the attribute.
 */
export function splitIntake(intake: Intake, described: DescribedSchema, reference: string): SplitIntake {
  const { schema } = described;
  const isPersonal = personalOf({ ...intake, reference }, schema);
  const { shared, kept, tags } = splitAttributes(intake, described, isPersonal);
  const facts = factsSchema.parse({
    schema: schemaRef(schema),
    attributes: shared,
    tactics: shareableTags(intake.tactics, tags, schema, isPersonal),
  });
  const own = privateCaseSchema.parse({
    reference,
    resident: intake.resident.trim(),
    contact: intake.contact.trim(),
    place: intake.place.trim(),
    safeContact: intake.safeContact.trim(),
    atRisk: intake.atRisk,
    needs: intake.needs,
    narrative: intake.narrative,
    paidAt: intake.paidAt,
    indicators: normaliseIndicators(intake),
    tacticsGiven: intake.tactics,
    ...(Object.keys(kept).length === 0 ? {} : { attributes: kept }),
  });
  return { facts, own };
}
