import { describe, expect, it } from 'vitest';
import { emptyDraft, keptContentSchema, type Draft } from '../../../../renderer/features/intake/draft.ts';
import { divergence, merged, mergeOf } from '../../../../renderer/features/intake/merge.ts';
import { createDrafts, type DraftKey } from '../../../../renderer/stores/drafts.ts';
import { OutpostError } from '../../../../shared/errors/index.ts';

const key: DraftKey = { person: null, form: 'new_case', subject: null };

type Failure = 'DISK_FULL' | 'NOT_FOUND' | null;

function keeper(fail: Failure = null) {
  const sent: unknown[] = [];
  const state = { fail };
  const timers: { act: () => void; off: boolean }[] = [];
  const drafts = createDrafts(
    {
      drafts: {
        put: async ({ content }: { content: unknown }) => {
          if (state.fail !== null) throw new OutpostError(state.fail);
          sent.push(content);
          return { savedAt: '2026-10-05T10:00:00.000Z' };
        },
        get: async () => null,
        discard: async () => ({}),
      },
    } as never,
    (act) => {
      const timer = { act, off: false };
      timers.push(timer);
      return () => void (timer.off = true);
    },
  );
  const heard: string[] = [];
  const put = (content: string): void =>
    drafts.put({
      key,
      base: null,
      content,
      onKept: (at) => heard.push(at),
      onFailed: (error) => heard.push((error as OutpostError).code),
    });
  return {
    drafts,
    state,
    sent,
    heard,
    put,
    settle: () => timers.filter(({ off }) => !off).forEach(({ act }) => act()),
  };
}

describe('what is being written', () => {
  it('is kept once typing pauses, the newest only, and says so only then', async () => {
    const { drafts, sent, heard, put, settle } = keeper();
    put('a');
    put('ab');
    expect([sent, heard]).toEqual([[], []]);
    settle();
    await drafts.flush();
    expect([sent, heard]).toEqual([['ab'], ['2026-10-05T10:00:00.000Z']]);
  });

  it('is kept at once before locking or leaving, and says why when it cannot be', async () => {
    const { drafts, sent, put } = keeper();
    put('half a sentence');
    await drafts.flush();
    expect(sent).toEqual(['half a sentence']);
    const full = keeper('DISK_FULL');
    full.put('x');
    await full.drafts.flush();
    expect(full.heard).toEqual(['DISK_FULL']);
  });

  it('does not come back after it was saved or discarded', async () => {
    const { drafts, sent, put } = keeper();
    put('a');
    await drafts.saving(key, async () => true);
    put('b');
    await drafts.discard(key);
    await drafts.flush();
    expect(sent).toEqual(['a']);
  });

  it('is kept before its form is saved, and not while that goes on: it would come back behind it', async () => {
    const { drafts, sent, put, settle } = keeper();
    put('a case');
    const score = Promise.withResolvers<string>();
    const saving = drafts.saving(key, () => {
      expect(sent).toEqual(['a case']);
      put('a case, and a letter typed while it was saved');
      return score.promise;
    });
    await drafts.flush();
    settle();
    await drafts.flush();
    score.resolve('saved');
    expect(await saving).toBe('saved');
    await drafts.flush();
    expect(sent).toEqual(['a case']);
  });

  it('is kept after all when its form could not be saved', async () => {
    const { drafts, sent, put, settle } = keeper();
    await expect(
      drafts.saving(key, async () => {
        put('typed meanwhile');
        throw new OutpostError('DISK_FULL');
      }),
    ).rejects.toMatchObject({ code: 'DISK_FULL' });
    settle();
    await drafts.flush();
    put('refused as somebody else saved first');
    await drafts.saving(key, async () => null);
    expect(sent).toEqual(['typed meanwhile', 'refused as somebody else saved first']);
  });

  it('is not lost when it could not be kept: it is shown again, and kept as soon as that works', async () => {
    const { drafts, state, sent, heard, put } = keeper('DISK_FULL');
    put('typed while nothing could be kept');
    await drafts.flush();
    expect(await drafts.read(key)).toEqual({ base: null, content: 'typed while nothing could be kept', savedAt: null });
    state.fail = null;
    await drafts.flush();
    expect([sent, heard.at(-1)]).toEqual([['typed while nothing could be kept'], '2026-10-05T10:00:00.000Z']);
    expect(await drafts.read(key)).toBeNull();
  });

  it('is given up about a case that was erased', async () => {
    const { drafts, state, sent, put } = keeper('NOT_FOUND');
    put('Meera called');
    await drafts.flush();
    state.fail = null;
    await drafts.flush();
    expect([sent, await drafts.read(key)]).toEqual([[], null]);
  });
});

describe('two edits of one case', () => {
  const original: Draft = {
    ...emptyDraft('2026-10-05'),
    safeContact: 'old',
    place: 'Hillview',
    entries: { paid: 'yes' },
  };
  const theirs: Draft = { ...original, safeContact: 'Ring twice', entries: { paid: 'no', remote: 'yes' } };
  const mine: Draft = { ...original, safeContact: 'Never ring', place: 'Lowfield' };

  it('keep what only one of them changed and ask where both did', () => {
    const merge = mergeOf(original, theirs, mine);
    expect(merge.conflicts).toEqual([{ name: 'safeContact', before: 'old', theirs: 'Ring twice', mine: 'Never ring' }]);
    expect(merge.taken.map(({ name }) => name)).toEqual(['attributes.paid', 'attributes.remote']);
    const kept = { place: 'Lowfield', entries: { paid: 'no', remote: 'yes' } };
    expect(merged(mine, theirs, merge, new Set())).toMatchObject({ ...kept, safeContact: 'Never ring' });
    expect(merged(mine, theirs, merge, new Set(['safeContact']))).toMatchObject({ ...kept, safeContact: 'Ring twice' });
  });

  it('never undo an edit: an untouched entry takes what was saved meanwhile', () => {
    const untouched: Draft = { ...original, narrative: 'more' };
    const merge = mergeOf(original, theirs, untouched);
    expect(merge.conflicts).toEqual([]);
    expect(merged(untouched, theirs, merge, new Set())).toMatchObject({ safeContact: 'Ring twice', narrative: 'more' });
  });

  it('are shown from where two long texts part, at a word, and whole where they part early', () => {
    const same = 'She says a man rang about a parcel. '.repeat(10);
    const start = divergence(`${same}He asked.`, `${same}Money went.`);
    expect(same.slice(start)).toBe('man rang about a parcel. She says a man rang about a parcel. ');
    expect([divergence('', 'x'), divergence('Ring twice', 'Ring'), divergence(same, same.slice(0, 80))]).toEqual([
      0, 0, 0,
    ]);
  });

  it('choose lists, indicators and money as a whole', () => {
    const a: Draft = { ...original, tactics: ['upi'], indicators: { ...original.indicators, phone: ['1'] } };
    const b: Draft = {
      ...original,
      tactics: ['gift'],
      entries: { paid: 'yes', asked: '5' },
      currencies: { asked: 'EUR' },
    };
    const merge = mergeOf(original, a, b);
    expect(merge.conflicts.map(({ name }) => name)).toEqual(['tactics']);
    expect(merged(b, a, merge, new Set(['tactics']))).toMatchObject({
      tactics: ['upi'],
      indicators: { phone: ['1'] },
      entries: { asked: '5' },
      currencies: { asked: 'EUR' },
    });
  });
});

describe('a draft of another version of the program', () => {
  const draft: Draft = { ...emptyDraft('2026-10-05'), resident: 'Meera Iyer', entries: { paid: 'yes' } };

  it('keeps all that this one understands', () => {
    const { narrative: _gone, ...older } = draft;
    const newer = { ...draft, needs: ['braille'], urgent: 'perhaps', spoken: 'Hindi' };
    const read = (value: unknown): unknown => keptContentSchema.parse({ draft: value, original: value }).draft;
    expect(read(older)).toEqual(draft);
    expect(read(newer)).toEqual(draft);
    expect(read({ resident: 'Meera Iyer', received: '2026-10-05' })).toEqual({ ...draft, entries: {} });
  });
});
