import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createInference } from '../../../../../electron/backend/inference/supervisor.ts';
import { spawnNodeInference } from '../../../../../electron/backend/inference/spawn-node.ts';
import type { InferenceLimits } from '../../../../../electron/backend/inference/limits.ts';
import type { ChildHandle } from '../../../../../electron/backend/inference/child-handle.ts';
import type { Inference } from '../../../../../electron/backend/inference/inference.ts';
import type { Clock } from '../../../../../platform/environment.ts';
import type { EncodedRow } from '../../../../../shared/encoding/encode.ts';
import { boundColumns, fromStored, packRows } from '../../../../../shared/encoding/pack.ts';
import { writeModel } from '../../../../../learning/onnx/write.ts';
import { treeModelBytes } from '../../../../support/tree-model.ts';
import { toyModel, toyRows, toyScore, toyWeights } from '../../../../support/models.ts';

const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => Date.now(),
  zone: () => 'UTC',
  setTimeout: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
const logger = pino({ level: 'silent' });
const open: Inference[] = [];
const children: ChildHandle[] = [];

function start(limits: Partial<InferenceLimits> = {}): Inference {
  const spawn = spawnNodeInference();
  const inference = createInference({
    clock,
    logger,
    limits,
    spawn: () => {
      const child = spawn();
      children.push(child);
      return child;
    },
  });
  open.push(inference);
  return inference;
}

afterEach(async () => {
  for (const inference of open.splice(0)) await inference.close();
  children.splice(0);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const model = toyModel();
const { sha256 } = model.manifest.model;
const rows: EncodedRow[] = toyRows.map((row) => fromStored(model.manifest.binding, row));

describe('the inference process', () => {
  it('scores rows as the model computes them, missing and unseen values included', async () => {
    const inference = start({ batchRows: 3 });
    await inference.load(model);
    const unseen = { ...rows[0]!, channel: 'letter' };
    const scores = await inference.score(sha256, [...rows, unseen]);
    const expected = [...toyRows, { ...toyRows[0]!, channel: 'letter' }].map((row) => toyScore(row));
    expect(scores).toHaveLength(5);
    scores.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i]!, 6));
  });

  it('scores a packed batch as its rows, and again without each column', async () => {
    const inference = start();
    await inference.load(model);
    const { binding } = model.manifest;
    const batch = { rows: rows.length, inputs: packRows(binding, rows) };
    const scoresOf = async (list: EncodedRow[]) => (await inference.score(sha256, list)).map(({ score }) => score);
    const { scores, without } = await inference.scorePacked(sha256, batch, true);
    expect([...scores]).toEqual(await scoresOf(rows));
    expect(without).toHaveLength(boundColumns(binding).length);
    for (const [k, name] of boundColumns(binding).entries()) {
      const unknown = typeof rows[0]![name] === 'string' ? '' : NaN;
      expect([...without[k]!]).toEqual(await scoresOf(rows.map((row) => ({ ...row, [name]: unknown }))));
    }
    expect((await inference.scorePacked(sha256, batch, false)).without).toEqual([]);
  });

  it('starts a killed child again with its models and answers the next call', async () => {
    const inference = start();
    await inference.load(model);
    children[0]!.kill();
    await new Promise((resolve) => children[0]!.onExit(resolve));
    await expect(inference.score(sha256, rows)).resolves.toHaveLength(rows.length);
    expect(children).toHaveLength(2);
  });

  it('rejects what waits for a child that dies and keeps working afterwards', async () => {
    const inference = start();
    await inference.load(model);
    const many = Array.from({ length: 40_000 }, () => rows[0]!);
    const waiting = inference.score(sha256, many);
    children[0]!.kill();
    await expect(waiting).rejects.toMatchObject({
      code: 'MODEL_FAILED',
      message: expect.stringContaining('case is kept'),
    });
    await expect(inference.score(sha256, rows)).resolves.toHaveLength(rows.length);
  });

  it('kills a child that takes too much memory', async () => {
    const inference = start({ memoryBytes: 1024 * 1024, pollMs: 1 });
    await expect(inference.load(model)).rejects.toMatchObject({
      code: 'MODEL_FAILED',
      message: expect.stringContaining('memory'),
    });
  });

  it('refuses a model whose scores differ from the golden rows, whose bytes differ, or whose manifest does not fit', async () => {
    const inference = start();
    const wrong = toyModel({ manifest: { golden: [{ row: toyRows[0]!, score: toyScore(toyRows[0]!) + 1e-4 }] } });
    await expect(inference.load(wrong)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('test row 1'),
    });
    await expect(inference.score(sha256, rows)).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    const bytes = Uint8Array.from(model.bytes);
    bytes[200]! ^= 1;
    await expect(inference.load({ ...model, bytes })).rejects.toMatchObject({ code: 'BAD_MODEL' });
    const other = toyModel({ manifest: { output: { name: 'nothing', column: 0 } } });
    await expect(inference.load(other)).rejects.toMatchObject({ code: 'BAD_MANIFEST', data: { field: 'output.name' } });
  });

  it('serves three models in turn although only two stay loaded', async () => {
    const inference = start();
    const models = [0, 1, 2].map((i) => toyModel({ weights: { ...toyWeights, intercept: -i } }));
    for (const one of models) await inference.load(one);
    for (const [i, one] of [...models, ...models].entries()) {
      const [first] = await inference.score(one.manifest.model.sha256, rows);
      expect(first!.score).toBeCloseTo(toyScore(toyRows[0]!, { ...toyWeights, intercept: -(i % 3) }), 6);
    }
    expect(children).toHaveLength(1);
  });

  it('lets running calls finish on closing, and refuses later ones', async () => {
    const inference = start();
    await inference.load(model);
    const running = inference.score(sha256, rows);
    await inference.close();
    await expect(running).resolves.toHaveLength(rows.length);
    await expect(inference.score(sha256, rows)).rejects.toMatchObject({ code: 'MODEL_FAILED' });
  });

  it('takes all columns as one matrix and the probability from the second column of the output', async () => {
    const bytes = writeModel({
      name: 'matrix',
      producer: 'tests',
      inputs: [{ name: 'X', type: 'float', width: 2 }],
      outputs: [{ name: 'probabilities', type: 'float', width: 2 }],
      nodes: [
        { op: 'Cast', inputs: ['X'], output: 'wide', attributes: { to: 11 } },
        { op: 'Gemm', inputs: ['wide', 'weights', 'intercept'], output: 'logits' },
        { op: 'Sigmoid', inputs: ['logits'], output: 'both' },
        { op: 'Cast', inputs: ['both'], output: 'probabilities', attributes: { to: 1 } },
      ],
      constants: [
        { name: 'weights', dims: [2, 2], values: [-1, 1, -2, 2] },
        { name: 'intercept', dims: [2], values: [0.5, -0.5] },
      ],
    });
    const score = (asked: number, minutes: number) => 1 / (1 + Math.exp(0.5 - asked - 2 * minutes));
    const matrix = toyModel({
      bytes,
      manifest: {
        binding: { layout: 'matrix', input: 'X', columns: ['asked', 'minutes'] },
        output: { name: 'probabilities', column: 1 },
        background: [{ asked: 0, minutes: 0 }],
        golden: [{ row: { asked: 1, minutes: 0.25 }, score: score(1, 0.25) }],
      },
    });
    const inference = start();
    await inference.load(matrix);
    const hash = matrix.manifest.model.sha256;
    const [first, second] = await inference.score(hash, [
      { asked: 0, minutes: 1 },
      { asked: 1, minutes: 0 },
    ]);
    expect(first!.score).toBeCloseTo(score(0, 1), 6);
    expect(second!.score).toBeCloseTo(score(1, 0), 6);
    // The graph imputes nothing: a missing value must not become a score.
    await expect(inference.score(hash, [{ asked: NaN, minutes: 1 }])).rejects.toMatchObject({ code: 'MODEL_FAILED' });
  });

  it('runs a tree classifier as converters of other tools write it', async () => {
    const tree = toyModel({
      bytes: treeModelBytes(),
      manifest: {
        binding: { layout: 'matrix', input: 'X', columns: ['asked', 'minutes'] },
        output: { name: 'probabilities', column: 1 },
        background: [
          { asked: 0, minutes: 5 },
          { asked: 0, minutes: 30 },
        ],
        golden: [
          { row: { asked: 1, minutes: null }, score: 0.9 },
          { row: { asked: null, minutes: 30 }, score: 0.6 },
        ],
      },
    });
    const inference = start();
    await inference.load(tree);
    const hash = tree.manifest.model.sha256;
    const [low] = await inference.score(hash, [{ asked: 0, minutes: NaN }]);
    expect(low!.score).toBeCloseTo(0.1, 6);
    const { base, score, contributions, changes } = await inference.explain(hash, { asked: 1, minutes: 5 });
    expect(base).toBeCloseTo(0.35, 6);
    expect(score).toBeCloseTo(0.9, 6);
    // Over both background rows: minutes matters only where asked has not decided yet.
    expect(contributions.map((c) => c.attribute)).toEqual(['asked', 'minutes']);
    expect(contributions[0]!.value).toBeCloseTo(0.675, 2);
    expect(contributions[1]!.value).toBeCloseTo(-0.125, 2);
    expect(changes).toMatchObject([{ attribute: 'asked', value: 0 }]);
  });

  it('explains a score from the mean of the background, in parts that add up, the same way each time', async () => {
    const inference = start();
    await inference.load(model);
    const result = await inference.explain(sha256, rows[0]!);
    const base = toyRows.reduce((sum, row) => sum + toyScore(row), 0) / toyRows.length;
    expect(result.base).toBeCloseTo(base, 6);
    expect(result.score).toBeCloseTo(toyScore(toyRows[0]!), 6);
    const sum = result.contributions.reduce((total, c) => total + c.value, result.base);
    expect(Math.abs(sum - result.score)).toBeLessThan(1e-6);
    expect(result.contributions.map((c) => c.attribute).toSorted()).toEqual([
      'asked',
      'channel',
      'contract',
      'minutes',
    ]);
    expect(result.changes[0]).toMatchObject({ attribute: 'asked', value: 0 });
    expect(await inference.explain(sha256, rows[0]!)).toEqual(result);
  });

  it('ends when its parent is killed', async () => {
    const program = fileURLToPath(new URL('../../../../support/inference-parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});
