import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { z } from 'zod';
import type { AttributeValue } from '../../../shared/domain/facts.ts';
import { majorUnits, minorDigits, minorUnits } from '../../../shared/currency/minor-units.ts';
import { mostMinorUnits } from '../../../shared/domain/money.ts';
import { normaliseTactic, type Synonyms } from '../../../shared/domain/tactics.ts';
import { intakeSchema, type CaseView, type Intake, type IndicatorHit } from '../../../shared/contract/views.ts';
import type { Attribute, FeatureSchema } from '../../../shared/encoding/schema.ts';
import { sentence, textSchema, type Sentence, type Text } from '../../../shared/language/sentence.ts';

export type Kind = IndicatorHit['kind'];
export const indicatorKinds: readonly Kind[] = ['phone', 'handle', 'web', 'session'];
export type Need = Intake['needs'][number];
export const needNames: readonly Need[] = ['interpreter', 'hearing', 'helper', 'other'];

/** Answer to a yes/no question; unknown is the default and never means no. */
type Answer = 'yes' | 'no' | 'unknown';
export const answers: readonly Answer[] = ['yes', 'no', 'unknown'];

/** What is typed into the intake form, as typed. Fields that were not touched are absent. */
export interface Draft {
  readonly urgent: Answer;
  /** Local time `HH:MM` at which money left, for the recall deadline. */
  readonly paidAt: string;
  readonly received: string;
  /** Yes/no answers, category values, and numbers and amounts as typed, by attribute name. */
  readonly entries: Readonly<Record<string, string>>;
  readonly currencies: Readonly<Record<string, string>>;
  readonly tactics: readonly string[];
  /** A tactic being typed that is not among the chosen ones yet; saving takes it along. */
  readonly tactic: string;
  readonly indicators: Readonly<Record<Kind, readonly string[]>>;
  readonly reference: string;
  readonly resident: string;
  readonly contact: string;
  readonly place: string;
  readonly safeContact: string;
  readonly atRisk: boolean;
  readonly needs: readonly Need[];
  readonly narrative: string;
}

const typed = z.record(z.string(), z.string()).catch({});
const line = z.string().catch('');
const several = z.array(z.string()).min(1).catch(['']);

/** What cannot be understood of a draft that another version of the program kept is left blank, the rest stays. */
const draftSchema = z.object({
  urgent: z.enum(['yes', 'no', 'unknown']).catch('unknown'),
  paidAt: line,
  received: line,
  entries: typed,
  currencies: typed,
  tactics: z.array(z.string()).catch([]),
  tactic: line,
  indicators: z
    .object({ phone: several, handle: several, web: several, session: several })
    .catch({ phone: [''], handle: [''], web: [''], session: [''] }),
  reference: line,
  resident: line,
  contact: line,
  place: line,
  safeContact: line,
  atRisk: z.boolean().catch(false),
  needs: intakeSchema.shape.needs.catch([]),
  narrative: line,
}) satisfies z.ZodType<Draft>;

/**
 * What is kept of the form while it is written: what is entered, what it was filled from, and the id that a new case will
 * have, so that two windows on one draft cannot save it twice.
 */
export const keptContentSchema = z.object({
  draft: draftSchema,
  original: draftSchema,
  id: z.uuid().optional().catch(undefined),
  left: z.array(z.object({ label: textSchema, entry: textSchema })).catch([]),
});
/** An untouched form for a case received on the given local date. */
export function emptyDraft(received: string): Draft {
  return {
    urgent: 'unknown',
    paidAt: '',
    received,
    entries: {},
    currencies: {},
    tactics: [],
    tactic: '',
    indicators: { phone: [''], handle: [''], web: [''], session: [''] },
    reference: '',
    resident: '',
    contact: '',
    place: '',
    safeContact: '',
    atRisk: false,
    needs: [],
    narrative: '',
  };
}

function entryOf(value: AttributeValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return String(majorUnits(value));
  return String(value);
}

/** The form filled with a case, for correcting its facts. */
export function draftOf(view: CaseView): Draft {
  const { attributes } = view.facts;
  const money = Object.entries(attributes).filter(([, value]) => typeof value === 'object' && value !== null);
  const given = (kind: Kind): string[] => {
    const values = view.private.indicators.filter((entry) => entry.kind === kind).map((entry) => entry.given);
    return values.length === 0 ? [''] : values;
  };
  return {
    ...emptyDraft(view.row.received),
    urgent: view.urgent ? 'yes' : 'no',
    entries: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, entryOf(value)])),
    currencies: Object.fromEntries(money.map(([name, value]) => [name, (value as { currency: string }).currency])),
    tactics: view.private.tacticsGiven,
    indicators: { phone: given('phone'), handle: given('handle'), web: given('web'), session: given('session') },
    reference: view.private.reference,
    resident: view.private.resident,
    contact: view.private.contact,
    place: view.private.place,
    safeContact: view.private.safeContact,
    atRisk: view.private.atRisk,
    needs: view.private.needs,
    narrative: view.private.narrative,
    paidAt: view.private.paidAt,
  };
}

/** Thousands, or lakhs and thousands, before the decimals: `48,000`, `1,50,000`. Any other comma may be a decimal one. */
const groupedByCommas = /^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/;

/**
 * Reads an amount as people type it (`48,000`, `₹ 1,50,000`, `1 200.50`) into minor units; null when it is none in its
 * currency, or when a comma may stand for decimals (`12,50`).
 */
export function parseAmount(typed: string, currency: string): number | null {
  const number = typed.replace(/^\s*\p{Sc}|\p{Sc}\s*$/u, '').replace(/[\s'’]/g, '');
  if (number.includes(',') && !groupedByCommas.test(number)) return null;
  const plain = number.replaceAll(',', '');
  const decimals = /^\d{1,10}(?:\.(\d+))?$/.exec(plain);
  if (decimals === null || (decimals[1] ?? '').length > minorDigits(currency)) return null;
  const amount = minorUnits(Number(plain), currency);
  return amount > mostMinorUnits ? null : amount;
}

/** Why an entry is no amount: it has decimals its currency does not have, or is nothing of the kind. */
function noAmount(entry: string, currency: string): Sentence {
  const whole = entry.replace(/\.\d+$/, '');
  return whole !== entry && parseAmount(whole, currency) !== null
    ? sentence('window_intake.many_decimals', { currency, digits: minorDigits(currency) })
    : sentence('window_intake.not_amount');
}

type Read = { readonly value: AttributeValue } | { readonly problem: Sentence };

function readNumber(attribute: Attribute & { kind: 'number' }, typed: string, unit: Text): Read {
  const value = Number(typed.replace(/\s/g, '').replace(',', '.'));
  if (!Number.isFinite(value)) return { problem: sentence('window_intake.not_number') };
  if (value < attribute.min || value > attribute.max)
    return {
      problem: sentence('window_intake.out_of_range', { min: attribute.min, max: attribute.max, unit }),
    };
  return { value };
}

/** Value of one attribute as typed; an empty entry is unknown. */
export function readEntry(attribute: Attribute, typed: string, currency: string, unit: Text = ''): Read {
  const entry = typed.trim();
  if (entry === '') return { value: null };
  switch (attribute.kind) {
    case 'boolean':
      return { value: entry === 'yes' ? true : entry === 'no' ? false : null };
    case 'category':
      return { value: entry };
    case 'number':
      return readNumber(attribute, entry, unit);
    case 'money': {
      const amount = parseAmount(entry, currency);
      return amount === null ? { problem: noAmount(entry, currency) } : { value: { amount, currency } };
    }
    case 'tactic':
      return { value: null };
  }
}

/** Most characters of a narrative that the contract takes. */
const longestNarrative = 20_000;

/** Indicators as they are sent, each with its place in the form. */
function indicatorsOf(draft: Draft): { readonly kind: Kind; readonly value: string; readonly at: number }[] {
  return indicatorKinds.flatMap((kind) =>
    draft.indicators[kind].map((value, at) => ({ kind, value: value.trim(), at })).filter((one) => one.value !== ''),
  );
}

/** The form's name of an entry that the backend refused (`indicators.2` -> `web.0`), or null when it is not known. */
export function refusedEntry(draft: Draft, schema: FeatureSchema, field: string | undefined): string | null {
  const name = (field ?? '').replace(/^intake\./, '');
  const indicator = /^indicators\.(\d+)/.exec(name);
  if (indicator !== null) {
    const sent = indicatorsOf(draft)[Number(indicator[1])];
    return sent === undefined ? null : `${sent.kind}.${sent.at}`;
  }
  if (['received', 'reference', 'narrative'].includes(name)) return name;
  const attribute = name.replace(/^attributes\./, '');
  return schema.attributes.some((one) => one.name === attribute) ? attribute : null;
}

/** Problems by field: attribute names, or `received`, `reference`, `narrative`, and indicators as `phone.0`. */
export type Problems = Readonly<Record<string, Sentence>>;

function checkReceived(draft: Draft, today: string): Sentence | null {
  if (draft.received === '' || Number.isNaN(Date.parse(draft.received))) return sentence('window_intake.no_date');
  return draft.received > today ? sentence('window_intake.future_date') : null;
}

function readAttributes(
  draft: Draft,
  described: DescribedSchema,
): { attributes: Record<string, AttributeValue>; problems: Record<string, Sentence> } {
  const attributes: Record<string, AttributeValue> = {};
  const problems: Record<string, Sentence> = {};
  const { schema } = described;
  for (const attribute of schema.attributes) {
    if (attribute.kind === 'tactic') continue;
    const currency = draft.currencies[attribute.name] ?? schema.currencies.reference;
    const read = readEntry(
      attribute,
      draft.entries[attribute.name] ?? '',
      currency,
      wordsOf(described, attribute).unit(2) ?? '',
    );
    if ('problem' in read) problems[attribute.name] = read.problem;
    else if (read.value !== null) attributes[attribute.name] = read.value;
  }
  return { attributes, problems };
}

/**
 * Checks a draft against the schema and turns it into what the backend takes. Unknown attributes are left out; they
 * are never sent as no. `today` is the local date; a case cannot have been received after it.
 */
export function toIntake(
  draft: Draft,
  schema: DescribedSchema,
  today: string,
): { readonly intake: Intake | null; readonly problems: Problems } {
  const { attributes, problems } = readAttributes(draft, schema);
  const received = checkReceived(draft, today);
  if (received !== null) problems['received'] = received;
  if (draft.narrative.length > longestNarrative)
    problems['narrative'] = sentence('window_intake.long_narrative', { most: longestNarrative });
  if (Object.keys(problems).length > 0) return { intake: null, problems };
  const intake: Intake = {
    urgent: draft.urgent === 'yes',
    received: draft.received,
    attributes,
    tactics: withTactic(draft.tactics, draft.tactic, schema.schema.synonyms)
      .map((tactic) => tactic.trim())
      .filter((tactic) => tactic !== ''),
    indicators: indicatorsOf(draft).map(({ kind, value }) => ({ kind, value })),
    reference: draft.reference.trim(),
    resident: draft.resident.trim(),
    contact: draft.contact.trim(),
    place: draft.place.trim(),
    safeContact: draft.safeContact.trim(),
    atRisk: draft.atRisk,
    needs: [...draft.needs],
    narrative: draft.narrative,
    paidAt: draft.urgent === 'yes' ? draft.paidAt : '',
  };
  return { intake, problems: {} };
}

/**
 * The chosen tactics with one more as typed, trimmed; an empty one, another spelling of a chosen one and the 51st change
 * nothing.
 */
export function withTactic(tactics: readonly string[], typed: string, synonyms: Synonyms): readonly string[] {
  const trimmed = typed.trim();
  const chosen = new Set(tactics.map((tactic) => normaliseTactic(tactic, synonyms)));
  const changes = trimmed !== '' && !chosen.has(normaliseTactic(trimmed, synonyms)) && tactics.length < 50;
  return changes ? [...tactics, trimmed] : tactics;
}

/** How many of the given attributes are answered in a draft. */
export function answered(draft: Draft, attributes: readonly Attribute[]): number {
  return attributes.filter((attribute) => !['', 'unknown'].includes(draft.entries[attribute.name] ?? '')).length;
}

/** Hours within which banks can usually still stop or recall a payment; the sheet counts down from the payment. */
const recallHours = 4;

/**
 * Deadline for a recall: when it ends and the milliseconds left, from a local time `HH:MM` of payment. A time later
 * than now is taken as yesterday's. Null when no time is given.
 */
export function recallDeadline(paidAt: string, now: number): { readonly until: number; readonly left: number } | null {
  const match = /^(\d{2}):(\d{2})$/.exec(paidAt);
  if (match === null) return null;
  const paid = new Date(now);
  paid.setHours(Number(match[1]), Number(match[2]), 0, 0);
  if (paid.getTime() > now) paid.setDate(paid.getDate() - 1);
  const until = paid.getTime() + recallHours * 3_600_000;
  return { until, left: Math.max(0, until - now) };
}
