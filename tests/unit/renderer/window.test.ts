import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountText,
  caseAge,
  currencySign,
  dateText,
  durationText,
  initials,
  instantText,
  localDate,
  momentText,
  percentText,
  shortAge,
} from '../../../renderer/language/format.ts';
import en from '../../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../../shared/language/language.ts';
import type { Sentence } from '../../../shared/language/sentence.ts';
import { createKeyReader, sequenceLimit, type Key } from '../../../renderer/hooks/keys.ts';
import { hashOf, parseRoute, type Route } from '../../../renderer/hooks/router.ts';
import { clampShare, createView } from '../../../renderer/stores/view.ts';
import { inEnglish } from '../../support/saying.ts';

const press = (key: string, change: Partial<Key> = {}): Key => ({
  key,
  ctrl: false,
  alt: false,
  typing: false,
  onControl: false,
  ...change,
});

describe('keys', () => {
  it('read sequences of two, and forget the first key in time', () => {
    let now = 0;
    const read = createKeyReader(() => now);
    expect([read(press('g')), read(press('m'))]).toEqual([null, { do: 'go', page: 'monitor' }]);
    expect([read(press('o')), read(press('s'))]).toEqual([null, { do: 'outcome', outcome: 'confirmed_scam' }]);
    read(press('g'));
    now += sequenceLimit + 1;
    expect(read(press('m'))).toBeNull();
  });

  it('belong to the field while somebody types, except for the palette and Escape', () => {
    const read = createKeyReader(() => 0);
    expect(read(press('j', { typing: true }))).toBeNull();
    expect(read(press('k', { typing: true, ctrl: true }))).toEqual({ do: 'palette' });
    expect(read(press('Escape', { typing: true }))).toEqual({ do: 'back' });
  });

  it('leave Enter to a button that has the focus', () => {
    const read = createKeyReader(() => 0);
    expect(read(press('Enter', { onControl: true }))).toBeNull();
    expect(read(press('Enter'))).toEqual({ do: 'open' });
  });

  it('show all facts of a case, or fewer, by one letter', () => {
    const read = createKeyReader(() => 0);
    expect(read(press('v'))).toEqual({ do: 'facts' });
    expect(read(press('v', { typing: true }))).toBeNull();
  });

  it('start a command again when a sequence does not fit', () => {
    const read = createKeyReader(() => 0);
    read(press('g'));
    expect(read(press('j'))).toEqual({ do: 'move', by: 1 });
  });
});

describe('routes', () => {
  const routes: fc.Arbitrary<Route> = fc.oneof(
    fc.record({ page: fc.constant('queue' as const), id: fc.string({ minLength: 1 }), reading: fc.boolean() }),
    fc.record({ page: fc.constant('edit' as const), id: fc.string({ minLength: 1 }) }),
    fc.record({
      page: fc.constantFrom(
        'new' as const,
        'import' as const,
        'monitor' as const,
        'models' as const,
        'sync' as const,
        'settings' as const,
        'sheet' as const,
      ),
    }),
  );

  it('survive the way through the address', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(hashOf(route))).toEqual(route);
      }),
    );
  });

  it('lead to the queue from anything unknown', () => {
    for (const hash of ['', '#/', '#/nowhere', '#/edit/', '#/case/%E0%A4%A']) {
      expect(parseRoute(hash)).toEqual({ page: 'queue', id: null, reading: false });
    }
  });
});

describe('ages and names', () => {
  const now = new Date(2026, 2, 10, 12, 0).getTime();

  it('are short, and never negative when a clock was set back', () => {
    expect(inEnglish(shortAge(now - 18 * 60_000, now))).toBe('18 min');
    expect(inEnglish(shortAge(now + 60_000, now))).toBe('0 min');
    expect(inEnglish(durationText(158 * 60_000))).toBe('2 h 38 min');
  });

  it('count whole days from the day a case was received unless it was taken in that day', () => {
    const taken = new Date(2026, 2, 10, 7, 0).toISOString();
    expect(inEnglish(caseAge(localDate(now), taken, now))).toBe('5 h');
    expect(inEnglish(caseAge('2026-03-01', taken, now))).toBe('9 d');
  });

  it('are written as the locale of the language writes them', () => {
    const instant = new Date(2026, 2, 3, 14, 5).toISOString();
    const german = createLanguage({ ...en, 'language.locale': 'de-DE' });
    const both = (sentence: Sentence): string[] => [inEnglish(sentence), german.say(sentence)];
    expect(both(percentText(0.0512))).toEqual(['5.1\u00a0%', '5,1\u00a0%']);
    expect(both(amountText({ amount: 4_800_050, currency: 'INR' }))).toEqual(['48,000.50', '48.000,50']);
    expect(both(amountText({ amount: 4_800_000, currency: 'INR' }))).toEqual(['48,000', '48.000']);
    expect(both(amountText({ amount: 48_000, currency: 'JPY' }))).toEqual(['48,000', '48.000']);
    expect(both(amountText({ amount: 48_000_050, currency: 'KWD' }))).toEqual(['48,000.050', '48.000,050']);
    expect(both(amountText({ amount: 48_000_000, currency: 'KWD' }))).toEqual(['48,000', '48.000']);
    expect(both(amountText({ amount: 4990, currency: 'USD' }))).toEqual(['49.90', '49,90']);
    expect(both(dateText('2026-03-03', now))).toEqual(['3 Mar', '3. März']);
    expect(both(dateText('2025-03-03', now))).toEqual(['3 Mar 2025', '3. März 2025']);
    expect(both(instantText(instant))).toEqual(['3 March 2026 at 14:05', '3. März 2026 um 14:05']);
    expect(both(momentText(instant, Date.parse(instant)))).toEqual(['14:05 today', '14:05 today']);
  });

  it('shorten people and currencies', () => {
    expect([initials('Ilva Trennick'), initials('Odo'), initials('  ')]).toEqual(['IT', 'O', '']);
    expect([currencySign('en-GB', 'INR'), currencySign('en-GB', 'EUR')]).toEqual(['₹', '€']);
  });
});

describe('how the window is set up', () => {
  function memory(initial: Record<string, string> = {}): Storage {
    const kept = new Map(Object.entries(initial));
    return {
      get length() {
        return kept.size;
      },
      key: (index) => [...kept.keys()][index] ?? null,
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
      clear: () => kept.clear(),
    };
  }

  it('is remembered, but not what was searched for', () => {
    const storage = memory();
    createView(storage).getState().set({ theme: 'dark', listShare: 60, search: 'Aldane' });
    const again = createView(storage).getState();
    expect([again.theme, again.listShare, again.search]).toEqual(['dark', 60, '']);
    expect(storage.getItem('outpost.view')).not.toContain('Aldane');
  });

  it('ignores what is stored in another form', () => {
    const view = createView(memory({ 'outpost.view': '{"theme":"pink","listShare":4,"railFolded":"yes"}' })).getState();
    expect([view.theme, view.listShare, view.railFolded]).toEqual(['system', clampShare(4), false]);
    expect(createView(memory({ 'outpost.view': '{broken' })).getState().theme).toBe('system');
  });
});
