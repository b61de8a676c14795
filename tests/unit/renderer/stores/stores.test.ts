import { ORPCError } from '@orpc/client';
import { QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { connect } from '../../../../renderer/transport/client.ts';
import { problemOf } from '../../../../renderer/transport/problem.ts';
import { createLive, followChanges, gathered, retryDelay } from '../../../../renderer/stores/live.ts';
import { createQueries, type Queries, type Topic } from '../../../../renderer/stores/queries.ts';
import { OutpostError } from '../../../../shared/errors/index.ts';
import { wireData } from '../../../../shared/errors/wire.ts';
import type { OutpostBridge } from '../../../../shared/hosting/bridge.ts';
import { sentence } from '../../../../shared/language/sentence.ts';
import { saying } from '../../../support/saying.ts';

/** A page that shows what is read under a key, as long as it is open. */
function page(queries: Queries, key: string, topics: readonly Topic[], load: () => Promise<unknown>) {
  const observer = new QueryObserver(queries.client, { queryKey: [key], queryFn: load, meta: { topics } });
  const close = observer.subscribe(() => undefined);
  return { shown: () => observer.getCurrentResult(), close };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('what was read', () => {
  it('stays in place while it is read again, and beside a problem', async () => {
    const queries = createQueries();
    const slow = Promise.withResolvers<number[]>();
    const answers = [Promise.resolve([1]), slow.promise];
    const list = page(queries, 'list', ['cases'], () => answers.shift()!);
    await settled();
    queries.changed('cases');
    expect(list.shown()).toMatchObject({ data: [1], isFetching: true });
    slow.reject(new OutpostError('OFFLINE'));
    await settled();
    expect(list.shown()).toMatchObject({ data: [1], error: { code: 'OFFLINE' }, isFetching: false });
  });

  it('is not overwritten by an older answer that comes late', async () => {
    const queries = createQueries();
    const old = Promise.withResolvers<string>();
    const answers = [old.promise, Promise.resolve('new')];
    const one = page(queries, 'case', ['cases'], () => answers.shift()!);
    queries.changed('cases');
    await settled();
    old.resolve('old');
    await settled();
    expect(one.shown().data).toBe('new');
  });

  it('is asked for once while it is on its way, and again after a problem', async () => {
    const queries = createQueries();
    let asked = 0;
    const load = async (): Promise<never> => {
      asked += 1;
      throw new OutpostError('INTERNAL');
    };
    const first = page(queries, 'x', [], load);
    const second = page(queries, 'x', [], load);
    expect(asked).toBe(1);
    await settled();
    first.close();
    second.close();
    page(queries, 'x', [], load);
    expect(asked).toBe(2);
  });

  it('is read again only when one of its topics changes', async () => {
    const queries = createQueries();
    let asked = 0;
    page(queries, 'models', ['models', 'status'], async () => (asked += 1));
    await settled();
    queries.changed('cases', 'sync');
    await settled();
    expect(asked).toBe(1);
    queries.changed('status');
    await settled();
    queries.changed();
    await settled();
    expect(asked).toBe(3);
  });

  it('is forgotten at a lock, but for the status', async () => {
    const queries = createQueries();
    await queries.client.fetchQuery({ queryKey: ['case/1'], queryFn: async () => 'Mirel Aldane' });
    await queries.client.fetchQuery({ queryKey: ['status'], queryFn: async () => 'locked' });
    queries.forget();
    expect(
      queries.client
        .getQueryCache()
        .getAll()
        .map(({ queryKey }) => queryKey),
    ).toEqual([['status']]);
  });

  it('of a case that is gone does not stay readable, in the open page nor in what is kept for going back', async () => {
    const queries = createQueries();
    let erased = false;
    const open = page(queries, 'case/7', ['cases'], async () => {
      if (erased) throw new OutpostError('NOT_FOUND');
      return 'Mirel Aldane';
    });
    await queries.client.fetchQuery({
      queryKey: ['explain/7/m'],
      queryFn: async () => 'why',
      meta: { topics: ['models'] },
    });
    const list = { queryKey: ['rows', 'done', ''], queryFn: async () => ['Mirel Aldane'], meta: { topics: ['cases'] } };
    await queries.client.fetchQuery(list);
    await settled();
    erased = true;
    queries.changedCase('7');
    queries.changed('cases');
    await settled();
    expect(open.shown()).toMatchObject({ data: undefined, error: { code: 'NOT_FOUND' } });
    expect(
      JSON.stringify(
        queries.client
          .getQueryCache()
          .getAll()
          .map(({ state }) => state.data ?? null),
      ),
    ).toBe('[null]');
  });
});

describe('the stream of changes', () => {
  it('is opened again after a break, says so meanwhile, and then has everything read again', async () => {
    const live = createLive();
    const ending = new AbortController();
    const heard: (readonly Topic[])[] = [];
    const waits: number[] = [];
    let opened = 0;
    const cases: string[] = [];
    async function* stream(topic: Topic): AsyncGenerator<{ topic: Topic; id: string }> {
      yield { topic, id: '7' };
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
      changedCase: (id) => cases.push(id),
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        expect(live.getState().connected).toBe(false);
        if (waits.length === 3) ending.abort();
      },
      signal: ending.signal,
    });
    expect(heard).toEqual([['cases'], [], ['cases']]);
    expect(cases).toEqual(['7', '7']);
    expect(waits).toEqual([500, 1000, 500]);
  });

  it('waits longer each time, but never for long', () => {
    expect([0, 1, 4, 5, 60].map(retryDelay)).toEqual([500, 1000, 8000, 15_000, 15_000]);
  });
});

describe('changes in quick succession', () => {
  it('are reported as one, and everything stays everything', () => {
    const reported: (readonly Topic[])[] = [];
    const pending: (() => void)[] = [];
    const change = gathered(
      (...topics) => reported.push(topics),
      (act) => pending.push(act),
    );
    change('cases');
    change('sync');
    change('cases');
    pending.shift()!();
    change('cases');
    change();
    pending.shift()!();
    expect([reported, pending]).toEqual([[['status', 'cases', 'sync'], []], []]);
  });
});

describe('problems', () => {
  it('keep the code and sentence of the backend', () => {
    const error = new ORPCError('LOCKED', {
      message: 'Outpost is locked.',
      data: wireData(new OutpostError('LOCKED')),
      defined: true,
    });
    expect(problemOf(error)).toEqual({ code: 'LOCKED', sentence: saying('Outpost is locked. Unlock it') });
  });

  it('show nothing internal of anything else', () => {
    expect(problemOf(new Error('SELECT * FROM cases')).sentence).not.toEqual(saying('SELECT'));
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
      call: async () => ({
        ok: false,
        error: { code: 'WRONG_PASSPHRASE', message: 'x', data: wireData(new OutpostError('WRONG_PASSPHRASE')) },
      }),
    });
    const error: unknown = await client.vault.unlock({ passphrase: 'x' }).catch((thrown: unknown) => thrown);
    expect(problemOf(error)).toEqual({ code: 'WRONG_PASSPHRASE', sentence: saying('does not fit.') });
  });

  it('says why a file was refused, as over HTTP', async () => {
    const thrown = new OutpostError('BAD_INPUT', sentence('exchange.file_larger_than_allowed_here'));
    const error = { code: thrown.code, message: thrown.message, data: wireData(thrown) };
    const file = new File(['x'], 'x.onnx');
    const problemBy = async ({ files }: Pick<ReturnType<typeof connect>, 'files'>) =>
      problemOf(await files.upload(file).catch((failure: unknown) => failure));
    expect((await problemBy(over({ upload: async () => ({ ok: false, error }) }))).sentence).toEqual(thrown.sentence);
    const overHttp = connect({ location: { origin: 'http://127.0.0.1:1' } as Location });
    vi.stubGlobal('fetch', async () => Response.json(error, { status: 400 }));
    expect((await problemBy(overHttp)).sentence).toEqual(thrown.sentence);
    vi.stubGlobal('fetch', async () => new Response('no', { status: 403 }));
    expect((await problemBy(overHttp)).sentence).toMatchObject({ code: 'window_frame.file_not_taken' });
    vi.unstubAllGlobals();
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
        onEnd?.(sentence('host.outpost_started_inner_part_again'));
        return () => {
          ended = true;
        };
      },
    });
    const heard: string[] = [];
    const follow = async (): Promise<void> => {
      for await (const change of await client.live.changes({})) heard.push(change.topic);
    };
    await expect(follow()).rejects.toThrow(saying('restarted its background process'));
    expect([heard, ended]).toEqual([['cases', 'sync'], true]);
  });
});
