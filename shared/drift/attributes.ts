import { columnPhrase, phraseName, phraseStart } from '../encoding/phrases.ts';
import type { Attribute, FeatureSchema } from '../encoding/schema.ts';
import { profileInSteps } from './build.ts';
import { gTest } from './g-test.ts';
import { holm } from './holm.ts';
import type { AssessCase } from './input.ts';
import type { AttributeProfile, Profile } from '../encoding/profile.ts';
import { psi } from './psi.ts';
import type { Finding } from './report.ts';
import type { Steps } from './steps.ts';

/** Limits for naming an attribute beside an alarm: adjusted p-value and effect size. */
const level = 0.01;
const effect = 0.1;
const mostNamed = 4;

type AttributeFinding = Finding & { kind: 'attribute' };

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

function rangeText(attribute: Attribute & { kind: 'number' | 'money' }, bin: number, reference: string): string {
  const unit = attribute.kind === 'money' ? reference : attribute.unit;
  const [low, high] = [attribute.bins[bin - 1], attribute.bins[bin]];
  const [label, measure] = [phraseStart(attribute), unit === '' ? '' : ` ${unit}`];
  if (low === undefined) return `${label} below ${high}${measure}`;
  return high === undefined ? `${label} ${low}${measure} or more` : `${label} ${low} to ${high}${measure}`;
}

/** A bin in words: `bank website was opened`, `contact: text message`, `length of the contact 5 to 10 min`. */
function binText(schema: FeatureSchema, attribute: Attribute, bin: number): string {
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return attribute.says.yes;
    case 'category': {
      const value = attribute.values[bin];
      return value === undefined
        ? `${phraseName(attribute)}: not on the list`
        : columnPhrase(attribute, value.value, schema.currencies.reference);
    }
    case 'number':
    case 'money':
      return bin > attribute.bins.length
        ? `${phraseName(attribute)}: out of range`
        : rangeText(attribute, bin, schema.currencies.reference);
  }
}

/**
 * Attributes whose binned answers since `since` differ from the reference (G-test on known answers, adjusted after Holm,
 * and a PSI of at least 0.1), the most changed first. They are named beside an alarm and never raise one: with enough
 * cases something always differs.
 */
export function* changedAttributes(
  schema: FeatureSchema,
  reference: Profile,
  cases: readonly AssessCase[],
  since: string,
): Steps<AttributeFinding[]> {
  const window = yield* profileInSteps(
    schema,
    cases.filter((c) => c.received >= since),
  );
  const compared = schema.attributes.flatMap((attribute) => {
    const [before, now] = [reference.attributes[attribute.name], window.attributes[attribute.name]];
    if (!before || !now || attribute.kind === 'tactic') return [];
    return [{ attribute, before: known(before), now: known(now), p: gTest(known(before), known(now)).p }];
  });
  const adjusted = holm(compared.map((c) => c.p));
  const findings = compared.map(({ attribute, before, now }, i): AttributeFinding => {
    const [old, current] = [shares(before), shares(now)];
    const bin = mostChanged(attribute, old, current);
    return {
      kind: 'attribute',
      name: attribute.name,
      label: attribute.label,
      psi: psi(before, now),
      p: adjusted[i]!,
      from: old[bin]!,
      to: current[bin]!,
      what: binText(schema, attribute, bin),
    };
  });
  return findings
    .filter((f) => f.p < level && f.psi >= effect)
    .toSorted((a, b) => b.psi - a.psi)
    .slice(0, mostNamed);
}
