import { describe, expect, test } from 'vitest';
import { datasetOf } from '../../../../learning/dataset/dataset.ts';
import type { KnownCase } from '../../../../learning/data/known-case.ts';
import { holdOutCases, holdOutStart } from '../../../../registry/retraining/hold-out.ts';
import { blocksOf, casesOf, stretchesOf } from '../../../../registry/retraining/inner-validation.ts';
import { firstOfIncidents, labelledCases, type LabelledCase } from '../../../../learning/data/labelled-cases.ts';
import { recipes, trainingRows } from '../../../../registry/retraining/recipes.ts';
import { learnable, requireLearnable } from '../../../../registry/retraining/tactics.ts';
import { addDays } from '../../../../shared/drift/days.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { saying } from '../../../support/saying.ts';

type Given = { day: number; label: 0 | 1; incident?: string; scammer?: string; tactics?: string[]; weight?: number };
const dayOf = (day: number): string => addDays('2026-06-01', day);

function labelled(given: readonly Given[]): LabelledCase[] {
  return given.map(({ day, label, incident = null, scammer = null, tactics = [], weight = 1 }, i) => {
    const known: KnownCase = {
      id: `case ${i}`,
      source: 'dataset',
      office: 'north',
      received: dayOf(day),
      incident,
      scammer,
      urgent: false,
      facts: { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics },
      tactics,
      scored: null,
      outcome: label === 1 ? 'confirmed_scam' : 'genuine_provider',
      outcomeAt: null,
    };
    return { known, label, weight, group: scammer ?? incident ?? known.id };
  });
}

/** Two scams and a genuine provider a day. */
const daily = (days: number): Given[] =>
  Array.from({ length: days }, (_, day) => [
    { day, label: 1 as const },
    { day, label: 1 as const },
    { day, label: 0 as const },
  ]).flat();

const rule = { notBefore: null, share: 0, few: false };

describe('which cases are held out', () => {
  test('the latest that leave both gates enough: sixty scams and thirty genuine providers', () => {
    expect(holdOutStart(labelled(daily(100)), rule)).toBe(dayOf(70));
    expect(holdOutStart(labelled(daily(100)), { ...rule, share: 0.5 })).toBe(dayOf(50));
    expect(holdOutStart(labelled(daily(100)), { ...rule, notBefore: dayOf(71) })).toBeNull();
  });

  test('are counted by incident: a twin adds nothing, and an incident begun before the cut is not among them', () => {
    const twins = daily(100).flatMap((one, i) => [
      { ...one, incident: `incident ${i}` },
      { ...one, incident: `incident ${i}` },
    ]);
    expect(holdOutStart(labelled(twins), rule)).toBe(dayOf(70));
    // Of every incident a first complaint came in on the first day: none is unseen afterwards.
    const seen = labelled([...twins, ...daily(100).map((one, i) => ({ ...one, day: 0, incident: `incident ${i}` }))]);
    expect(holdOutStart(seen, { ...rule, notBefore: dayOf(1) })).toBeNull();
    expect(holdOutCases(seen, dayOf(70))).toEqual([]);
  });

  test('with few, enough scams have to do, and no more than a third of the unseen is held out', () => {
    const few = { ...rule, few: true };
    const mostlyScams = daily(100).filter(({ day, label }) => label === 1 || day % 20 === 0);
    expect(holdOutStart(labelled(mostlyScams), rule)).toBeNull();
    expect(holdOutStart(labelled(mostlyScams), few)).toBe(dayOf(70));
    // 87 incidents, of which 29 are a third: the last nine days, since ten would be 30.
    expect(holdOutStart(labelled(daily(29)), few)).toBe(dayOf(20));
    expect(holdOutStart([], few)).toBeNull();
    // Days stay whole: of thirty on one day none can be held out, of thirty with five later ones those five.
    const seen = daily(10);
    const oneDay = Array.from({ length: 30 }, (_, i): Given => ({ day: 12, label: i % 2 === 0 ? 1 : 0 }));
    const after = { ...few, notBefore: dayOf(10) };
    expect(holdOutStart(labelled([...seen, ...oneDay]), after)).toBeNull();
    const later = Array.from({ length: 5 }, (): Given => ({ day: 14, label: 1 }));
    expect(holdOutStart(labelled([...seen, ...oneDay, ...later]), after)).toBe(dayOf(14));
  });

  test('count the cases of one scammer once, as the gates do', () => {
    const of = (scammer: (day: number) => number) =>
      labelled(daily(100).map((one) => (one.label === 1 ? { ...one, scammer: `scammer ${scammer(one.day)}` } : one)));
    // Each day one of its own, who calls twice; then 59 who come back again and again.
    expect(
      holdOutStart(
        of((day) => day),
        rule,
      ),
    ).toBe(dayOf(40));
    expect(
      holdOutStart(
        of((day) => day % 59),
        rule,
      ),
    ).toBeNull();
  });

  test('leave something to learn from', () => {
    expect(holdOutStart(labelled(daily(30)), rule)).toBeNull();
    expect(holdOutStart(labelled(daily(1)), { ...rule, few: true })).toBeNull();
  });
});

describe('tactics that should become features', () => {
  const naming = (tag: string, count: number): Given[] =>
    Array.from({ length: count }, (_, i) => ({ day: i % 20, label: 1, tactics: [tag] }));
  const group = (tag: string) => ({ tag, spellings: [tag], count: 99 });
  const groups = [group('upi_payment'), group('gift_vouchers')];

  test('one that few labelled cases name does not hold up the others', () => {
    const cases = labelled([...naming('upi_payment', 30), ...naming('gift_vouchers', 12)]);
    const found = learnable(groups, cases, dayOf(20), false);
    expect(found.promoted.map(({ tag }) => tag)).toEqual(['upi_payment']);
    expect(found.left).toEqual([{ tag: 'gift_vouchers', incidents: 12 }]);
    expect(() => requireLearnable(found, dayOf(20))).not.toThrow();
    expect(learnable(groups, cases, dayOf(20), true).promoted).toHaveLength(2);
  });

  test('when none can be learned yet it is said which and how many are missing; twins count once', () => {
    const twins = naming('upi_payment', 60).map((one, i) => ({ ...one, incident: `incident ${i % 29}` }));
    const found = learnable(groups.slice(0, 1), labelled(twins), dayOf(20), false);
    expect(found.left).toEqual([{ tag: 'upi_payment', incidents: 29 }]);
    expect(() => requireLearnable(found, dayOf(20))).toThrow(
      saying(/UPI payment needs 30 labelled cases.*there are 29/),
    );
    expect(() => requireLearnable({ promoted: [], left: [] }, dayOf(20))).not.toThrow();
  });
});

describe('what is learned from', () => {
  test('is of each incident the case received first, wherever it stands; cases of no incident all count', () => {
    const given = labelled([
      { day: 5, label: 1, incident: 'same' },
      { day: 2, label: 0, incident: 'same' },
      { day: 2, label: 1 },
      { day: 3, label: 1 },
      { day: 9, label: 1, incident: 'other' },
    ]);
    const { cases, duplicates } = firstOfIncidents(given);
    expect(cases.map(({ known }) => known.id)).toEqual(['case 1', 'case 2', 'case 3', 'case 4']);
    expect(duplicates).toBe(1);
    expect(firstOfIncidents([])).toEqual({ cases: [], duplicates: 0 });
  });
});

describe('where recipes are compared', () => {
  test('in the last three quarters of the cases since an alarm, each judged by what came before', () => {
    const learned = labelled(daily(80));
    const stretches = stretchesOf(learned, dayOf(40), dayOf(80));
    expect(stretches).toEqual([
      { from: dayOf(50), until: dayOf(60) },
      { from: dayOf(60), until: dayOf(70) },
      { from: dayOf(70), until: dayOf(80) },
    ]);
    expect(casesOf(learned, stretches[0]!)).toHaveLength(30);
  });

  test('without an alarm, or too few cases since, in the latest quarter of all', () => {
    const latest = [{ from: dayOf(60), until: dayOf(80) }];
    expect(stretchesOf(labelled(daily(80)), null, dayOf(80))).toEqual(latest);
    expect(stretchesOf(labelled(daily(80)), dayOf(70), dayOf(80))).toEqual(latest);
    expect(stretchesOf([], null, dayOf(80))).toEqual([]);
  });

  test('never by a twin of what was learned from', () => {
    const cases = labelled([
      { day: 0, label: 1, incident: 'same' },
      { day: 5, label: 1, incident: 'same' },
      { day: 5, label: 0 },
    ]);
    expect(casesOf(cases, { from: dayOf(5), until: dayOf(9) }).map(({ known }) => known.id)).toEqual(['case 2']);
  });
});

describe('groups of cases that are not independent', () => {
  const chained: Given[] = [
    { day: 0, label: 1, incident: 'one', scammer: 'a' },
    { day: 1, label: 1, incident: 'two', scammer: 'a' },
    { day: 2, label: 0, incident: 'two' },
    { day: 3, label: 1, scammer: 'b' },
    { day: 4, label: 0 },
    { day: 5, label: 1, scammer: 'b' },
  ];
  const groups = (list: ArrayLike<unknown>) => Array.from(list, (one) => Array.from(list).indexOf(one));

  test('go by incident and by scammer, also over cases in between, with or without a label', () => {
    const known = labelled(chained).map((one) => one.known);
    const found = labelledCases(known).map((one) => one.group);
    expect(found).toEqual(['one', 'one', 'one', 'case 3', 'case 4', 'case 3']);
    const open = labelledCases(known.map((one, i) => (i === 1 ? { ...one, outcome: null } : one)));
    expect(open.map((one) => one.group)).toEqual(['one', 'one', 'case 3', 'case 4', 'case 3']);
  });

  test('stay together in the folds of a training and in inner validation', () => {
    const cases = labelledCases(labelled(chained).map((one) => one.known));
    const recipe = recipes(complaintsSchema, null, false)[0]!;
    const { frame } = datasetOf(recipe.schema, trainingRows(cases, recipe, dayOf(9)));
    expect(groups(frame.groups)).toEqual([0, 0, 0, 3, 4, 3]);
    const later = { from: dayOf(3), until: dayOf(9) };
    const [block] = blocksOf(cases, [later], recipe);
    expect(groups(block!.unseen.groups)).toEqual([0, 1, 0]);
  });
});

describe('recipes', () => {
  test('put the simplest trainer first, and after an alarm all of them forget', () => {
    const named = (alarm: boolean) => recipes(complaintsSchema, null, alarm).map((r) => [r.trainer, r.halfLife]);
    const logistic = (alarm: boolean) => named(alarm).filter(([trainer]) => trainer === 'logistic');
    expect(named(false)).toHaveLength(6);
    expect(named(false).slice(0, 3)).toEqual(logistic(false));
    expect([logistic(false), logistic(true)].map((list) => list.map(([, halfLife]) => halfLife))).toEqual([
      [null, 30, 14],
      [30, 14],
    ]);
  });

  test('forget scams only, and keep the share of scams of the recent cases', () => {
    const given: Given[] = [
      { day: 0, label: 1, weight: 2 },
      { day: 30, label: 1 },
      { day: 0, label: 0, weight: 10 },
      { day: 30, label: 0, weight: 4 },
    ];
    const weights = (halfLife: number | null) =>
      trainingRows(labelled(given), { halfLife }, dayOf(30)).map((row) => row.weight);
    expect(weights(null)).toEqual([2, 1, 10, 4]);
    // Forgotten like the scams, the genuine providers would weigh 5 + 4; they share that as 10 to 4.
    expect(weights(30)).toEqual([1, 1, expect.closeTo((9 / 14) * 10, 12), expect.closeTo((9 / 14) * 4, 12)]);
    expect(trainingRows(labelled(given.slice(0, 1)), { halfLife: 30 }, dayOf(30))[0]!.weight).toBe(1);
  });
});
