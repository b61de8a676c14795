import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTraced, tracedPlace, whyNotTraceable, type Trace, type TracedPlace } from '../../support/traced.ts';

// What our programs and everything they load write, start and contact, seen from outside: by system calls, in an empty
// home. A library that keeps an identifier of the machine or wants to send something shows up here.

const reason = whyNotTraceable();

/** Places every program may write to: what it was asked to, its temporary files, and devices. */
function foreign(trace: Trace, place: TracedPlace): string[] {
  const ours = [place.work, place.temporary, '/dev/'];
  const absolute = trace.written.filter((path) => path.startsWith('/'));
  return absolute.filter((path) => !ours.some((folder) => path.startsWith(folder)));
}

function expectQuiet(trace: Trace, place: TracedPlace): void {
  expect(foreign(trace, place)).toEqual([]);
  expect(trace.contacted).toEqual([]);
  expect(trace.started.filter((program) => program !== process.execPath)).toEqual([]);
  expect(trace.left).toEqual([]);
}

describe('programs in an empty home', () => {
  let place: TracedPlace;
  beforeEach(({ skip }) => {
    if (reason !== null) skip(reason);
    place = tracedPlace();
  });
  afterEach(() => {
    if (reason === null) place.remove();
  });

  const run = (args: readonly string[], options?: Parameters<typeof runTraced>[2]): Promise<Trace> =>
    runTraced(place, args, options);
  const at = (name: string): string => join(place.work, name);

  async function simulated(cases: number): Promise<string> {
    const file = at('cases.csv');
    const trace = await run(['learning/cli.ts', 'simulate', '--cases', String(cases), '--seed', '7', '--out', file]);
    expect(trace.code, trace.out).toBe(0);
    expectQuiet(trace, place);
    return file;
  }

  test('a trace sees a library that keeps an identifier and calls somebody', async () => {
    const program = at('spy.mjs');
    const home = join(place.home, 'deviceid');
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs'; import { connect } from 'node:net';
       writeFileSync(${JSON.stringify(home)}, 'x');
       connect({ host: '198.51.100.7', port: 443 }).on('error', () => process.exit(0)); setTimeout(() => process.exit(0), 300);`,
    );
    const trace = await run([program]);
    expect(foreign(trace, place)).toEqual([home]);
    expect(trace.contacted).toEqual(['198.51.100.7:443']);
    expect(trace.left).toEqual([home]);
  });

  test('scoring a file writes nothing but the result and speaks to nobody', async () => {
    const cases = await simulated(200);
    const trace = await run(['electron/cli.ts', 'score', cases, '--out', at('scored.csv')]);
    expect(trace.code, trace.out).toBe(0);
    expect(readFileSync(at('scored.csv'), 'utf8').trim().split('\n')).toHaveLength(201);
    expectQuiet(trace, place);
  });

  test('training, judging and importing write nothing but the results and speak to nobody', async () => {
    const cases = await simulated(600);
    const kept = ['--runs', at('runs')];
    const trained = await run(['learning/cli.ts', 'train', '--data', cases, '--label', 'y', '--out', at('m'), ...kept]);
    expect(trained.code, trained.out).toBe(0);
    expectQuiet(trained, place);
    const files = ['--model', at('m/model.onnx'), '--manifest', at('m/manifest.json')];
    const judged = await run(['learning/cli.ts', 'evaluate', '--data', cases, ...files, ...kept]);
    expect(judged.code, judged.out).toBe(0);
    expectQuiet(judged, place);
    const importing = ['import-model', '--model', at('m/model.onnx'), '--data', cases, '--out', at('theirs')];
    const imported = await run(['learning/cli.ts', ...importing]);
    expect(imported.out).not.toContain('Error');
    expectQuiet(imported, place);
  });

  test('a registry that takes in cases, retrains and serves speaks to nobody', async () => {
    const cases = await simulated(600);
    writeFileSync(at('pass.txt'), 'a long passphrase\n');
    const folder = ['--folder', at('centre')];
    const steps = [
      ['init', ...folder, '--keys', at('keys'), '--passphrase-file', at('pass.txt')],
      ['dataset', 'import', cases, ...folder],
      ['retrain', ...folder],
    ];
    for (const step of steps) {
      const trace = await run(['registry/cli.ts', ...step]);
      expect(trace.code, trace.out).toBe(0);
      expectQuiet(trace, place);
    }
    const served = await run(['registry/cli.ts', 'serve', ...folder, '--port', '0'], { endWhen: /listening|http:/i });
    expect(served.out).toMatch(/http:/);
    expectQuiet(served, place);
  });

  test('the window’s host and its backend, with cases being scored, speak to nobody', async () => {
    const options = { endWhen: /OUTPOST_READY/, meanwhile: () => new Promise<void>((done) => setTimeout(done, 3_000)) };
    const trace = await run(['electron/serve.ts', '--demo', '--keep'], options);
    expect(trace.out).toContain('OUTPOST_READY');
    expectQuiet(trace, place);
  });
});
