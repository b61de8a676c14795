import { saying } from '../../../support/saying.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { caseColumns, csvOf } from '../../../../learning/simulate/csv.ts';
import { simulateCases, type SimulatedCase } from '../../../../learning/simulate/index.ts';
import { readBlob } from '../../../../platform/blobs/by-hash.ts';
import { holdOutCases } from '../../../../registry/retraining/hold-out.ts';
import { incidentOf, labelledCases } from '../../../../learning/data/labelled-cases.ts';
import { knownCases } from '../../../../registry/cases/cases.ts';
import { integrate, rebuild } from '../../../../registry/cases/integrate.ts';
import { watchAndKeep, watchedBefore } from '../../../../registry/monitoring/monitor.ts';
import { retrain } from '../../../../registry/retraining/retrain.ts';
import { listRuns } from '../../../../learning/runs/store.ts';
import { runCycle } from '../../../../registry/retraining/run-cycle.ts';
import { replayQuarantine } from '../../../../registry/laptops/quarantine.ts';
import { parseEvidence } from '../../../../shared/releases/evidence.ts';
import type { Json } from '../../../../shared/log/canonical.ts';
import { readCode, someFacts, testLog, type TestLog } from '../../../support/laptop.ts';
import { importText } from '../../../support/import.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { english } from '../../../support/commands.ts';
import { rejectedLines } from '../../../support/in-english.ts';

const open: TestRegistry[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
});

async function start(): Promise<TestRegistry> {
  const registry = await testRegistry();
  open.push(registry);
  return registry;
}

async function joined(registry: TestRegistry): Promise<TestLog> {
  const log = testLog();
  await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite()).secret));
  return log;
}

function scored(id: string, verdict: string): Record<string, Json> {
  const model = { id: '0197a7c0-0000-7000-8000-000000000001', version: 1, sha256: 'ab'.repeat(32) };
  const audit = { stratum: 'scam', probability: 0.05, drawn: false };
  return { case: id, model, schema: { id: 'complaints', version: 1 }, score: 0.9, verdict, outside: [], audit };
}

async function send(registry: TestRegistry, log: TestLog): Promise<void> {
  await registry.client().feedback.push(log.batch(1));
}

function cases(count: number, seed = 3): SimulatedCase[] {
  return [...simulateCases({ cases: count, seed, from: '2026-06-01', days: 90 })];
}

async function importCases(registry: TestRegistry, list: readonly SimulatedCase[]): ReturnType<typeof importText> {
  return importText(registry.context.db, 'history', csvOf(list));
}

describe('reading feedback into cases', () => {
  test('keeps intake facts, first score, latest outcome and later tactics; a rebuild derives the same', async () => {
    const registry = await start();
    const log = await joined(registry);
    const id = log.appendCase();
    log.append('case.scored', scored(id, 'scam'));
    log.append('case.scored', scored(id, 'not_scam'));
    log.append('case.edited', { case: id, facts: { ...someFacts(), tactics: ['upi_payment'] } });
    for (const outcome of ['inconclusive', 'confirmed_scam']) {
      log.append('case.outcome', {
        case: id,
        outcome,
        reason: outcome === 'inconclusive' ? 'other' : null,
        seen: null,
      });
    }
    await send(registry, log);
    expect(await integrate(registry.context.db)).toBe(log.events.length);
    const [known, ...others] = await knownCases(registry.context.db);
    expect(others).toEqual([]);
    expect(known).toMatchObject({
      id,
      source: 'feedback',
      outcome: 'confirmed_scam',
      tactics: ['upi_payment'],
      facts: { tactics: [] },
      scored: { verdict: 'scam' },
    });
    expect(await integrate(registry.context.db)).toBe(0);
    await rebuild(registry.context.db);
    expect(await knownCases(registry.context.db)).toEqual([known]);
  });

  test('an erasure changes no figure: facts, score and outcome stay, as they do on the laptop', async () => {
    const registry = await start();
    const log = await joined(registry);
    const id = log.appendCase();
    log.append('case.scored', scored(id, 'scam'));
    await send(registry, log);
    await integrate(registry.context.db);
    const before = await knownCases(registry.context.db);
    log.append('case.erased', { case: id, events: [log.events[1]!.event.id] });
    await send(registry, log);
    await integrate(registry.context.db);
    expect(await knownCases(registry.context.db)).toEqual(before);
    await rebuild(registry.context.db);
    expect(await knownCases(registry.context.db)).toEqual(before);
  });

  test('an entry nobody can read does not stop the others', async () => {
    const registry = await start();
    const log = await joined(registry);
    log.append('case.outcome', { nonsense: true });
    const kept = log.appendCase();
    await send(registry, log);
    await integrate(registry.context.db);
    expect((await knownCases(registry.context.db)).map((known) => known.id)).toEqual([kept]);
  });

  test('what is released from quarantine is read in its old place: nothing after it is lost or overridden', async () => {
    const registry = await start();
    const { db } = registry.context;
    const log = await joined(registry);
    const id = log.appendCase();
    log.append('case.scored', scored(id, 'scam'));
    for (const outcome of ['genuine_provider', 'confirmed_scam'])
      log.append('case.outcome', { case: id, outcome, reason: null, seen: null });
    await send(registry, log);
    // An older program could read neither the intake (2) nor the first outcome (4).
    await db
      .insertInto('quarantine')
      .values([2, 4].map((seq) => ({ log: log.id, seq, reason: 'unknown', at: '2026-10-05T08:00:00.000Z' })))
      .execute();
    await integrate(db);
    expect(await knownCases(db)).toEqual([]);
    expect(await replayQuarantine(db)).toEqual({ released: 2, kept: 0 });
    expect(await integrate(db)).toBe(log.events.length);
    const derived = await knownCases(db);
    expect(derived).toMatchObject([{ id, scored: { verdict: 'scam' }, outcome: 'confirmed_scam' }]);
    expect(await integrate(db)).toBe(0);
    await rebuild(db);
    expect(await knownCases(db)).toEqual(derived);
  });
});

describe('importing a data set', () => {
  test('takes the same file in once and names every row it leaves out', async () => {
    const registry = await start();
    const list = cases(40);
    await importCases(registry, list);
    expect(await importCases(registry, list)).toMatchObject({ imported: 40, rejected: { total: 0 } });
    expect(await knownCases(registry.context.db)).toHaveLength(40);
    const text =
      'received,y,asked_remote_access,shoe_size\n2026-06-01,1,yes,43\n2026-06-01,2,yes,43\nsoon,1,yes,43\n2026-06-02,0,perhaps,43\n' +
      '2026-06-02,0,no,43\n2026-06-02,0,no,43\n2026-06-03,0\n2026-06-03,1,yes,43\n2026-06-03,,yes,43\n';
    const result = await importText(registry.context.db, 'odd', [text]);
    expect(result).toMatchObject({ imported: 4, unlabelled: 1, unmapped: ['shoe_size'] });
    expect(rejectedLines(result.rejected.first).map(([line, why]) => [line, why.split(' ')[0]])).toEqual([
      [3, 'y'],
      [4, 'received'],
      [5, 'asked_remote_access'],
      [8, 'it'],
    ]);
  });

  test('reads dates and labels as training does, and refuses a file of which nothing can be taken in', async () => {
    const registry = await start();
    const take = (text: string) => importText(registry.context.db, 'it', [text]);
    const good = 'received,y,asked_remote_access\n2026/6/1,yes,yes\n20260602,0.0,no\n2026-06-03T10:00:00Z,1,no\n';
    expect(await take(good)).toMatchObject({ imported: 3, rejected: { total: 0 } });
    const known = (await knownCases(registry.context.db)).map(({ received, outcome }) => `${received} ${outcome}`);
    expect(known.toSorted()).toEqual([
      '2026-06-01 confirmed_scam',
      '2026-06-02 genuine_provider',
      '2026-06-03 confirmed_scam',
    ]);
    await expect(take('received,y,asked_remote_access\nsoon,1,yes\nlater,0,yes\n')).rejects.toMatchObject({
      code: 'BAD_CSV',
      message: expect.stringContaining('no labelled rows that can be used. Most often (2 rows): received is no date'),
    });
    await expect(take('received,y,asked_remote_access,y\n2026-06-01,1,yes,0\n')).rejects.toMatchObject({
      code: 'BAD_CSV',
      message: expect.stringContaining('has two columns named y'),
    });
    await expect(take('when,y\n2026-06-01,1\n')).rejects.toMatchObject({
      code: 'BAD_CSV',
      message: 'it has no column received; it has when, y.',
    });
    expect(await knownCases(registry.context.db)).toHaveLength(3);
  });

  test('reads all spellings of labels, dates with the day first and other separators, and leaves open cases out', async () => {
    const registry = await start();
    const text = [
      'received;y;asked_remote_access',
      '13/06/2026;confirmed_scam;yes',
      '14/06/2026;1.0;yes',
      '15/06/2026;genuine_provider;no',
      '16/06/2026;;no',
      '17/06/2026;inconclusive;no\n',
    ];
    const { notes, ...result } = await importText(registry.context.db, 'spelt', [text.join('\n')]);
    expect(result).toEqual({
      imported: 3,
      added: 3,
      afterToday: { rows: 0, latest: null },
      rejected: { total: 0, first: [], reasons: [] },
      unlabelled: 2,
      unmapped: [],
      simulated: 0,
    });
    expect(notes.map((one) => english.say(one)).join(' ')).toContain('day/month/year');
    const known = (await knownCases(registry.context.db)).map(({ received, outcome }) => `${received} ${outcome}`);
    expect(known).toEqual(['2026-06-13 confirmed_scam', '2026-06-14 confirmed_scam', '2026-06-15 genuine_provider']);
  });

  test('incidents and scammers of one file are not those of another that gives them the same names', async () => {
    const registry = await start();
    const { db } = registry.context;
    const lists = [cases(50, 3), cases(50, 4)];
    const columns = [...caseColumns, 'incident', 'scammer'];
    const take = (i: number) => importText(db, `${i}.csv`, csvOf(lists[i]!, columns));
    for (const i of lists.keys()) await take(i);
    const known = await knownCases(db);
    expect(known).toHaveLength(100);
    for (const by of ['incident', 'scammer'] as const) {
      const names = (list: readonly { incident: string; scammer: string | null }[]) =>
        new Set(list.flatMap((one) => one[by] ?? [])).size;
      expect(names(lists[0]!)).toBeGreaterThan(5);
      expect(new Set(known.flatMap((one) => one[by] ?? [])).size).toBe(names(lists[0]!) + names(lists[1]!));
    }
    // The same file again finds the same incidents.
    await take(0);
    expect(await knownCases(db)).toEqual(known);
  });

  test('a file that is no table is refused as a whole', async () => {
    const registry = await start();
    const ragged = importText(registry.context.db, 'bad', [
      'received,y,asked_remote_access\n2026-06-01,1\n2026-06-01\n',
    ]);
    await expect(ragged).rejects.toMatchObject({
      code: 'BAD_CSV',
      message: expect.stringContaining('cells where the header has 3'),
    });
    const picture = importText(registry.context.db, 'picture.png', ['received,y\n\u0089PNG "\u0000\u0001",1\n']);
    await expect(picture).rejects.toMatchObject({
      code: 'BAD_CSV',
      message: expect.stringContaining(
        'picture.png is no well-formed CSV file: line 2: a quote stands in the middle of a cell, or it is no CSV at all.',
      ),
    });
    expect(await knownCases(registry.context.db)).toEqual([]);
  });
});

describe('training at the centre', () => {
  const request = { tactics: [], since: null, seed: 1, codeVersion: 'test', simulated: true, by: 'a test' };

  test('a first model is chosen by earlier cases, judged once on later ones, recorded as runs and proposed', async () => {
    const registry = await start();
    await importCases(registry, cases(1500));
    const { tuningTrials: trials, search, candidate, proposed, cut } = await retrain(registry.context, request);
    expect(trials.map(({ recipe }) => [recipe.trainer, recipe.halfLife])).toEqual(
      ['logistic', 'boosting'].flatMap((trainer) => [null, 30, 14].map((halfLife) => [trainer, halfLife])),
    );
    expect(proposed).toMatchObject({
      champion: null,
      run: candidate.run,
      gates: [{ name: 'Missed scams', result: 'holds' }, { result: 'holds' }, { result: 'holds' }],
      heldOut: { from: cut, judgedBefore: 0, casesReused: 0 },
    });
    const runs = await listRuns(registry.context.db);
    expect(runs.map((run) => run.kind).toSorted()).toEqual(['retraining', 'search', ...Array(6).fill('trial')]);
    expect(runs.every((run) => run.params['cut'] === cut && run.seed === 1)).toBe(true);
    const [made, ...tried] = [candidate.run, ...trials.map((one) => one.run)].map((id) =>
      runs.find((r) => r.id === id)!,
    );
    expect([made!, ...tried].map((run) => run.parent)).toEqual(Array(7).fill(search));
    // What the recipes were compared on is no case the candidate was judged on, and every trial says which it is.
    expect(new Set(tried.map((run) => run.judgedOn))).toEqual(new Set([tried[0]!.judgedOn]));
    expect(tried[0]!.judgedOn).not.toBe(made!.judgedOn);
    expect(tried.every((run) => run.metrics['basis'] === 'inner_validation')).toBe(true);
    expect(tried.every((run) => run.figures['log_loss'] !== undefined && run.figures['missed'] === undefined)).toBe(
      true,
    );
    const [proposal] = await registry.client(registry.tokens.viewer).admin.proposals({});
    expect(proposal).toMatchObject({
      state: 'open',
      signatures: [],
      threshold: 2,
      manifest: { model: { version: 1, simulated: true } },
    });
    expect(proposal!.manifest.training.cut).toBe(cut);
  });

  test('what an approver computes the gates from keeps cases of one incident or scammer together', async () => {
    const registry = await start();
    const { db } = registry.context;
    const columns = [...caseColumns, 'incident', 'scammer'];
    await importText(db, 'history', csvOf(cases(1500), columns));
    const { candidate, cut } = await retrain(registry.context, { ...request, budget: 1 });
    const [proposal] = await registry.client(registry.tokens.viewer).admin.proposals({});
    const { rows } = parseEvidence(
      Buffer.from(await readBlob(registry.context.blobs, proposal!.report.evidence)).toString(),
    );
    const heldOut = holdOutCases(labelledCases(await knownCases(db)), cut);
    expect(rows.map((row) => row.incident)).toEqual(heldOut.map((one) => one.group));
    const groups = new Set(rows.map((row) => row.incident)).size;
    expect(groups).toBeLessThan(new Set(heldOut.map(incidentOf)).size);
    expect(candidate.gates.find((gate) => gate.name === 'Left unclear')!.n).toBe(groups);
  });

  test('of two that begin together one trains, and the other says why it does not', async () => {
    const registry = await start();
    await importCases(registry, cases(1500));
    const begun = ['Ada', 'Zoe'].map((by) => retrain(registry.context, { ...request, budget: 1, by }));
    const ended = await Promise.allSettled(begun);
    expect(ended.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(ended.find((one) => one.status === 'rejected')!.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^There is a retraining under way already \((Ada|Zoe), since /),
    });
    const proposals = await registry.client(registry.tokens.viewer).admin.proposals({});
    expect(proposals.map((one) => one.manifest.model.version)).toEqual([1]);
    const kinds = (await listRuns(registry.context.db)).map((run) => run.kind);
    expect(kinds.toSorted()).toEqual(['retraining', 'search', 'trial']);
  });

  test('the same cases and seed give the same bytes', async () => {
    const hashes: string[] = [];
    for (const order of [1, -1]) {
      const registry = await start();
      await importCases(
        registry,
        cases(1500).toSorted((a, b) => order * (a.reference < b.reference ? -1 : 1)),
      );
      const { candidate, tuningTrials: trials } = await retrain(registry.context, request);
      hashes.push([candidate.result.manifest.model.sha256, ...trials.map((t) => t.validation.logLoss)].join());
    }
    expect(hashes[0]).toBe(hashes[1]);
  }, 180_000);

  test('says that it cannot tell with too few cases, and makes no run', async () => {
    const registry = await start();
    await importCases(registry, cases(60));
    await expect(retrain(registry.context, request)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/^Cannot tell yet/),
    });
    expect(await listRuns(registry.context.db)).toEqual([]);
  });

  test('a tactic that is hardly ever recorded is not learnt from', async () => {
    const registry = await start();
    await importCases(registry, cases(1500));
    const rare = retrain(registry.context, { ...request, tactics: ['late_technician', 'rude_caller'] });
    await expect(rare).rejects.toMatchObject({ message: expect.stringMatching(/needs 30 labelled cases/) });
  });

  test('stops when it is asked to', async () => {
    const registry = await start();
    await importCases(registry, cases(1500));
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    await expect(retrain(registry.context, { ...request, signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const runs = await listRuns(registry.context.db);
    expect(runs.map(({ kind, status }) => `${kind} ${status}`).toSorted()).toEqual([
      'search cancelled',
      'trial cancelled',
    ]);
  });
});

describe('a turn of the loop', () => {
  const options = { seed: 1, codeVersion: 'test', simulated: true };

  test('without a released model it reads the feedback and says what is missing', async () => {
    const registry = await start();
    const log = await joined(registry);
    log.appendCase();
    await send(registry, log);
    const turn = await runCycle(registry.context, options);
    expect(turn).toMatchObject({
      integrated: 2,
      watched: null,
      retrained: null,
      waiting: saying(/No model/),
    });
    await expect(watchAndKeep(registry.context)).rejects.toMatchObject({ code: 'NO_MODEL' });
    expect(await watchedBefore(registry.context.db, 5)).toEqual([]);
  });
});
