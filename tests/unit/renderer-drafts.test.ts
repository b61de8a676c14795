import { describe, expect, it } from 'vitest';
import { emptyDraft, type Draft } from '../../renderer/features/intake/draft.ts';
import { merged, mergeOf } from '../../renderer/features/intake/merge.ts';
import { createDrafts, type DraftKey } from '../../renderer/stores/drafts.ts';
import { OutpostError } from '../../shared/errors/index.ts';

const key: DraftKey = { person: null, form: 'new_case', subject: null };

function keeper(fail = false) {
  const sent: unknown[] = [];
  const timers: { act: () => void; off: boolean }[] = [];
  const drafts = createDrafts(
    {
      drafts: {
        put: async ({ content }: { content: unknown }) => {
          if (fail) throw new OutpostError('DISK_FULL');
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
  return { drafts, sent, heard, put, settle: () => timers.filter(({ off }) => !off).forEach(({ act }) => act()) };
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
    const full = keeper(true);
    full.put('x');
    await full.drafts.flush();
    expect(full.heard).toEqual(['DISK_FULL']);
  });

  it('does not come back after it was saved or discarded', async () => {
    const { drafts, sent, put } = keeper();
    put('a');
    drafts.saved(key);
    put('b');
    await drafts.discard(key);
    await drafts.flush();
    expect(sent).toEqual([]);
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
