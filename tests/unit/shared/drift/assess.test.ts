import { describe, expect, it } from 'vitest';
import { stratumOf, type Stratum } from '../../../../shared/domain/audit.ts';
import type { Outcome } from '../../../../shared/domain/verdict.ts';
import type { AssessCase, AssessReference } from '../../../../shared/drift/assess.ts';
import { promisesOf } from '../../../../shared/drift/input.ts';
import { assess, profileOf } from '../../../support/drift.ts';
import { addDays } from '../../../../shared/drift/days.ts';
import { monitorReportSchema } from '../../../../shared/drift/report.ts';
import type { MonitorReport } from '../../../../shared/drift/report.ts';
import { monitorSentences } from '../../../../shared/drift/sentence.ts';
import { inTurn } from '../../../../shared/language/sentence.ts';
import { inEnglish } from '../../../support/saying.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';

const opening = (report: MonitorReport): string => inEnglish(inTurn(monitorSentences(report)));

const schema = { id: 'complaints', version: 1 };

function profiled(count: number, bank: number): AssessReference['profile'] {
  const cases = Array.from({ length: count }, (_, i) => ({
    facts: { schema, attributes: { opened_bank_website: i < bank * count }, tactics: [] },
  }));
  return profileOf(complaintsSchema, cases);
}

const reference: AssessReference = {
  schema: complaintsSchema,
  texts: [],
  profile: profiled(3000, 0.5),
  promises: {
    not_scam: { value: 0.04, ceiling: 0.06 },
    near_threshold: { value: 0.3, ceiling: 0.5 },
    outside: { value: 0.1, ceiling: 0.25 },
  },
};

interface Sketch {
  readonly day: number;
  readonly office?: string;
  readonly tactics?: string[];
  readonly outcome?: Outcome | null;
  readonly stratum?: Stratum;
  readonly drawn?: boolean;
  readonly bank?: boolean;
  readonly incident?: string;
}

function caseOf(sketch: Sketch, i: number): AssessCase {
  const {
    day,
    office = 'North',
    tactics = [],
    outcome = null,
    stratum = 'scam',
    drawn = false,
    bank = i % 2 === 0,
    incident = null,
  } = sketch;
  const notScam = stratum !== 'scam' && stratum !== 'unclear';
  return {
    received: addDays('2026-03-02', day),
    office,
    verdict: notScam ? 'not_scam' : stratum,
    score: notScam ? 0.2 : 0.9,
    outside: [],
    facts: { schema, attributes: { opened_bank_website: bank }, tactics },
    audit: { stratum, probability: 0.05, drawn },
    outcome,
    urgent: false,
    incident,
  };
}

function report(sketches: readonly Sketch[], against: AssessReference = reference) {
  return monitorReportSchema.parse(assess({ cases: sketches.map(caseOf), reference: against }));
}

const quiet = Array.from({ length: 100 }, (_, i): Sketch => ({ day: Math.floor(i / 2) }));

describe('the monitor', () => {
  it('opens with sentences short enough to be read aloud', () => {
    const checked = Array.from({ length: 40 }, (_, i): Sketch => ({
      ...{ day: 30 + i, stratum: 'not_scam', drawn: true, tactics: ['upi', 'crypto'], bank: false },
      outcome: i % 3 === 0 ? 'confirmed_scam' : 'genuine_provider',
    }));
    for (const cases of [[], quiet.slice(0, 8), quiet, [...quiet, ...checked]]) {
      for (const one of opening(report(cases)).split(/(?<=\.) /)) {
        expect(one.split(' ').length, one).toBeLessThan(17);
        expect(one).not.toContain(';');
      }
    }
    const found = report([...quiet, ...checked]);
    const changed = found.findings.find((f) => f.kind === 'attribute')!;
    expect(opening({ ...found, findings: [...found.findings, changed, changed] })).toMatch(
      /Changed since: bank website opened, from \d+\u00a0% to \d+\u00a0%\. 2 other answers changed too\.$/,
    );
  });

  it('says that it is too early without cases, and with a few', () => {
    expect(opening(report([]))).toBe('Too early to tell: no case has been scored yet.');
    const few = report(quiet.slice(0, 8));
    expect(few.kind).toBe('too_little');
    expect(opening(few)).toMatch(
      /^Too early to tell, after 8 cases since 2 March\. No case called not scam has been checked yet\. Twice as many missed scams would show after about \d+ more checks\.$/,
    );
  });

  it('is calm about ordinary cases and says what a doubling would need', () => {
    const checked = Array.from({ length: 12 }, (_, i): Sketch => ({
      day: i,
      stratum: 'not_scam',
      drawn: true,
      outcome: 'genuine_provider',
    }));
    const calm = report([...quiet, ...checked]);
    expect(calm.kind).toBe('calm');
    expect(opening(calm)).toMatch(
      /^Nothing unusual in 112 cases since 2 March\. 12 cases called not scam were checked: none was a scam\. At most 3 were expected\. Twice as many missed scams would show after about \d+ more checks\.$/,
    );
  });

  it('names a tactic that is new, under one name for its spellings, with offices and first day', () => {
    const spellings = [
      'upi_payment',
      'upi',
      'upi_paymnet',
      'upi_collect_request',
      'upi_payment',
      'upi_payment',
      'paid_by_upi',
    ];
    const news = spellings.map((tag, i): Sketch => ({
      day: 30 + i,
      tactics: [tag],
      office: i % 2 === 0 ? 'South' : 'North',
    }));
    const found = report([...quiet, ...news]);
    expect(found.kind).toBe('alarm');
    expect(found.findings[0]).toMatchObject({
      kind: 'tactic',
      tag: 'upi_payment',
      cases: 7,
      offices: 2,
      firstSeen: addDays('2026-03-02', 30),
      alarm: true,
    });
    expect(opening(found)).toMatch(
      /^New since 1 April: UPI payment, in 7 cases from 2 offices\. The model cannot see it\./,
    );
  });

  it('counts complaints about the same event once', () => {
    const once = Array.from({ length: 5 }, (_, i): Sketch => ({ day: 30 + i, tactics: ['upi'], incident: 'one' }));
    const apart = once.map((sketch, i) => ({ ...sketch, incident: `other ${i}` }));
    expect(report([...quiet, ...once]).kind).not.toBe('alarm');
    expect(report([...quiet, ...apart]).kind).toBe('alarm');
  });

  it('keeps quiet about understood tactics and about what was as frequent before', () => {
    const gift = Array.from({ length: 20 }, (_, i): Sketch => ({ day: i, tactics: ['gift_cards'] }));
    expect(report([...quiet, ...gift]).kind).toBe('calm');
    const rude = Array.from({ length: 6 }, (_, i): Sketch => ({ day: 7 * i, tactics: ['rude_caller'] }));
    const known = { ...reference, profile: { ...reference.profile, tactics: { rude_caller: 150 } } };
    expect(report([...quiet, ...rude], known).kind).toBe('calm');
  });

  it('never alarms about a tactic named once or twice', () => {
    const huge = { ...reference, profile: { ...reference.profile, rows: 1e7 } };
    const twice = [0, 1].map((i): Sketch => ({ day: 40 + i, tactics: ['lottery'] }));
    expect(report([...quiet, ...twice], huge).findings.filter((f) => f.kind === 'tactic' && f.alarm)).toEqual([]);
  });

  it('alarms about missed scams beyond the promise, and then names what changed', () => {
    const missed = Array.from({ length: 40 }, (_, i): Sketch => ({
      day: 30 + i,
      stratum: 'not_scam',
      drawn: true,
      outcome: i % 3 === 0 ? 'confirmed_scam' : 'genuine_provider',
      bank: false,
    }));
    const found = report([...quiet, ...missed]);
    const finding = found.findings.find((f) => f.kind === 'missed')!;
    expect(finding).toMatchObject({ missed: 14, checked: 40, alarm: true });
    expect(found.findings.filter((f) => f.kind === 'attribute').map((f) => f.name)).toEqual(['opened_bank_website']);
    expect(opening(found)).toMatch(
      /^More scams are missed than promised, among 140 cases since 2 March\. 40 cases called not scam were checked: 14 were scams\. At most 6 were expected\. Changed since: bank website opened, from 50\u00a0% to \d+\u00a0%\.$/,
    );
    expect(found.months.map((m) => [m.month, m.checked, m.missed])).toEqual([
      ['2026-04', 30, 10],
      ['2026-05', 10, 4],
    ]);
  });

  it('does not alarm when scams are missed near the threshold as often as promised there', () => {
    const near = Array.from({ length: 60 }, (_, i): Sketch => ({
      day: i,
      stratum: 'near_threshold',
      drawn: true,
      outcome: i % 5 < 2 ? 'confirmed_scam' : 'genuine_provider',
    }));
    expect(report([...quiet, ...near]).kind).toBe('calm');
  });

  it('counts only drawn cases with a clear outcome as checked; the rest stays open', () => {
    const sketches: Sketch[] = [
      { day: 1, stratum: 'not_scam', drawn: true, outcome: null },
      { day: 1, stratum: 'not_scam', drawn: true, outcome: 'inconclusive' },
      { day: 1, stratum: 'not_scam', drawn: false, outcome: 'confirmed_scam' },
      { day: 1, stratum: 'unclear', drawn: true, outcome: 'confirmed_scam' },
      { day: 1, stratum: 'outside', drawn: true, outcome: 'confirmed_scam' },
    ];
    const found = report([...quiet, ...sketches]);
    expect(found.findings.find((f) => f.kind === 'missed')).toMatchObject({ missed: 1, checked: 1 });
    expect(found.openAudits).toBe(1);
    expect(found.inconclusiveShare).toBeCloseTo(0.25);
  });

  it('names changed attributes only beside an alarm', () => {
    const changed = Array.from({ length: 400 }, (_, i): Sketch => ({ day: Math.floor(i / 8), bank: false }));
    const found = report(changed);
    expect(found.findings).toEqual([]);
    expect(found.kind).toBe('calm');
  });

  it('gives the same report whatever the order of the cases', () => {
    const news = Array.from({ length: 5 }, (_, i): Sketch => ({ day: 30 + i, tactics: ['upi'] }));
    const cases = [...quiet, ...news].map(caseOf);
    const again = [...cases].reverse();
    expect(assess({ cases: again, reference })).toEqual(assess({ cases, reference }));
  });

  it('has weeks without gaps, from Monday, that add up', () => {
    const { weeks, cases } = report([...quiet, { day: 90, tactics: ['upi'] }]);
    expect(weeks.map((w) => w.start)).toEqual(Array.from({ length: 13 }, (_, i) => addDays('2026-03-02', 7 * i)));
    expect(weeks.reduce((sum, w) => sum + w.received, 0)).toBe(cases);
    expect(weeks.at(-1)!.counts).toEqual({ upi: 1 });
  });
});

describe('promises', () => {
  it('come from the figures of the model, and are fixed where too few cases were held out', () => {
    const figures = {
      missed_among_not_scam: { value: 0.05, low: 0.03, high: 0.08, n: 300 },
      missed_among_outside: { value: 0, low: 0, high: 0.9, n: 2 },
    };
    const promises = promisesOf({ figures });
    expect(promises.not_scam).toEqual({ value: 0.05, ceiling: 0.08 });
    expect(promises.outside.ceiling).toBe(0.5);
  });
});

describe('strata', () => {
  it('tell not-scam cases apart by being outside, then by closeness', () => {
    const thresholds = { notScamBelow: 0.5, scamFrom: 0.8 };
    const of = (score: number, verdict: 'scam' | 'unclear' | 'not_scam', outside = false): Stratum =>
      stratumOf({ score, verdict, outside: outside ? [{ kind: 'tactic', tag: 'upi' }] : [] }, thresholds);
    expect([
      of(0.1, 'not_scam'),
      of(0.45, 'not_scam'),
      of(0.45, 'not_scam', true),
      of(0.6, 'unclear', true),
      of(0.9, 'scam'),
    ]).toEqual(['not_scam', 'near_threshold', 'outside', 'unclear', 'scam']);
  });
});
