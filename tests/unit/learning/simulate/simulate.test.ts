import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inconclusiveReasonSchema } from '../../../../shared/domain/verdict.ts';
import { openShareOf, recordedLabel, wrongChance } from '../../../../learning/simulate/labels.ts';
import { investigatorsOf } from '../../../../learning/simulate/investigators.ts';
import {
  defaultOffices,
  simulateCases,
  type SimulatedCase,
  type SimulationOptions,
} from '../../../../learning/simulate/index.ts';
import { genuineUpiShare, mixOf, officePlace, upiShare } from '../../../../learning/simulate/mix.ts';
import { isScamMode, modeNames } from '../../../../learning/simulate/modes.ts';
import { isSimulatedReference } from '../../../../learning/data/simulated-references.ts';
import { upiSpellings } from '../../../../learning/simulate/words.ts';

const changeAt = '2026-07-15';
const options: SimulationOptions = { cases: 24_000, seed: 12, from: '2026-05-01', days: 184, changeAt };
const cases = [...simulateCases(options)];
const scams = cases.filter((c) => c.truth === 1);
const genuine = cases.filter((c) => c.truth === 0);

const shareOf = <T>(list: readonly T[], hit: (one: T) => boolean): number => list.filter(hit).length / list.length;

/** A share of `n` lies within four standard errors of `p`: by chance once in 16,000 times. */
function expectShare(hits: number, n: number, p: number): void {
  expect(Math.abs(hits - n * p)).toBeLessThan(4 * Math.sqrt(n * p * (1 - p)) + 1);
}

const place = (office: string): number => officePlace(defaultOffices.indexOf(office as never), defaultOffices.length);

describe('simulated cases', () => {
  it('are named as simulated wherever they show', () => {
    for (const one of cases.slice(0, 500)) {
      expect(isSimulatedReference(one.reference)).toBe(true);
      for (const name of [one.investigator, one.incident, one.scammer ?? 'SIM-']) expect(name).toMatch(/^SIM-/);
      expect(one.narrative).toMatch(/Simulated case\.$/);
    }
    for (const other of ['', 'SIM-', 'SIM-12', 'CASE-000001', 'XSIM-000001', 'SIM-000001-A'])
      expect(isSimulatedReference(other)).toBe(false);
  });

  it('hold as many scams per office and month as the tables say', () => {
    const groups = Map.groupBy(cases, (c) => `${c.first.office} ${c.first.received.slice(0, 7)}`);
    expect(groups.size).toBe(24);
    for (const list of groups.values()) {
      const wanted = list.map(({ first }) =>
        mixOf(place(first.office), first.received, changeAt).reduce(
          (s, p, m) => s + (isScamMode(modeNames[m]!) ? p : 0),
          0,
        ),
      );
      // Twins share their truth: each event counts once.
      const events = list.map((c, i) => [c, wanted[i]!] as const).filter(([c]) => !c.further);
      const mean = events.reduce((sum, [, p]) => sum + p, 0) / events.length;
      expectShare(events.filter(([c]) => c.truth === 1).length, events.length, mean);
    }
    expect(shareOf(cases, (c) => c.truth === 0)).toBeGreaterThan(0.2);
    expect(shareOf(cases, (c) => c.truth === 0)).toBeLessThan(0.3);
  });

  it('come from kinds of contact as often as the tables say', () => {
    const events = cases.filter((c) => !c.further);
    const wanted = modeNames.map((_, m) =>
      events.reduce((sum, { first }) => sum + mixOf(place(first.office), first.received, changeAt)[m]!, 0),
    );
    modeNames.forEach((mode, m) =>
      expectShare(events.filter((c) => c.mode === mode).length, events.length, wanted[m]! / events.length),
    );
  });

  it('keep to the days asked for, in order, fewest on Sundays', () => {
    expect(cases).toHaveLength(24_000);
    expect(cases.every((c, i) => i === 0 || cases[i - 1]!.received <= c.received)).toBe(true);
    expect(cases[0]!.received >= '2026-05-01' && cases.at(-1)!.received <= '2026-10-31').toBe(true);
    const byWeekday = [0, 1, 2, 3, 4, 5, 6].map(
      (d) => cases.filter((c) => new Date(c.received).getUTCDay() === d).length,
    );
    expect(Math.min(...byWeekday)).toBe(byWeekday[0]);
    expect(byWeekday[1]! / byWeekday[0]!).toBeGreaterThan(3);
  });
});

/** Correlation of two answers with yes or no among cases that know both. */
function correlation(list: readonly SimulatedCase[], a: string, b: string): number {
  const both = list.filter((c) => c.facts.attributes[a] !== undefined && c.facts.attributes[b] !== undefined);
  const of = (name: string): number => shareOf(both, (c) => c.facts.attributes[name] === true);
  const [p, q] = [of(a), of(b)];
  const joint = shareOf(both, (c) => c.facts.attributes[a] === true && c.facts.attributes[b] === true);
  return (joint - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q));
}

describe('answers', () => {
  it.each([
    ['bank', 'asked_remote_access', 'opened_bank_website'],
    ['bank', 'told_to_keep_secret', 'money_paid'],
    ['giftCards', 'gift_cards_asked', 'money_paid'],
    ['service', 'has_contract', 'provider_listed'],
  ])('go together within one kind of contact (%s: %s and %s)', (mode, a, b) => {
    const list = cases.filter((c) => c.mode === mode);
    expect(correlation(list, a, b)).toBeGreaterThan(0.06);
  });

  it.each(['broke_off', 'went_along', 'gave_in'])(
    'are independent given the kind and the way it went (bank, %s)',
    (went) => {
      // Only the first complaints of events: the others answer alike by intention.
      const list = cases.filter((c) => c.mode === 'bank' && c.went === went && !c.further);
      const pairs = [
        ['asked_remote_access', 'opened_bank_website'],
        ['resident_placed_call', 'money_paid'],
        ['knew_personal_details', 'provider_listed'],
      ] as const;
      for (const [a, b] of pairs)
        expect(Math.abs(correlation(list, a, b))).toBeLessThan(4 / Math.sqrt(list.length * 0.7));
    },
  );

  it('stay open more often in the last office than in the first, and on Mondays', () => {
    const open = (list: readonly SimulatedCase[]): number =>
      list.reduce((sum, c) => sum + openShareOf(c.facts.attributes), 0) / list.length;
    const of = (office: string): number => open(cases.filter((c) => c.office === office));
    expect(of('West') / of('North')).toBeGreaterThan(1.6);
    const day = (d: number): number => open(cases.filter((c) => new Date(c.received).getUTCDay() === d));
    expect(day(1)).toBeGreaterThan(day(3));
  });

  it('are not missing at random: who paid says less often how much was asked', () => {
    const openIf = (paid: boolean): number =>
      shareOf(
        cases.filter((c) => c.facts.attributes['money_paid'] === paid),
        (c) => c.facts.attributes['money_asked'] === undefined,
      );
    expect(openIf(true) / openIf(false)).toBeGreaterThan(3);
  });
});

describe('incidents', () => {
  const byIncident = Map.groupBy(cases, (c) => c.incident);

  it('have one to four complaints, fewer of each size, about the same event', () => {
    const sizes = [1, 2, 3, 4, 5].map((n) => [...byIncident.values()].filter((list) => list.length === n).length);
    expect(sizes[4]).toBe(0);
    expect(sizes.slice(0, 3).every((n, i) => n > 2 * sizes[i + 1]!)).toBe(true);
    expect(sizes[3]).toBeGreaterThan(0);
    for (const list of byIncident.values()) {
      expect(new Set(list.map((c) => `${c.truth} ${c.mode} ${c.went} ${c.scammer} ${c.first.received}`)).size).toBe(1);
      expect(list.map((c) => c.further)).toEqual(list.map((_, i) => i > 0));
      const [first, ...others] = list as [SimulatedCase, ...SimulatedCase[]];
      for (const other of others) {
        expect(other.received > first.received).toBe(true);
        expect(other.place === first.place || other.resident.split(' ')[1] === first.resident.split(' ')[1]).toBe(true);
      }
    }
  });

  it('are described differently, and sometimes to another office', () => {
    const twins = [...byIncident.values()].filter((list) => list.length > 1);
    const differing = twins.filter(([a, b]) => {
      const [x, y] = [a!.facts.attributes, b!.facts.attributes];
      return Object.keys(x).some(
        (name) => typeof x[name] === 'boolean' && y[name] !== undefined && x[name] !== y[name],
      );
    });
    expect(differing.length / twins.length).toBeGreaterThan(0.5);
    expectShare(twins.filter(([a, b]) => a!.office !== b!.office).length, twins.length, 0.25);
  });
});

describe('scammers', () => {
  const counts = [...Map.groupBy(scams, (c) => c.scammer!).values()]
    .map((list) => list.length)
    .toSorted((a, b) => b - a);

  it('mostly make one event, and a few make dozens of cases', () => {
    expect(shareOf(counts, (n) => n === 1)).toBeGreaterThan(0.5);
    expect(counts.filter((n) => n >= 24).length).toBeGreaterThan(10);
    expect(counts.filter((n) => n >= 24).length / counts.length).toBeLessThan(0.02);
    // The largest hundredth of the scammers makes a large share of the cases.
    const top = counts.slice(0, Math.ceil(counts.length / 100)).reduce((a, b) => a + b, 0);
    expect(top / scams.length).toBeGreaterThan(0.15);
    expect(genuine.every((c) => c.scammer === null)).toBe(true);
  });

  it('are known by their numbers, most of the time', () => {
    const large = [...Map.groupBy(scams, (c) => c.scammer!).values()].filter((list) => list.length >= 24);
    for (const list of large) {
      const numbers = list.flatMap((c) => c.indicators.filter((i) => i.kind === 'phone').map((i) => i.value));
      const most = Math.max(...[...Map.groupBy(numbers, (n) => n).values()].map((same) => same.length));
      expect(most).toBeGreaterThan(2);
      expect(most).toBeLessThan(numbers.length);
    }
    const handles = new Map<string, Set<string>>();
    for (const c of scams)
      for (const { kind, value } of c.indicators)
        if (kind === 'handle' || kind === 'web') handles.set(value, (handles.get(value) ?? new Set()).add(c.scammer!));
    expect(handles.size).toBeGreaterThan(100);
    expect([...handles.values()].every((who) => who.size === 1)).toBe(true);
  });
});

describe('the change of tactics', () => {
  const noted = (c: SimulatedCase): boolean => c.tacticsGiven.some((text) => text in upiSpellings);

  it('comes gradually, some genuine customers pay that way too, and before it nobody notes it', () => {
    const before = cases.filter((c) => c.received < changeAt);
    expect(before.some((c) => c.mode === 'upi' || noted(c))).toBe(false);
    expect(upiShare('2026-07-14', changeAt)).toBe(0);
    expect(upiShare('2026-07-29', changeAt)).toBeCloseTo(0.325, 10);
    expect(upiShare('2026-10-01', changeAt)).toBeCloseTo(0.65, 6);
    const late = cases.filter((c) => c.first.received >= '2026-09-01');
    expectShare(late.filter((c) => c.mode === 'upi').length, late.filter((c) => c.truth === 1).length, 0.65);
    expect(genuineUpiShare('2026-09-01', changeAt)).toBe(0.3);
    expect(
      shareOf(
        late.filter((c) => c.truth === 0),
        noted,
      ),
    ).toBeGreaterThan(0.04);
  });

  it('is noted by investigators after their habit, each in several spellings, one of them a slip', () => {
    const upi = cases.filter((c) => c.mode === 'upi');
    const team = defaultOffices.flatMap((_, i) => investigatorsOf(defaultOffices, i));
    expect(new Set(cases.map((c) => c.investigator))).toEqual(new Set(team.map((one) => one.id)));
    for (const { id, habits } of team) {
      const own = upi.filter((c) => c.investigator === id);
      expectShare(own.filter(noted).length, own.length, habits.notes);
      const spellings = Map.groupBy(
        own.flatMap((c) => c.tacticsGiven.filter((text) => text in upiSpellings)),
        (text) => text,
      );
      expect(spellings.size).toBeGreaterThan(3);
      expect([...spellings].toSorted((a, b) => b[1].length - a[1].length)[0]![0]).toBe(habits.spelling);
    }
    expect(upi.some((c) => c.tacticsGiven.includes('upi paymnet'))).toBe(true);
  });
});

describe('what is recorded', () => {
  it('is late with a heavy tail, later for cases of which little is known, and sometimes never', () => {
    const delays = cases.map((c) => c.outcomeDelayDays).toSorted((a, b) => a - b);
    expect(delays[0]).toBeGreaterThanOrEqual(2);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(15);
    expect(shareOf(delays, (d) => d > 60)).toBeGreaterThan(0.01);
    const mean = (list: readonly SimulatedCase[]): number =>
      list.reduce((s, c) => s + c.outcomeDelayDays, 0) / list.length;
    const [little, much] = [
      cases.filter((c) => openShareOf(c.facts.attributes) > 0.25),
      cases.filter((c) => openShareOf(c.facts.attributes) < 0.05),
    ];
    expect(mean(little)).toBeGreaterThan(mean(much) + 2);
    expect(shareOf(little, (c) => c.outcome === null)).toBeGreaterThan(shareOf(much, (c) => c.outcome === null));
    expect(shareOf(cases, (c) => c.outcome === null)).toBeGreaterThan(0.2);
  });

  it('gives a reason for every inconclusive outcome, and for no other', () => {
    for (const c of cases) expect(c.outcomeReason !== null).toBe(c.outcome === 'inconclusive');
    const reasons = new Set(cases.flatMap((c) => c.outcomeReason ?? []));
    expect(reasons).toEqual(new Set(inconclusiveReasonSchema.options));
  });

  it('is wrong as often as stated, in both directions', () => {
    const habitOf = new Map(
      defaultOffices.flatMap((_, i) => investigatorsOf(defaultOffices, i)).map((one) => [one.id, one.habits.wrong]),
    );
    const labelled = cases.filter((c) => c.outcome !== null && c.outcome !== 'inconclusive');
    for (const truth of [0, 1] as const) {
      const list = labelled.filter((c) => c.truth === truth);
      const wrong = list.filter((c) => (c.outcome === 'confirmed_scam') !== (truth === 1)).length;
      const chances = list.map((c) =>
        wrongChance(truth, openShareOf(c.facts.attributes), habitOf.get(c.investigator)!),
      );
      expectShare(wrong, list.length, chances.reduce((a, b) => a + b, 0) / list.length);
      expect(wrong).toBeGreaterThan(20);
      expect(wrong / list.length).toBeLessThan(0.02);
    }
  });

  it('is a label only once it was recorded and says scam or genuine', () => {
    const label = (outcome: SimulatedCase['outcome'], lastDay: string): number | null =>
      recordedLabel({ received: '2026-06-01', outcome, outcomeReason: null, outcomeDelayDays: 9 }, lastDay);
    expect(label('confirmed_scam', '2026-06-10')).toBe(1);
    expect(label('genuine_provider', '2026-06-10')).toBe(0);
    expect([
      label('confirmed_scam', '2026-06-09'),
      label('inconclusive', '2026-07-01'),
      label(null, '2026-07-01'),
    ]).toEqual([null, null, null]);
  });
});

describe('a simulation', () => {
  const small = fc.record({
    cases: fc.integer({ min: 1, max: 120 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    days: fc.integer({ min: 1, max: 60 }),
    offices: fc.constantFrom<string[]>(['North'], ['A', 'B'], [...defaultOffices]),
  });

  it('gives the same cases for the same options, as many as asked for, whatever the options', () => {
    fc.assert(
      fc.property(small, (given) => {
        const of = (): SimulatedCase[] => [...simulateCases({ ...given, from: '2026-02-01' })];
        const list = of();
        expect(list).toHaveLength(given.cases);
        expect(of()).toEqual(list);
        expect(list.every((c) => given.offices.includes(c.office))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is the one without a change until the change begins', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 59 }), (given, day) => {
        const at = new Date(Date.UTC(2026, 1, 1 + day)).toISOString().slice(0, 10);
        const until = (changed: string | null): SimulatedCase[] =>
          [...simulateCases({ ...given, from: '2026-02-01', changeAt: changed })].filter((c) => c.received < at);
        expect(until(at)).toEqual(until(null));
      }),
      { numRuns: 60 },
    );
  });

  it('that changed long before its first day has changed from the start', () => {
    const list = [...simulateCases({ cases: 2000, seed: 3, from: '2026-06-01', days: 20, changeAt: '2025-01-01' })];
    const found = list.filter((c) => c.truth === 1);
    expectShare(found.filter((c) => c.mode === 'upi').length, found.length, 0.65);
  });

  it.each([
    [{ cases: 0 }, /whole numbers/],
    [{ days: 0 }, /whole numbers/],
    [{ seed: 0.5 }, /whole numbers/],
    [{ from: '2026-02-30' }, /2026-02-30 is no date/],
    [{ changeAt: 'soon' }, /soon is no date/],
    [{ days: 40_000 }, /at most 36600 days/],
    [{ from: '9999-12-01', days: 60 }, /before the year 10000/],
    [{ offices: [] }, /at least one office/],
    [{ offices: ['A', 'A'] }, /no office twice/],
  ])('is refused with %j', (change, message) => {
    expect(() => [...simulateCases({ cases: 10, seed: 1, from: '2026-06-01', days: 10, ...change })]).toThrow(message);
  });
});
