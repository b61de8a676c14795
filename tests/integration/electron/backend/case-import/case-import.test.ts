import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUploadedFiles } from '../../../../../electron/backend/exchange/uploaded-files.ts';
import { refusalText } from '../../../../../shared/case-import/refused-rows.ts';
import { inEnglish } from '../../../../support/saying.ts';
import type { ImportMapping } from '../../../../../shared/case-import/mapping.ts';
import type { StagedImport } from '../../../../../shared/contract/imports.ts';
import { rebuildProjections } from '../../../../../electron/backend/store/projections.ts';
import { derivedTables } from '../../../../support/log.ts';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../../support/backend.ts';

let laptop: TestBackend;
beforeEach(async () => {
  laptop = await testBackend();
});
afterEach(() => laptop.dispose());

async function upload(bytes: string | Uint8Array): Promise<string> {
  const exchange = createUploadedFiles(laptop.backend.context.exchangeDir);
  return exchange.save([typeof bytes === 'string' ? Buffer.from(bytes) : bytes], 1e9);
}

/** What a promise is refused with. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

async function stage(bytes: string | Uint8Array, mapping: ImportMapping | null = null): Promise<StagedImport> {
  const news = await laptop.client.imports.stage({ file: await upload(bytes), name: 'calls.csv', mapping });
  for await (const one of news) if (one.kind === 'staged') return one.staged;
  throw new Error('The stream ended before the file was staged.');
}

/** Everything that is heard of a file, to the end or to what it is refused with. */
async function newsOf(text: string): Promise<unknown[]> {
  const heard: unknown[] = [];
  try {
    const file = await upload(text);
    for await (const one of await laptop.client.imports.stage({ file, name: 'calls.csv', mapping: null }))
      heard.push(one.kind);
  } catch (error) {
    heard.push(error);
  }
  return heard;
}

const list = (show: 'open' | 'done' = 'open') =>
  laptop.client.cases.list({ show, search: '', limit: 100, offset: 0 }).then(({ rows }) => rows);

const calls = `received,resident,place,phone,asked_remote_access,money_asked,money_asked_currency
2026-09-01,Kamala Devi,Pune,0141 555 0107,yes,120.50,INR
2026-09-02,Ravi,Nagpur,,no,,
2026-09-02,Ravi,Nagpur,,no,,
2026-09-03,Asha,Goa,12,maybe,,
`;

describe('an import', () => {
  it('shows what would become of a file, and makes no case before it is committed', async () => {
    const staged = await stage(calls);
    expect(staged).toMatchObject({
      encoding: 'utf-8',
      separator: ',',
      layout: null,
      rows: 4,
      new: 3,
      known: 0,
      refused: 1,
    });
    expect(staged.preview[0]).toMatchObject({ line: 2, received: '2026-09-01', resident: 'Kamala Devi', answers: 2 });
    expect(staged.problems).toMatchObject([{ line: 5, problems: [{ column: 'asked_remote_access' }] }]);
    expect(await list()).toEqual([]);
    expect(await laptop.client.imports.list({})).toEqual([]);
    const refused = await laptop.client.imports.refused({ id: staged.id, after: 0, limit: 10 });
    expect(refused).toMatchObject([{ line: 5, cells: ['2026-09-03', 'Asha', 'Goa', '12', 'maybe', '', ''] }]);
  });

  it('makes all cases at once, which are scored, found and compared as others are', async () => {
    const { id } = await stage(calls);
    expect(await laptop.client.imports.commit({ id })).toEqual({ cases: 3 });
    await laptop.backend.idle();
    const rows = await list();
    expect(rows).toHaveLength(3);
    expect(rows.every(({ verdict, scoreHidden }) => verdict !== null || scoreHidden)).toBe(true);
    expect(rows.find(({ place }) => place === 'Pune')).toMatchObject({ stake: { amount: 12_050, currency: 'INR' } });
    const hit = await laptop.client.intake.checkIndicator({ kind: 'phone', value: '01415550107' });
    expect(hit).toMatchObject({ cases: 1 });
    expect(await laptop.client.imports.list({})).toMatchObject([{ id, file: 'calls.csv', state: 'done', cases: 3 }]);
  });

  it('makes no case twice, also when the file has grown and its columns stand in another order', async () => {
    await laptop.client.imports.commit({ id: (await stage(calls)).id });
    expect(await stage(calls)).toMatchObject({ new: 0, known: 3, refused: 1 });
    const grown = `asked_remote_access,received,resident,place,phone,money_asked,money_asked_currency
no,2026-09-02,Ravi,Nagpur,,,
no,2026-09-02,Ravi,Nagpur,,,
no,2026-09-02,Ravi,Nagpur,,,
`;
    expect(await stage(grown)).toMatchObject({ new: 1, known: 2 });
  });

  it('takes rows with a reference for one case whatever else they say', async () => {
    const { id } = await stage('reference,received,narrative\nP-1,2026-09-01,first\nP-1,2026-09-02,again\n');
    expect(await laptop.client.imports.commit({ id })).toEqual({ cases: 1 });
    expect(await stage('reference,received,narrative\np-1 ,2026-09-05,third\n')).toMatchObject({ new: 0, known: 1 });
  });

  it('refuses the row whose reference belongs to another case, and makes none of them when that came up meanwhile', async () => {
    const text = 'reference,received,narrative\nP-1,2026-09-01,one\nP-2,2026-09-01,two\n';
    const { id } = await stage(text);
    await laptop.client.cases.create(testIntake({ reference: 'P-2' }));
    expect(await stage(text)).toMatchObject({ new: 1, problems: [{ line: 3 }] });
    const error = await rejection(laptop.client.imports.commit({ id }));
    expect(error).toMatchObject({ code: 'CONFLICT' });
    expect((error as Error).message).toContain('Line 3');
    expect(await list()).toHaveLength(1);
  });

  it('says how a file is taken also when that does not fit, and gives what went wrong then its code', async () => {
    const mended = await newsOf('When,narrative\n2026-09-01,They called\n');
    expect(mended).toMatchObject([
      'opened',
      { code: 'BAD_INPUT', defined: true, data: { sentence: { code: 'case_import.one_date' } } },
    ]);
    expect(await newsOf('')).toMatchObject([{ code: 'BAD_CSV', data: { sentence: { code: 'case_import.empty' } } }]);
    expect((await newsOf(calls)).at(-1)).toBe('staged');
  });

  it('is undone as a whole while nothing was added to its cases, and can then be made again', async () => {
    const { id } = await stage(calls);
    await laptop.client.imports.commit({ id });
    await laptop.backend.idle();
    expect(await laptop.client.imports.undo({ id })).toEqual({ cases: 3 });
    expect(await list()).toEqual([]);
    expect(await laptop.client.intake.checkIndicator({ kind: 'phone', value: '01415550107' })).toMatchObject({
      cases: 0,
    });
    expect(await rejection(laptop.client.imports.undo({ id }))).toMatchObject({ code: 'CONFLICT' });
    expect(await stage(calls)).toMatchObject({ new: 3, known: 0 });
    // Nor is it in any figure: as if it had never been there.
    const { db } = laptop.backend.context.session();
    for (const table of ['cases', 'case_tactics', 'indicators', 'explanations', 'private_payloads'])
      expect(db.prepare(`SELECT count(*) AS n FROM ${table}`).get(), table).toEqual({ n: 0 });
    const before = derivedTables(db);
    rebuildProjections(db);
    expect(derivedTables(db)).toEqual(before);
  });

  it('is not undone over what somebody added', async () => {
    const { id } = await stage(calls);
    await laptop.client.imports.commit({ id });
    const [row] = await list();
    const outcome = { outcome: 'confirmed_scam', reason: null, note: '' } as const;
    await laptop.client.cases.recordOutcome({ id: row?.id ?? '', base: null, ...outcome });
    const error = await rejection(laptop.client.imports.undo({ id }));
    expect(error).toMatchObject({ code: 'CONFLICT' });
    expect((error as Error).message).toContain(row?.reference);
    expect([await list(), await list('done')].map((rows) => rows.length)).toEqual([2, 1]);
  });

  it('takes past cases in with their outcomes: without a score, a draw or work', async () => {
    const text =
      'received;narrative;outcome;note\n3.4.2025;They called;scam;court\n25.4.2025;Printer;genuine;invoice\n26.4.2025;Open;;\n';
    const { id } = await stage(text);
    await laptop.client.imports.commit({ id });
    await laptop.backend.idle();
    const done = await list('done');
    expect(done.map(({ outcome, verdict, score }) => ({ outcome, verdict, score }))).toEqual([
      { outcome: 'confirmed_scam', verdict: null, score: null },
      { outcome: 'genuine_provider', verdict: null, score: null },
    ]);
    const view = await laptop.client.cases.get({ id: done[0]?.id ?? '' });
    expect(view).toMatchObject({ firstScore: null, outcome: { note: 'court' }, row: { received: '2025-04-03' } });
    expect(view.scoreProblem?.code).toBe('cases.historical');
    expect((await list()).every(({ verdict, scoreHidden }) => verdict !== null || scoreHidden)).toBe(true);
    expect(await laptop.client.jobs.list({})).toEqual([]);
    expect(await laptop.client.imports.undo({ id })).toEqual({ cases: 3 });
  });
});

describe('a row', () => {
  const staged = (text: string, columns: ImportMapping['columns'], constants: ImportMapping['constants'] = {}) =>
    stage(text, { format: 'outpost.import-mapping/1', columns, constants });
  const received = { to: 'received' } as const;

  it('keeps an answer that may not leave as a private one, as the form does', async () => {
    const { id } = await stage('received,contact_channel\n2026-09-01,Ring Kamala at 0141 555 0107\n');
    await laptop.client.imports.commit({ id });
    const [row] = await list();
    const { db } = laptop.backend.context.session();
    const events = db.prepare('SELECT text FROM events').all();
    expect(JSON.stringify(events)).not.toContain('Kamala');
    expect(JSON.stringify(events)).not.toContain('(other)');
    const view = await laptop.client.cases.get({ id: row?.id ?? '' });
    expect(view.facts.attributes['contact_channel']).toBe('Ring Kamala at 0141 555 0107');
  });

  it('has every number of a cell as one of its own, and none where there is none', async () => {
    const text = 'received,phone,narrative\n2026-09-01,0141 555 0107; 0141 555 0108,a\n2026-09-01,Withheld,b\n';
    const { preview, refused } = await stage(text);
    expect(preview.map(({ indicators }) => indicators)).toEqual([['0141 555 0107', '0141 555 0108'], []]);
    expect(refused).toBe(0);
  });

  it('names the columns that nothing is done with, whatever they are called', async () => {
    const text = 'received,narative,constructor,narrative\n2026-09-01,x,y,z\n';
    expect(await stage(text)).toMatchObject({ new: 1, ignored: ['narative', 'constructor'] });
  });

  it('has its note in what was told where there is no outcome, and says when it is too long', async () => {
    const long = 'n'.repeat(5_001);
    const text = `received,outcome,note,narrative\n2026-09-01,,rang twice,told\n2026-09-01,Confirmed scam,${long},told\n`;
    expect(await stage(text)).toMatchObject({ preview: [{ narrative: 'told\nrang twice' }], problems: [{ line: 3 }] });
  });

  it('is refused for a date that no place has come to yet', async () => {
    const text = 'received,narrative\n2026-10-05,today somewhere\n2026-10-06,not yet\n';
    expect(await stage(text)).toMatchObject({ new: 1, problems: [{ line: 3, problems: [{ column: 'received' }] }] });
  });

  it('is refused naming its column once, as the file calls it', async () => {
    const columns = { received, Sum: { to: 'attribute', name: 'money_asked' } } as const;
    const { problems } = await staged('received,Sum\n2026-09-01,much EUR\n', columns);
    expect(problems[0]?.problems[0]?.column).toBe('Sum');
    expect(inEnglish(refusalText(problems[0]?.problems ?? []))).toMatch(/^Sum is no amount(?!.*(?:Sum|money_asked))/);
  });

  it('is refused for a currency that the form does not offer', async () => {
    const text = 'received,money_asked,money_asked_currency\n2026-09-01,500,QQQ\n2026-09-01,500,EUR\n';
    expect(await stage(text)).toMatchObject({ new: 1, problems: [{ line: 2, problems: [{ column: 'money_asked' }] }] });
  });

  it.each([
    [
      'two columns for one answer',
      { a: { to: 'attribute', name: 'asked_remote_access' }, b: { to: 'attribute', name: 'asked_remote_access' } },
      {},
    ],
    ['two outcomes', { a: { to: 'outcome', values: {} }, b: { to: 'outcome', values: {} } }, {}],
    ['an answer to no question, in a column', { a: { to: 'attribute', name: 'shoe_size' } }, {}],
    ['an answer to no question, for all rows', {}, { shoe_size: 44 }],
    ['a column that is not there', { c: { to: 'narrative' } }, {}],
  ] as const)('comes under no mapping with %s', async (_name, columns, constants) => {
    const text = 'received,a,b\n2026-09-01,yes,no\n';
    const error = await rejection(staged(text, { received, ...columns }, constants));
    expect(error).toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('what a file is written in', () => {
  const text = 'received;resident\n2026-09-01;José Müller\n';
  const utf16 = (mark: boolean): Buffer => Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  it.each([
    ['utf-8', Buffer.from(`\uFEFF${text}`)],
    ['utf-16le', utf16(true)],
    ['utf-16le', utf16(false)],
    ['utf-16be', utf16(true).swap16()],
    ['windows-1252', Buffer.from(text, 'latin1')],
  ])('is found out: %s', async (encoding, bytes) => {
    const staged = await stage(new Uint8Array(bytes), {
      format: 'outpost.import-mapping/1',
      columns: { received: { to: 'received' }, resident: { to: 'resident' } },
      constants: { contact_channel: 'phone' },
    });
    expect(staged).toMatchObject({
      encoding,
      separator: ';',
      new: 1,
      preview: [{ resident: 'José Müller', answers: 1 }],
    });
  });

  it.each([
    ['an empty file', '', 'BAD_CSV'],
    ['a binary file', 'received\n\0\0', 'BAD_CSV'],
    ['an unclosed quote', 'received,narrative\n2026-09-01,"open', 'BAD_CSV'],
    ['a row of another length', 'received,narrative\n2026-09-01,a,b,c\n', 'BAD_CSV'],
    ['no date', 'resident\nAsha\n', 'BAD_INPUT'],
    ['dates that are in two orders', 'received,narrative\n25/3/2026,a\n3/25/2026,b\n', 'BAD_INPUT'],
    ['dates whose order does not show', 'received,narrative\n3/4/2026,a\n', 'BAD_INPUT'],
  ])('%s is refused, and nothing is kept', async (_name, bytes, code) => {
    expect(await rejection(stage(bytes))).toMatchObject({ code });
    const { db } = laptop.backend.context.session();
    expect(db.prepare('SELECT count(*) AS n FROM case_imports').get()).toEqual({ n: 0 });
  });
});

it('keeps nothing of a file whose reading was cancelled or whose program was ended', async () => {
  const { db } = laptop.backend.context.session();
  const rows = Array.from({ length: 20_000 }, (_, i) => `2026-09-01,call ${i}`);
  const stop = new AbortController();
  const file = await upload(`received,narrative\n${rows.join('\n')}\n`);
  const news = await laptop.client.imports.stage({ file, name: 'x.csv', mapping: null }, { signal: stop.signal });
  const reading = (async () => {
    for await (const one of news) if (one.kind === 'progress') stop.abort();
  })();
  expect(await rejection(reading)).toMatchObject({ code: 'CANCELLED' });
  const left = () => db.prepare('SELECT (SELECT count(*) FROM case_imports) + (SELECT count(*) FROM staged_rows) AS n');
  expect(left().get()).toEqual({ n: 0 });
  await stage(calls);
  expect(left().get()).not.toEqual({ n: 0 });
  laptop = await laptop.restart();
  await laptop.client.vault.unlock({ passphrase: testPassphrase });
  const again = laptop.backend.context.session().db;
  expect(again.prepare('SELECT count(*) AS n FROM case_imports').get()).toEqual({ n: 0 });
});

it('takes any text as it is: what goes in as a narrative comes out of the case', async () => {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const said = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => /\p{L}{3}/u.test(text.normalize('NFC')));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(said, { minLength: 1, maxLength: 8 }), async (texts) => {
      const lines = texts.map((text) => `2026-09-01,${quoted(text)}`);
      const { id, new: fresh, refused } = await stage(`received,narrative\n${lines.join('\n')}\n`);
      expect({ fresh, refused }).toEqual({ fresh: texts.length, refused: 0 });
      await laptop.client.imports.commit({ id });
      const rows = await list();
      const views = await Promise.all(rows.map(({ id: one }) => laptop.client.cases.get({ id: one })));
      const wanted = texts.map((text) => text.replaceAll(/\r\n?/g, '\n').trim()).toSorted();
      expect(views.map((view) => view.private.narrative.replaceAll(/\r\n?/g, '\n')).toSorted()).toEqual(wanted);
      await laptop.client.imports.undo({ id });
    }),
    { numRuns: 10 },
  );
}, 60_000);
