import type { Facts } from '../../shared/domain/facts.ts';
import { addInSteps, emptyProfile, type EncodedCase } from '../../shared/drift/build-profile.ts';
import { assessInSteps } from '../../shared/drift/assess.ts';
import type { MonitorReport } from '../../shared/drift/report.ts';
import type { Steps } from '../../shared/drift/steps.ts';
import { encodeFacts } from '../../shared/encoding/encode.ts';
import type { Profile } from '../../shared/encoding/profile.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';

/** Runs all steps one after the other. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** What the monitor says of cases. */
export function assess(input: Parameters<typeof assessInSteps>[0]): MonitorReport {
  return inOneGo(assessInSteps(input));
}

/** The profile of encoded cases, counted one by one as the monitor counts them. */
export function profileOfEncoded(schema: FeatureSchema, cases: readonly EncodedCase[]): Profile {
  const profile = emptyProfile(schema);
  inOneGo(addInSteps(profile, schema, cases));
  return profile;
}

/** The profile of cases by their facts, with their scores where they have any. */
export function profileOf(schema: FeatureSchema, cases: readonly { facts: Facts; score?: number }[]): Profile {
  return profileOfEncoded(
    schema,
    cases.map(({ facts, ...rest }) => ({ row: encodeFacts(schema, facts), tactics: facts.tactics, ...rest })),
  );
}
