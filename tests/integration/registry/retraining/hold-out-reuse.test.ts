import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KnownCase } from '../../../../learning/data/known-case.ts';
import { labelledCases, type LabelledCase } from '../../../../learning/data/labelled-cases.ts';
import { heldOutOf, heldOutFile } from '../../../../registry/retraining/hold-out-reuse.ts';
import { recordRun, type RunStart } from '../../../../learning/runs/record.ts';
import { artefactNames } from '../../../../learning/runs/run.ts';
import { listRuns } from '../../../../learning/runs/store.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry({ start: '2026-10-05T08:00:00.000Z' });
});
afterEach(() => registry.close());

/** Cases received from the first of September on, one a day, whose outcome came a day later by their laptop's clock. */
function held(count: number, outcomeAt?: string): LabelledCase[] {
  const cases = Array.from({ length: count }, (_, i): KnownCase => {
    const day = (n: number): string => `2026-09-${String(n).padStart(2, '0')}`;
    return {
      id: `0197a7c0-0000-7000-8000-${String(i).padStart(12, '0')}`,
      source: 'dataset',
      office: 'north',
      received: day(i + 1),
      incident: null,
      scammer: null,
      urgent: false,
      facts: { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: [] },
      tactics: [],
      scored: null,
      outcome: 'confirmed_scam',
      outcomeAt: outcomeAt ?? `${day(i + 2)}T10:00:00.000Z`,
    };
  });
  return labelledCases(cases);
}

const start: RunStart = {
  kind: 'retraining',
  trainer: 'logistic',
  params: { cut: '2026-09-01' },
  seed: 1,
  dataset: 'ab'.repeat(32),
  codeVersion: 'test',
  simulated: true,
};

/** A run that judges on cases, and then ends well or not. */
async function judges(holdOut: readonly LabelledCase[], why?: string): Promise<void> {
  const run = recordRun(registry.context, start, async ({ keepNow }) => {
    await keepNow(artefactNames.heldOut, heldOutFile(holdOut));
    if (why !== undefined) throw new Error(why);
    return { outcome: {}, value: null };
  });
  await run.catch(() => undefined);
}

const used = async (holdOut: readonly LabelledCase[], own = 'none') => {
  const heldOut = await heldOutOf(registry.context, holdOut, own);
  return [heldOut!.judgedBefore, heldOut!.casesReused];
};

test('a use counts by the cases a run kept, also when outcomes are corrected later and by clocks that run ahead', async () => {
  await judges(held(10));
  expect(await used(held(20))).toEqual([1, 10]);
  expect(await used(held(20, '2027-01-01T00:00:00.000Z'))).toEqual([1, 10]);
  expect(await used(held(20).slice(10))).toEqual([0, 0]);
  await judges(held(15));
  expect(await used(held(20))).toEqual([2, 15]);
});

test('a run that judged and failed afterwards counts; one that failed before judging, and the run itself, do not', async () => {
  await judges(held(10), 'the disk is full');
  await recordRun(registry.context, start, () => Promise.reject(new Error('no memory'))).catch(() => undefined);
  const runs = await listRuns(registry.context.db);
  expect(runs.map(({ status }) => status)).toEqual(['failed', 'failed']);
  expect(await used(held(20))).toEqual([1, 10]);
  const own = runs.find((run) => run.artefacts[artefactNames.heldOut] !== undefined)!;
  expect(await used(held(20), own.id)).toEqual([0, 0]);
});

test('runs that kept no cases are reckoned by their cut and time, as is one whose file is gone', async () => {
  await recordRun(registry.context, start, async () => ({ outcome: {}, value: null }));
  expect(await used(held(20))).toEqual([1, 20]);
  expect(await used(held(20, '2027-01-01T00:00:00.000Z'))).toEqual([0, 0]);
  await judges(held(3));
  rmSync(join(registry.folder, 'files'), { recursive: true });
  expect(await used(held(20))).toEqual([2, 20]);
});

test('what is kept names no case', async () => {
  const holdOut = held(3);
  const text = heldOutFile(holdOut);
  for (const { known } of holdOut) expect(text).not.toContain(known.id);
  expect(heldOutFile(holdOut.toReversed())).toBe(text);
});
