import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSentence } from '../../../../build/lint/sentences.ts';

const TOP = join(import.meta.dirname, '../../../..');

describe('the rule that only catalogues hold sentences', () => {
  it.each([
    'The input is not valid.',
    'no score',
    'Nothing fits “x”',
    'x cases, above',
    'Outpost cannot start',
    'एक मामला',
  ])('takes “%s” for a sentence', (text) => expect(isSentence(text)).toBe(true));

  it.each([
    'cases',
    'app.status',
    'npm-run',
    'SELECT id FROM cases',
    'content-type: text/plain',
    './a b.ts',
    '1 2 3',
    '',
  ])('takes “%s” for none', (text) => expect(isSentence(text)).toBe(false));
});

describe('the rule inside the linter', () => {
  let folder = '';
  const write = (file: string, lines: readonly string[]): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), lines.join('\n'));
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-sentences-'));
    const config = {
      jsPlugins: [join(TOP, 'build/lint/plugin.ts')],
      categories: { correctness: 'off' },
      rules: { 'outpost/sentences': 'error' },
    };
    write('.oxlintrc.json', [JSON.stringify(config)]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reports texts, templates and markup that say something, and nothing else', () => {
    write('room/bad.tsx', [
      "export const a = 'No case chosen';",
      'export const b = (count: number) => `${count} cases`;',
      "export const c = fail('BAD_INPUT', 'Nothing was saved.');",
      'export const d = <p>No case chosen</p>;',
      'export const e = <p title="No case chosen" />;',
      "export const f = { empty: 'No case yet' };",
      "export const g = make().fail('Nothing was saved.');",
      "export const h = () => console.log('Nothing was saved.');",
      "export const i = say('Nothing was saved.').split('.');",
      "export const j = ask(say === 'yes' ? 'Nothing was saved.' : '');",
      "export class K extends OutpostError { constructor() { super('Nothing was saved.'); } }",
    ]);
    write('room/good.tsx', [
      "import x from './a b c.ts';",
      "export const a = sentence('cases.none_chosen');",
      'export const b = (from: string, to: string) => `${from} ${to}`;',
      "export const c = db.prepare('SELECT id FROM cases WHERE id = ?');",
      'export const d = <p className="card wide" />;',
      "export const e = () => { throw new Error('a mistake of ours'); };",
      "export const f = logger.warn({}, 'the inference process ended');",
      "export const i = () => console.debug('The stream was opened again.');",
      'export const g = sql`select a from b`;',
      "export type H = 'two words';",
      "export const j = new Set('words that stand alone'.split(' '));",
      "export const k = error.message === 'The database is closed' || line.startsWith(`no such ${table}`);",
      'export const l = { headers: { authorization: `Bearer ${token}` } };',
      "export class M extends Error { constructor() { super('a mistake of ours'); } }",
    ]);
    write('room/migrations/0001-core.ts', ["export const migration = { name: 'the first shape' };"]);
    write('tests/any.ts', ["export const a = 'A test may say what it expects';"]);
    const entry = join(TOP, 'node_modules/oxlint/bin/oxlint');
    const ended = spawnSync(process.execPath, [entry, '--format=unix'], { cwd: folder, encoding: 'utf8' });
    const lines = (ended.stdout.match(/bad\.tsx:(\d+):/g) ?? []).map((found) => Number(found.split(':')[1]));
    expect(lines.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(ended.stdout).not.toMatch(/good\.tsx|any\.ts|migrations/);
    expect(ended.status).not.toBe(0);
  });
});
