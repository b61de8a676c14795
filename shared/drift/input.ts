import { missedStrata, type MissedStratum, type Stratum } from '../domain/audit.ts';
import type { Facts } from '../domain/facts.ts';
import type { OutsideReason } from '../domain/outside-reasons.ts';
import type { Outcome, Verdict } from '../domain/verdict.ts';
import type { Manifest } from '../encoding/manifest.ts';
import type { DescribedSchema } from '../encoding/schema-texts.ts';
import type { Profile } from '../encoding/profile.ts';

/** A case as the monitor sees it: what was known at intake, its first score, and what was found out since. */
export interface AssessCase {
  /** Plain date. */
  readonly received: string;
  readonly office: string;
  readonly verdict: Verdict;
  readonly score: number;
  readonly outside: readonly OutsideReason[];
  readonly facts: Facts;
  readonly audit: { readonly stratum: Stratum; readonly probability: number; readonly drawn: boolean };
  /** Null while nothing was found out. */
  readonly outcome: Outcome | null;
  readonly urgent: boolean;
  /** Cases about the same event share it, where known: a tactic counts once per event. */
  readonly incident?: string | null;
}

/** Share of scams among checked cases of a stratum: the best guess and the promised ceiling. */
export interface MissPromise {
  readonly value: number;
  readonly ceiling: number;
}

/** What the cases are compared with. */
export interface AssessReference extends DescribedSchema {
  readonly profile: Profile;
  readonly promises: Readonly<Record<MissedStratum, MissPromise>>;
}

export interface AssessInput {
  readonly cases: readonly AssessCase[];
  readonly reference: AssessReference;
}

/** What is promised where the model's figures say nothing: fewer than one in five, near the threshold and outside half. */
const fallback: Readonly<Record<MissedStratum, MissPromise>> = {
  not_scam: { value: 0.1, ceiling: 0.2 },
  near_threshold: { value: 0.3, ceiling: 0.6 },
  outside: { value: 0.2, ceiling: 0.5 },
};

/** Held-out cases a stratum needs before its own figure is promised. */
const enough = 10;

/**
 * What a model promises, from its manifest: per stratum the share of scams among held-out cases it called not scam, and
 * as the ceiling the upper end of its interval. A stratum with fewer than 10 held-out cases gets a fixed promise.
 */
export function promisesOf(manifest: Pick<Manifest, 'figures'>): Record<MissedStratum, MissPromise> {
  const read = (stratum: MissedStratum): MissPromise => {
    const figure = manifest.figures[`missed_among_${stratum}`];
    if (figure?.high === undefined || figure.n < enough) return fallback[stratum];
    return { value: figure.value, ceiling: Math.min(0.99, figure.high) };
  };
  return Object.fromEntries(missedStrata.map((stratum) => [stratum, read(stratum)])) as Record<
    MissedStratum,
    MissPromise
  >;
}

/** Everything `assess` compares with, from a manifest. */
export function referenceOf(manifest: Pick<Manifest, 'figures' | 'schema' | 'texts' | 'reference'>): AssessReference {
  const { schema, texts, reference: profile } = manifest;
  return { schema, texts, profile, promises: promisesOf(manifest) };
}
