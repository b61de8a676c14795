import { describe, expect, it } from 'vitest';
import { attributeDetector } from '../../../../shared/drift/attributes.ts';
import { inOneGo, profileOf } from '../../../support/drift.ts';
import { addDays } from '../../../../shared/drift/days.ts';
import type { Detector, DriftVerdict } from '../../../../shared/drift/detector.ts';
import { alarmDetectors, companionDetectors } from '../../../../shared/drift/detectors.ts';
import { promisesOf, type AssessCase, type AssessReference } from '../../../../shared/drift/input.ts';
import { findingSchema } from '../../../../shared/drift/report.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';

const schema = { id: complaintsSchema.id, version: complaintsSchema.version };
const facts = (minutes: number, tactics: string[] = []) => ({
  schema,
  attributes: { opened_bank_website: minutes > 30, contact_minutes: minutes },
  tactics,
});

const reference: AssessReference = {
  schema: complaintsSchema,
  texts: [],
  profile: profileOf(
    complaintsSchema,
    Array.from({ length: 2000 }, (_, i) => ({ facts: facts(i % 60) })),
  ),
  promises: promisesOf({ figures: {} }),
};

/** A drifted stretch: longer calls, a new tactic, and checks that find scams. */
const cases: AssessCase[] = Array.from({ length: 120 }, (_, i) => ({
  received: addDays('2026-03-02', Math.floor(i / 3)),
  office: 'North',
  verdict: 'not_scam',
  score: 0.1,
  outside: [],
  facts: facts(30 + (i % 90), i % 2 === 0 ? ['upi_payment'] : []),
  audit: { stratum: 'not_scam', probability: 0.1, drawn: i % 3 === 0 },
  outcome: i % 6 === 0 ? 'confirmed_scam' : 'genuine_provider',
  urgent: false,
}));

function verdictOf(detector: Detector, parts: readonly (readonly AssessCase[])[]): DriftVerdict {
  const fitted = detector.fit(reference);
  for (const part of parts) inOneGo(fitted.update(part));
  return inOneGo(fitted.verdict());
}

const all: Detector[] = [...Object.values(alarmDetectors), ...companionDetectors];

describe('every detector of the monitor', () => {
  it.each(all.map((detector) => [detector.name, detector] as const))(
    '%s says the same however the cases came, with effect and evidence',
    (_name, detector) => {
      const whole = verdictOf(detector, [cases]);
      expect(verdictOf(detector, [cases.slice(0, 50), [], cases.slice(50)])).toEqual(whole);
      expect(verdictOf(detector, [])).toEqual({ detections: [] });
      expect(whole.detections.length).toBeGreaterThan(0);
      for (const { effect, evidence, since, finding } of whole.detections) {
        expect(effect).toBeGreaterThan(0);
        expect(evidence.kind === 'e' ? evidence.e > 1 : evidence.p < 0.01).toBe(true);
        expect(since >= '2026-03-02').toBe(true);
        expect(findingSchema.parse(finding)).toEqual(finding);
      }
    },
  );

  it('companions never raise the alarm', () => {
    for (const detector of companionDetectors)
      expect(verdictOf(detector, [cases]).detections.every(({ level }) => level === 'calm')).toBe(true);
  });
});

it('another statistic of numbers is one comparison: the share of mass that has to move between bins', () => {
  const earth = attributeDetector({
    name: 'earth_mover',
    effectFrom: 0.2,
    compare(attribute, before, now) {
      if (attribute.kind !== 'number') return null;
      const [a, b] = [before, now].map((counts) => counts.reduce((sum, n) => sum + n, 0));
      let [moved, carried] = [0, 0];
      for (let i = 0; i < before.length; i += 1) {
        carried += now[i]! / b! - before[i]! / a!;
        moved += Math.abs(carried);
      }
      return { p: 0, effect: moved };
    },
  });
  const { detections } = verdictOf(earth, [cases]);
  expect(detections.map(({ finding }) => finding)).toMatchObject([
    { kind: 'attribute', name: 'contact_minutes', statistic: 'earth_mover' },
  ]);
});

it('a report from before there were several statistics is read as one of PSI', () => {
  const old = { kind: 'attribute', name: 'a', label: 'A', psi: 0.3, p: 0.001, from: 0.1, to: 0.4, what: 'a' };
  const { psi, ...rest } = old;
  expect(findingSchema.parse(old)).toEqual({ ...rest, statistic: 'psi', effect: psi });
});
