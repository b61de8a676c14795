import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { connect } from '../../renderer/client.ts';
import { problemOf } from '../../renderer/problem.ts';
import { createLive, followChanges, gathered, retryDelay } from '../../renderer/stores/live.ts';
import { createQueries, type Topic } from '../../renderer/stores/queries.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { OutpostBridge } from '../../shared/hosting/bridge.ts';
import { saying } from '../support/saying.ts';

describe('what was read', () => {
  it('stays in place while it is read again, and beside a problem', async () => {
    const queries = createQueries();
    const { run } = queries.getState();
    await run('list', 0, async () => [1]);
    const slow = Promise.withResolvers<number[]>();
    const second = run('list', 1, () => slow.promise);
    expect(queries.getState().entries['list']).toMatchObject({ data: [1], loading: true });
    slow.reject(new OutpostError('OFFLINE'));
    await second;
    expect(queries.getState().entries['list']).toMatchObject({
      data: [1],
      problem: { code: 'OFFLINE' },
      loading: false,
    });
  });

  it('is not overwritten by an older answer that comes late', async () => {
    const queries = createQueries();
    const old = Promise.withResolvers<string>();
    const first = queries.getState().run('case', 0, () => old.promise);
    await queries.getState().run('case', 1, async () => 'new');
    old.resolve('old');
    await first;
    expect(queries.getState().entries['case']?.data).toBe('new');
  });

  it('is asked for once while it is on its way, and again after a problem', async () => {
    const queries = createQueries();
    let asked = 0;
    const load = async (): Promise<never> => {
      asked += 1;
      throw new OutpostError('INTERNAL');
    };
    await Promise.all([queries.getState().run('x', 0, load), queries.getState().run('x', 0, load)]);
    expect(asked).toBe(1);
    await queries.getState().run('x', 0, load);
    expect(asked).toBe(2);
  });

  it('is forgotten at a lock, but for the status', async () => {
    const queries = createQueries();
    await queries.getState().run('case/1', 0, async () => 'Mirel Aldane');
    await queries.getState().run('status', 0, async () => 'locked');
    queries.getState().forget();
    expect(Object.keys(queries.getState().entries)).toEqual(['status']);
  });
});

describe('the stream of changes', () => {
  it('is opened again after a break, says so meanwhile, and then has everything read again', async () => {
    const live = createLive();
    const ending = new AbortController();
    const heard: (readonly Topic[])[] = [];
    const waits: number[] = [];
    let opened = 0;
    async function* stream(topic: Topic): AsyncGenerator<{ topic: Topic }> {
      yield { topic };
      throw new TypeError('network error');
    }
    await followChanges({
      live,
      changes: async () => {
        opened += 1;
        if (opened === 2) throw new TypeError('refused');
        return stream('cases');
      },
      changed: (...topics) => heard.push(topics),
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        expect(live.getState().connected).toBe(false);
        if (waits.length === 3) ending.abort();
      },
      signal: ending.signal,
    });
    expect(heard).toEqual([['cases'], [], ['cases']]);
    expect(waits).toEqual([500, 1000, 500]);
  });

  it('waits longer each time, but never for long', () => {
    expect([0, 1, 4, 5, 60].map(retryDelay)).toEqual([500, 1000, 8000, 15_000, 15_000]);
  });
});

describe('changes in quick succession', () => {
  it('are told as one, and everything stays everything', () => {
    const told: (readonly Topic[])[] = [];
    const pending: (() => void)[] = [];
    const change = gathered(
      (...topics) => told.push(topics),
      (act) => pending.push(act),
    );
    change('cases');
    change('sync');
    change('cases');
    pending.shift()!();
    change('cases');
    change();
    pending.shift()!();
    expect([told, pending]).toEqual([[['status', 'cases', 'sync'], []], []]);
  });
});

describe('problems', () => {
  it('keep the code and sentence of the backend', () => {
    const error = new ORPCError('LOCKED', { message: 'Outpost is locked.', data: {}, defined: true });
    expect(problemOf(error)).toEqual({ code: 'LOCKED', message: 'Outpost is locked.' });
  });

  it('show nothing internal of anything else', () => {
    expect(problemOf(new Error('SELECT * FROM cases')).message).not.toContain('SELECT');
    expect(problemOf(new TypeError('Failed to fetch')).code).toBe('UNREACHABLE');
  });
});

describe('the connection through the desktop shell', () => {
  function over(bridge: Partial<OutpostBridge>) {
    const none = async (): Promise<never> => {
      throw new OutpostError('INTERNAL');
    };
    const whole: OutpostBridge = { call: none, subscribe: () => () => {}, upload: none, download: none, ...bridge };
    return connect({ outpost: whole, location: { origin: 'app://outpost' } as Location });
  }

  it('turns an answer that failed into an error with its code and sentence', async () => {
    const { client } = over({
      call: async () => ({ ok: false, error: { code: 'WRONG_PASSPHRASE', message: 'It does not fit.', data: {} } }),
    });
    const error: unknown = await client.vault.unlock({ passphrase: 'x' }).catch((thrown: unknown) => thrown);
    expect(problemOf(error)).toEqual({ code: 'WRONG_PASSPHRASE', message: 'It does not fit.' });
  });

  it('cancels a call whose signal is aborted', async () => {
    let cancelled = false;
    const { client } = over({
      call: (_path, _input, whenSent) =>
        new Promise((resolve) => {
          whenSent?.(() => {
            cancelled = true;
            resolve({ ok: false, error: { code: 'CANCELLED', message: 'Cancelled.', data: {} } });
          });
        }),
    });
    const ending = new AbortController();
    const running = client.models.dryRun({ id: '00000000-0000-7000-8000-000000000000' }, { signal: ending.signal });
    setTimeout(() => ending.abort(), 0);
    await expect(running).rejects.toThrow(saying('Cancelled.'));
    expect(cancelled).toBe(true);
  });

  it('gives events in order and breaks with the stream', async () => {
    let ended = false;
    const { client } = over({
      subscribe: (_path, _input, onEvent, onEnd) => {
        onEvent({ topic: 'cases', id: null });
        onEvent({ topic: 'sync', id: null });
        onEnd?.('The inner part was started again.');
        return () => {
          ended = true;
        };
      },
    });
    const heard: string[] = [];
    const follow = async (): Promise<void> => {
      for await (const change of await client.live.changes({})) heard.push(change.topic);
    };
    await expect(follow()).rejects.toThrow(saying('started again'));
    expect([heard, ended]).toEqual([['cases', 'sync'], true]);
  });
});
