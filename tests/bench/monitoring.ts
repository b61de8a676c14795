import { readFileSync } from 'node:fs';
import { simulateCases } from '../../learning/simulate/index.ts';
import { emptyProfile, mergeProfiles, profileOf } from '../../shared/drift/build-profile.ts';
import type { Profile } from '../../shared/encoding/profile.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { manifestSchema } from '../../shared/encoding/manifest.ts';
import { compare, mustAgree, timePerUnit, type Comparison } from './measure.ts';

/** A window's profile from daily profiles against from its cases. */
export async function monitoringComparisons(): Promise<Comparison[]> {
  const { schema } = manifestSchema.parse(
    JSON.parse(readFileSync(new URL('../../models/manifest.json', import.meta.url), 'utf8')),
  );
  const cases = [...simulateCases({ cases: 20_000, seed: 4, from: '2026-06-01', days: 90 })];
  const days = Map.groupBy(cases, (c) => c.received);
  const daily = Array.from(days.values(), (entries) => profileOf(schema, entries));
  const merge = (): Profile => daily.reduce((sum, day) => mergeProfiles(sum, day), emptyProfile(schema));
  const rebuild = (): Profile => profileOf(schema, cases);
  mustAgree(
    canonicalJson(merge() as unknown as Json) === canonicalJson(rebuild() as unknown as Json),
    'the profiles of both ways',
  );
  const merged = await timePerUnit(1, 11, merge);
  const rebuilt = await timePerUnit(1, 5, rebuild);
  return [
    compare({
      name: 'Profile of a quarter',
      unit: 'profile',
      ours: { what: `adding up ${daily.length} daily profiles`, microseconds: merged },
      other: { what: 'counting its 20,000 cases again', microseconds: rebuilt },
      checked: 'Equal counts in every bin.',
    }),
  ];
}
