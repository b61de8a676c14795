import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { requestSchema, type Reply, type Request } from '../../../../../electron/backend/inference/messages.ts';
import { fromStored } from '../../../../../shared/encoding/pack.ts';
import { createInference } from '../../../../../electron/backend/inference/supervisor.ts';
import type { ChildHandle } from '../../../../../electron/backend/inference/child-handle.ts';
import type { Inference } from '../../../../../electron/backend/inference/inference.ts';
import { testClock, type TestClock } from '../../../../support/backend.ts';
import { toyModel, toyRows, toyScore } from '../../../../support/models.ts';

type Answer = (request: Request) => Reply | { nonsense: true } | null;

interface FakeChild extends ChildHandle {
  readonly requests: Request[];
  readonly killed: boolean;
  exit(code: number): void;
}

/** A child that answers requests as it is asked to, or not at all. */
function fakeChild(answer: Answer): FakeChild {
  const onMessage: ((message: unknown) => void)[] = [];
  const onExit: ((code: number | null) => void)[] = [];
  const requests: Request[] = [];
  let killed = false;
  const exit = (code: number): void => onExit.forEach((listener) => listener(code));
  return {
    pid: undefined,
    requests,
    get killed() {
      return killed;
    },
    send(message) {
      const request = requestSchema.parse(message);
      requests.push(request);
      const reply = answer(request);
      if (reply !== null) queueMicrotask(() => onMessage.forEach((listener) => listener(reply)));
    },
    onMessage: (listener) => void onMessage.push(listener),
    onExit: (listener) => void onExit.push(listener),
    kill() {
      killed = true;
      exit(137);
    },
    exit,
  };
}

const model = toyModel();
const { sha256 } = model.manifest.model;
const row = fromStored(model.manifest.binding, toyRows[0]!);
const golden = Float64Array.from(toyRows, (r) => toyScore(r));

const wellBehaved: Answer = (request) => ({
  kind: 'done',
  id: request.id,
  scores: request.kind === 'run' ? golden.slice(0, request.rows) : null,
});

function setUp(answers: readonly Answer[]): { inference: Inference; clock: TestClock; children: FakeChild[] } {
  const children: FakeChild[] = [];
  const clock = testClock();
  const inference = createInference({
    clock,
    logger: pino({ level: 'silent' }),
    limits: { runMs: 5_000 },
    spawn: () => {
      const child = fakeChild(answers[children.length] ?? wellBehaved);
      children.push(child);
      return child;
    },
  });
  return { inference, clock, children };
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));

describe('the supervisor', () => {
  it('kills a child that takes too long, says the case is kept, and loads the model in the next one', async () => {
    let silent = false;
    const { inference, clock, children } = setUp([
      (request) => (silent && request.kind === 'run' ? null : wellBehaved(request)),
    ]);
    await inference.load(model);
    silent = true;
    const waiting = inference.score(sha256, [row]);
    await turn();
    clock.advance(4_999);
    expect(children[0]!.killed).toBe(false);
    clock.advance(1);
    await expect(waiting).rejects.toMatchObject({
      code: 'MODEL_FAILED',
      message: expect.stringMatching(/longer than 5 seconds.*case is kept/),
    });
    expect(children[0]!.killed).toBe(true);
    await expect(inference.score(sha256, [row])).resolves.toHaveLength(1);
    expect(children[1]!.requests.map((r) => r.kind)).toEqual(['load', 'run']);
  });

  it('kills a child that answers with something unknown', async () => {
    const { inference, children } = setUp([() => ({ nonsense: true })]);
    await expect(inference.load(model)).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    expect(children[0]!.killed).toBe(true);
  });

  it('rejects when the child ends by itself, and starts another one only when asked', async () => {
    const { inference, children } = setUp([() => null]);
    const loading = inference.load(model);
    await turn();
    children[0]!.exit(1);
    await expect(loading).rejects.toMatchObject({ code: 'MODEL_FAILED', message: expect.stringContaining('ended') });
    expect(children).toHaveLength(1);
    await inference.load(model);
    expect(children).toHaveLength(2);
  });

  it('ignores an answer to an earlier request', async () => {
    const late: Answer = (request) => ({
      kind: 'done',
      id: request.kind === 'run' ? request.id - 1 : request.id,
      scores: null,
    });
    const { inference, clock } = setUp([late]);
    const loading = inference.load(model);
    await turn();
    clock.advance(5_000);
    await expect(loading).rejects.toMatchObject({ code: 'MODEL_FAILED' });
  });

  it('refuses a model before any child is started when its bytes are not those of its manifest', async () => {
    const { inference, children } = setUp([]);
    await expect(inference.load({ ...model, bytes: model.bytes.slice(1) })).rejects.toMatchObject({
      code: 'BAD_MODEL',
    });
    expect(children).toHaveLength(0);
  });

  it('keeps two manifests for the same bytes apart', async () => {
    const other = toyModel({ manifest: { thresholds: { notScamBelow: 0.1, scamFrom: 0.2 } } });
    const { inference, children } = setUp([]);
    await inference.load(model);
    await inference.load(other);
    await inference.load(model);
    const keys = children[0]!.requests.filter((r) => r.kind === 'load').map((r) => r.key);
    expect(keys).toEqual([model.manifestSha256, other.manifestSha256]);
  });

  it('lets a single case pass between the batches of a long list', async () => {
    const order: number[] = [];
    const { inference } = setUp([
      (request) => {
        if (request.kind === 'run') order.push(request.rows);
        return {
          kind: 'done',
          id: request.id,
          scores: request.kind === 'run' ? (request.rows === 4 ? golden : new Float64Array(request.rows)) : null,
        };
      },
    ]);
    await inference.load(model);
    const long = inference.score(
      sha256,
      Array.from({ length: 5_000 }, () => row),
    );
    const single = inference.score(sha256, [row]);
    await Promise.all([long, single]);
    expect(order.slice(1)).toEqual([2048, 1, 2048, 904]);
  });
});
