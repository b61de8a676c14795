import { wordsOf, type AttributeWords } from '../encoding/attribute-words.ts';
import { columnPhrase, phraseStart } from '../encoding/column-phrase.ts';
import type { Attribute, FeatureSchema } from '../encoding/schema.ts';
import type { DescribedSchema } from '../encoding/schema-texts.ts';
import { sentence, type Sentence, type Text } from '../language/sentence.ts';
import { encodeFacts } from '../encoding/encode.ts';
import { addInSteps, emptyProfile, type EncodedCase } from './build-profile.ts';
import type { Detection, Detector, FittedDetector } from './detector.ts';
import { holm } from './holm.ts';
import type { AssessCase, AssessReference } from './input.ts';
import type { AttributeProfile, Profile } from '../encoding/profile.ts';

/** Adjusted p-value from which an attribute is named beside an alarm, and how many are named at most. */
const level = 0.01;
const mostNamed = 4;

/** How two sets of counts over the same bins differ. */
interface Comparison {
  readonly p: number;
  readonly effect: number;
}

/** A statistic that compares the known answers of an attribute, binned, with those of the reference. */
interface AttributeStatistic {
  readonly name: string;
  /** Smallest effect that is named: with enough cases something always differs. */
  readonly effectFrom: number;
  /** Null where the statistic says nothing of such an attribute. */
  compare(attribute: Attribute, before: readonly number[], now: readonly number[]): Comparison | null;
}

function known(profile: AttributeProfile): number[] {
  return [...profile.counts, profile.other];
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((n) => (total === 0 ? 0 : n / total));
}

/** The bin whose share changed most; for yes/no the yes. */
function mostChanged(attribute: Attribute, before: readonly number[], now: readonly number[]): number {
  if (attribute.kind === 'boolean' || attribute.kind === 'tactic') return 1;
  return now.reduce(
    (best, share, i) => (Math.abs(share - before[i]!) > Math.abs(now[best]! - before[best]!) ? i : best),
    0,
  );
}

type Range = Attribute & { kind: 'number' | 'money' };

/** A bin of numbers with its unit: `5 to 10 min`. */
function rangeText(attribute: Range, words: AttributeWords, bin: number, reference: string): Sentence {
  const unit = attribute.kind === 'money' ? reference : words.unit(2);
  const [low, high] = [attribute.bins[bin - 1], attribute.bins[bin]];
  if (low === undefined && high !== undefined)
    return unit === null ? sentence('attributes.below', { high }) : sentence('attributes.below_unit', { high, unit });
  if (low !== undefined && high === undefined)
    return unit === null
      ? sentence('attributes.at_least', { low })
      : sentence('attributes.at_least_unit', { low, unit });
  const both = { low: low ?? 0, high: high ?? 0 };
  return unit === null ? sentence('attributes.between', both) : sentence('attributes.between_unit', { ...both, unit });
}

/** A bin in words: `bank website opened`, `contact: text message`, `length of the contact 5 to 10 min`. */
function binText(described: DescribedSchema, attribute: Attribute, bin: number): Text {
  const words = wordsOf(described, attribute);
  const name = words.bare ? words.label : words.name;
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return words.yes;
    case 'category': {
      const value = attribute.values[bin];
      return value === undefined
        ? sentence('attributes.not_listed', { name })
        : columnPhrase(described, attribute, value);
    }
    case 'number':
    case 'money': {
      if (bin > attribute.bins.length) return sentence('attributes.out_of_range', { name });
      const value = rangeText(attribute, words, bin, described.schema.currencies.reference);
      return sentence('attributes.is', { name: phraseStart(words), value });
    }
  }
}

interface Compared extends Comparison {
  readonly attribute: Attribute;
  readonly before: readonly number[];
  readonly now: readonly number[];
}

function comparedBy(statistic: AttributeStatistic, { schema, profile }: AssessReference, window: Profile): Compared[] {
  return schema.attributes.flatMap((attribute) => {
    const [reference, current] = [profile.attributes[attribute.name], window.attributes[attribute.name]];
    if (!reference || !current || attribute.kind === 'tactic') return [];
    const [before, now] = [known(reference), known(current)];
    const comparison = statistic.compare(attribute, before, now);
    return comparison === null ? [] : [{ attribute, before, now, ...comparison }];
  });
}

function detectionOf(statistic: string, described: DescribedSchema, compared: Compared, since: string): Detection {
  const { attribute, before, now, p, effect } = compared;
  const [old, current] = [shares(before), shares(now)];
  const bin = mostChanged(attribute, old, current);
  const finding = {
    kind: 'attribute' as const,
    name: attribute.name,
    label: wordsOf(described, attribute).label,
    statistic,
    effect,
    p,
    from: old[bin]!,
    to: current[bin]!,
    what: binText(described, attribute, bin),
  };
  return { finding, effect, evidence: { kind: 'p', p }, level: 'calm', since };
}

function* encodedOf(schema: FeatureSchema, cases: readonly AssessCase[]): Generator<EncodedCase> {
  for (const { facts, score } of cases) yield { row: encodeFacts(schema, facts), tactics: facts.tactics, score };
}

function watchAttributes(statistic: AttributeStatistic, reference: AssessReference): FittedDetector {
  const { schema } = reference;
  const window = emptyProfile(schema);
  let since: string | null = null;
  return {
    *update(cases) {
      since ??= cases[0]?.received ?? null;
      yield* addInSteps(window, schema, encodedOf(schema, cases));
    },
    *verdict() {
      yield;
      if (since === null) return { detections: [] };
      const compared = comparedBy(statistic, reference, window);
      const adjusted = holm(compared.map(({ p }) => p));
      const detections = compared
        .map((one, i) => ({ ...one, p: adjusted[i]! }))
        .filter(({ p, effect }) => p < level && effect >= statistic.effectFrom)
        .toSorted((a, b) => b.effect - a.effect)
        .slice(0, mostNamed)
        .map((one) => detectionOf(statistic.name, reference, one, since!));
      return { detections };
    },
  };
}

/**
 * Watches attributes by a statistic, its p-values adjusted after Holm; the most changed come first. They are named beside
 * an alarm and never raise one.
 */
export function attributeDetector(statistic: AttributeStatistic): Detector {
  return { name: statistic.name, fit: (reference) => watchAttributes(statistic, reference) };
}
