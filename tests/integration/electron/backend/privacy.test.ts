import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { personalWords } from '../../../../shared/domain/personal-words.ts';
import { testBackend, testIntake, type TestBackend } from '../../../support/backend.ts';

let laptop: TestBackend;
beforeEach(async () => {
  laptop = await testBackend();
});
afterEach(() => laptop.dispose());

const found = async (search: string): Promise<string[]> =>
  (await laptop.client.cases.list({ show: 'open', search, limit: 50, offset: 0 })).rows.map((row) => row.reference);

async function publicText(): Promise<string> {
  const { entries } = await laptop.client.sync.preview({ limit: 200 });
  return entries
    .map(({ text }) => text)
    .join('\n')
    .toLowerCase();
}

describe('a tag', () => {
  test.each([
    ['kamala_devi_paid', { resident: 'Kamala Devi' }],
    ['paid by KAMALADEVI', { resident: 'Kamala Devi' }],
    ['Kamalá’s nephew called', { resident: 'kamala devi' }],
    ['asked Ravi', { contact: 'Ravi Kumar, nephew' }],
    ['came to hillview', { place: 'Hill View / Hillview' }],
    ['कमला ने भुगतान किया', { resident: 'कमला देवी' }],
    ['paid by kamla devi', { resident: 'कमला देवी' }],
    ['कमला ने भुगतान किया', { resident: 'Kamala Devi' }],
    ['asked jo to pay', { resident: 'Jo Bell' }],
    ['asked sunita first', { safeContact: 'Ring Sunita next door' }],
    ['Ольга said yes', { resident: 'Olga Petrova' }],
  ])('%s never leaves when it names somebody of the case, and is said to stay', async (tactic, about) => {
    const names = { resident: '', contact: '', place: '', reference: 'R-1', safeContact: '', ...about };
    await laptop.client.cases.create(testIntake({ ...names, tactics: [tactic, 'UPI payment'] }));
    const text = await publicText();
    expect(text).toContain('upi_payment');
    for (const word of ['kamal', 'kamla', 'devi', 'ravi', 'hillview', 'कमला', 'jo_', 'sunita', 'ольга'])
      expect(text).not.toContain(word);
    const [preview] = await laptop.client.intake.previewTactics({ tactics: [tactic], about: names });
    expect(preview).toMatchObject({ leaves: false, why: 'person' });
  });

  test('that stays here is left out of a redacted report, with answers that stay', async () => {
    const [named, plain] = ['Asked Anna Nováková to buy Steam cards', 'UPI payment'];
    const { attributes } = testIntake();
    const { id } = await laptop.client.cases.create(
      testIntake({
        resident: 'Anna Nováková',
        place: 'Olomouc',
        tactics: [named, plain, 'came to Olomouc'],
        attributes: { ...attributes, story_told: 'nephew of Nováková' },
      }),
    );
    const view = await laptop.client.cases.get({ id, look: false });
    expect(view.withheld).toEqual({ tactics: [named, 'came to Olomouc'], attributes: ['story_told'] });
    expect(view.facts.attributes).toHaveProperty('story_told', 'nephew of Nováková');
  });

  test('that the centre lists is nobody’s name, also when the place has one of its words', async () => {
    await laptop.client.cases.create(testIntake({ place: 'Bank Street', tactics: ['bank website'] }));
    expect(await publicText()).toContain('bank_website');
  });

  test('never has a word of a name, whatever the name', () => {
    // No word of addresses or instructions begins so.
    const name = fc.stringMatching(/^[xz][a-z]{1,11}$/);
    fc.assert(
      fc.property(name, name, fc.constantFrom('paid_', 'asked_', ''), (first, last, before) => {
        expect(personalWords([`${first} ${last.toUpperCase()}`])(`${before}${last}`)).toBe(true);
      }),
    );
  });

  test('still leaves when only its letters are like those of a name in another script', async () => {
    await laptop.client.cases.create(testIntake({ resident: 'रमेश राव', tactics: ['remote printer', 'gold coins'] }));
    const text = await publicText();
    expect(text).toContain('remote_printer');
    expect(text).toContain('gold_coins');
  });
});

describe('what leaves, exactly', () => {
  test('can be read to the end, newest first, with how much there is', async () => {
    for (let i = 0; i < 5; i += 1) await laptop.client.cases.create(testIntake({ reference: `P-${i}` }));
    const first = await laptop.client.sync.preview({ limit: 3 });
    const seqs: number[] = first.entries.map(({ seq }) => seq);
    let page = first;
    while (page.entries.length > 0) {
      page = await laptop.client.sync.preview({ limit: 3, before: seqs.at(-1)! });
      seqs.push(...page.entries.map(({ seq }) => seq));
    }
    expect(seqs).toHaveLength(first.total);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
  });
});

describe('a search', () => {
  test('finds callers’ numbers, handles, hosts and session IDs in the spellings people use', async () => {
    const indicators = [
      { kind: 'phone', value: '+91 99555 00123' },
      { kind: 'handle', value: 'Refund.Desk@okbank' },
      { kind: 'web', value: 'https://www.help-desk.example/login' },
      { kind: 'session', value: '123 456 789' },
    ] as const;
    await laptop.client.cases.create(testIntake({ reference: 'I-1', indicators: [...indicators] }));
    await laptop.client.cases.create(testIntake({ reference: 'I-2', indicators: [] }));
    const typed = ['+91 99555 00123', '09955500123', '99555-00123', '0091 (99555) 00123', '995550', '00123'];
    for (const search of [...typed, 'refund.desk@okbank', 'help-desk.example', '123456789', '123-456-789'])
      expect([search, await found(search)]).toEqual([search, ['I-1']]);
    expect(await found('99555 99999')).toEqual([]);
  });

  test('finds them with more or less around them than was taken down', async () => {
    const indicators = [
      { kind: 'phone', value: '099555 00123' },
      { kind: 'handle', value: 'refund . desk @ okbank' },
      { kind: 'web', value: 'help-desk.example' },
    ] as const;
    await laptop.client.cases.create(testIntake({ reference: 'I-1', indicators: [...indicators] }));
    await laptop.client.cases.create(testIntake({ reference: 'I-2', indicators: [] }));
    const typed = ['+91 99555 00123', '+919955500123', '९९५५५ ००१२३', '+९१ ९९५५५ ००१२३', 'refund.desk@okbank'];
    const addresses = ['https://www.help-desk.example/login?x=1', 'http://help-desk.example', 'refund.desk @okbank'];
    for (const search of [...typed, ...addresses]) expect([search, await found(search)]).toEqual([search, ['I-1']]);
    expect(await found('+91 11111 00123')).toEqual([]);
  });

  test('still finds references with digits and signs, and forgets the numbers of an erased case', async () => {
    const phone = [{ kind: 'phone' as const, value: '+49 171 5550107' }];
    const { id } = await laptop.client.cases.create(testIntake({ reference: '2026-000-171', indicators: phone }));
    expect(await found('2026-000-171')).toEqual(['2026-000-171']);
    expect(await found('0171 5550107')).toEqual(['2026-000-171']);
    await laptop.client.cases.erase({ id });
    expect(await found('0171 5550107')).toEqual([]);
  });
});

describe('an intake', () => {
  const empty = testIntake({ attributes: {}, tactics: [], indicators: [], narrative: '  ', urgent: false });

  test('that says nothing of what happened is no case', async () => {
    await expect(laptop.client.cases.create(empty)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      data: { field: 'narrative' },
    });
    expect(await found('')).toEqual([]);
  });

  test.each([
    ['an answer', { attributes: { asked_remote_access: false } }],
    ['a tactic', { tactics: ['gift cards'] }],
    ['a number', { indicators: [{ kind: 'phone' as const, value: '+49 171 5550107' }] }],
    ['their words', { narrative: 'They rang.' }],
    ['money that is leaving', { urgent: true }],
  ])('with %s is one', async (_, change) => {
    await laptop.client.cases.create({ ...empty, ...change });
    expect(await found('')).toHaveLength(1);
  });

  test('keeps their words as they were said; when money left is a fact of its own', async () => {
    const { id } = await laptop.client.cases.create(
      testIntake({ urgent: true, paidAt: '21:40', narrative: 'He said hold on.' }),
    );
    expect((await laptop.client.cases.get({ id })).private).toMatchObject({
      narrative: 'He said hold on.',
      paidAt: '21:40',
    });
    expect(await publicText()).not.toContain('21:40');
  });
});
