import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { simulateCases, type SimulatedCase, type SimulationOptions } from '../../../../learning/simulate/index.ts';
import { scoreFacts } from '../../../../learning/evaluation/score-model.ts';
import { auditProbability, stratumOf } from '../../../../shared/domain/audit.ts';
import type { Outcome } from '../../../../shared/domain/verdict.ts';
import { verdictOf } from '../../../../shared/domain/verdict.ts';
import { referenceOf, type AssessCase } from '../../../../shared/drift/assess.ts';
import { assess } from '../../../support/drift.ts';
import { addDays, daysBetween } from '../../../../shared/drift/days.ts';
import type { MonitorReport } from '../../../../shared/drift/report.ts';
import { monitorSentences } from '../../../../shared/drift/sentence.ts';
import { inTurn } from '../../../../shared/language/sentence.ts';
import { inEnglish } from '../../../support/saying.ts';
import { outsideReasons } from '../../../../shared/encoding/encode.ts';
import { manifestSchema, type Manifest } from '../../../../shared/encoding/manifest.ts';

const models = new URL('../../../../models/', import.meta.url);
let manifest: Manifest;
let model: Uint8Array;

beforeAll(() => {
  manifest = manifestSchema.parse(JSON.parse(readFileSync(new URL('manifest.json', models), 'utf8')));
  model = readFileSync(new URL('model.onnx', models));
});

/** A case with its first score, and the day on which its outcome comes in. */
interface Followed extends AssessCase {
  readonly known: string;
  readonly truth: 0 | 1;
}

async function followed(options: SimulationOptions): Promise<Followed[]> {
  const cases: SimulatedCase[] = [...simulateCases(options)];
  const scores = await scoreFacts(
    model,
    manifest,
    cases.map((c) => c.facts),
  );
  const random = createRandom(options.seed + 77);
  return cases.map((c, i) => {
    const score = scores[i]!;
    const verdict = verdictOf(score, manifest.thresholds);
    const outside = outsideReasons(manifest.schema, c.facts, manifest);
    const stratum = stratumOf({ score, verdict, outside }, manifest.thresholds);
    const drawn = random.chance(auditProbability[stratum]);
    const checked: Outcome = c.truth === 1 ? 'confirmed_scam' : 'genuine_provider';
    // A drawn case is checked by somebody; one in ten of these checks ends without an answer.
    const outcome = drawn ? (random.chance(0.9) ? checked : 'inconclusive') : c.outcome;
    const { received, office, facts, urgent, incident, truth } = c;
    const audit = { stratum, probability: auditProbability[stratum], drawn };
    return {
      received,
      office,
      facts,
      urgent,
      incident,
      score,
      verdict,
      outside,
      audit,
      outcome,
      truth,
      known: addDays(received, c.outcomeDelayDays),
    };
  });
}

/** What the monitor says on a day, knowing only what was known by then. */
function lookAt(cases: readonly Followed[], today: string): MonitorReport {
  const seen = cases.filter((c) => c.received <= today).map((c) => (c.known <= today ? c : { ...c, outcome: null }));
  return assess({ cases: seen, reference: referenceOf(manifest) });
}

describe('the monitor of an office that uses the bundled model', () => {
  it('raises no false alarm in half a year of looks every fourth day, in 24 offices', async () => {
    let alarms = 0;
    for (let office = 0; office < 24; office++) {
      const cases = await followed({
        cases: 1500,
        seed: 500 + office,
        from: '2026-10-01',
        days: 182,
        offices: ['Office'],
      });
      for (let day = 4; day < 182; day += 4) {
        const report = lookAt(cases, addDays('2026-10-01', day));
        if (report.kind !== 'alarm') continue;
        alarms += 1;
        break;
      }
    }
    console.log(`false alarms: ${alarms} of 24 offices in half a year each`);
    // The budget is 10 % of offices in two years: more than one alarm here would be no accident.
    expect(alarms).toBeLessThanOrEqual(1);
  });

  it('finds scammers moving to UPI within four weeks in every office, and names it', async () => {
    const [from, changeAt] = ['2026-10-01', '2026-11-15'];
    const delays: number[] = [];
    for (let office = 0; office < 10; office++) {
      const cases = await followed({ cases: 1200, seed: 900 + office, from, days: 120, changeAt, offices: ['Office'] });
      let alarm: { day: string; report: MonitorReport } | null = null;
      for (let day = 0; day < 120 && alarm === null; day++) {
        const report = lookAt(cases, addDays(from, day));
        if (report.kind === 'alarm') alarm = { day: addDays(from, day), report };
      }
      expect(alarm).not.toBeNull();
      delays.push(daysBetween(changeAt, alarm!.day));
      const finding = alarm!.report.findings[0]!;
      expect(finding.kind === 'tactic' && finding.tag).toMatch(/upi/);
    }
    delays.sort((a, b) => a - b);
    console.log(`days from the first UPI scams to the alarm: median ${delays[5]}, all within ${delays.at(-1)}`);
    expect(delays[0]).toBeGreaterThanOrEqual(0);
    expect(delays.at(-1)).toBeLessThanOrEqual(28);
  });

  it('over all offices also sees the missed scams beyond the promise, and what changed with them', async () => {
    const cases = await followed({ cases: 3200, seed: 41, from: '2026-10-01', days: 130, changeAt: '2026-11-15' });
    const before = lookAt(cases, '2026-11-14');
    expect(before.kind).not.toBe('alarm');
    const after = lookAt(cases, '2027-02-07');
    console.log(inEnglish(inTurn(monitorSentences(before))));
    console.log(inEnglish(inTurn(monitorSentences(after))));
    expect(after.findings.find((f) => f.kind === 'missed')).toMatchObject({ alarm: true });
    expect(after.findings.filter((f) => f.kind === 'attribute').map((f) => f.name)).toContain('opened_bank_website');
    const share = (part: readonly Followed[]): number => {
      const scams = part.filter((c) => c.truth === 1);
      return scams.filter((c) => c.verdict === 'not_scam').length / scams.length;
    };
    expect(share(cases.filter((c) => c.received < '2026-11-15'))).toBeLessThan(0.05);
    expect(share(cases.filter((c) => c.received > '2026-12-20'))).toBeGreaterThan(0.12);
  });
});
