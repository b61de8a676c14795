import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openPort } from '../../../../../electron/backend/inference/port.ts';
import { serve } from '../../../../../electron/backend/inference/serve.ts';
import type { Sessions } from '../../../../../electron/backend/inference/sessions.ts';
import { sentence } from '../../../../../shared/language/sentence.ts';

/** Both kinds of port of an Electron utility process, as far as they are used. */
class FakePort extends EventEmitter {
  readonly sent: unknown[] = [];
  started = false;
  postMessage(message: unknown): void {
    this.sent.push(message);
  }
  start(): void {
    this.started = true;
  }
}

const sessions: Sessions = {
  load: () => Promise.resolve(),
  unload: () => Promise.resolve(),
  run: ({ rows }) => Promise.resolve(new Float64Array(rows).fill(0.5)),
};
const key = 'a'.repeat(64);
const turn = () => new Promise((resolve) => void setImmediate(resolve));

describe('the line of an inference process', () => {
  it('goes over the port handed in with the first message', async () => {
    const [parent, line] = [new FakePort(), new FakePort()];
    const exits: number[] = [];
    serve(openPort({ parentPort: parent }), sessions, (code) => exits.push(code));
    parent.emit('message', { data: { kind: 'line' }, ports: [line] });
    expect(line.started).toBe(true);
    line.emit('message', {
      data: { kind: 'run', id: 7, key, rows: 2, inputs: [{ name: 'x', width: 1, data: new Float32Array(2) }] },
      ports: [],
    });
    await turn();
    expect(line.sent).toEqual([{ kind: 'done', id: 7, scores: Float64Array.of(0.5, 0.5) }]);
    expect(parent.sent).toEqual([]);
    line.emit('close');
    expect(exits).toEqual([0]);
  });

  it('stays with the parent when there is no other port', async () => {
    const parent = new FakePort();
    serve(openPort({ parentPort: parent }), sessions, () => undefined);
    parent.emit('message', { data: { kind: 'unload', id: 1, key }, ports: [] });
    await turn();
    expect(parent.sent).toEqual([{ kind: 'done', id: 1, scores: null }]);
  });

  it('ends on a message that is no request', () => {
    const parent = new FakePort();
    const exits: number[] = [];
    serve(openPort({ parentPort: parent }), sessions, (code) => exits.push(code));
    parent.emit('message', { data: { kind: 'eval', code: '1' }, ports: [] });
    expect(exits).toEqual([70]);
  });

  it('passes on our own sentences about a failed run, never those of a library', async () => {
    const parent = new FakePort();
    const failing: Sessions = { ...sessions, run: () => Promise.reject(new Error('cell “Meera Iyer” is no float')) };
    serve(openPort({ parentPort: parent }), failing, () => undefined);
    parent.emit('message', {
      data: { kind: 'run', id: 1, key, rows: 1, inputs: [{ name: 'x', width: 1, data: ['x'] }] },
      ports: [],
    });
    await turn();
    expect(parent.sent).toEqual([
      { kind: 'failed', id: 1, code: 'MODEL_FAILED', sentence: sentence('inference.could_not_score') },
    ]);
  });
});
