import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outpostCommand } from '../../../support/commands.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
const inFolder = () => ['--data-dir', file('data'), '--passphrase-file', file('passphrase.txt')];
const imports = (...args: string[]) => outpostCommand(['import', ...args, ...inFolder()]);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-import-'));
  writeFileSync(file('passphrase.txt'), 'eleven green apples\n', { mode: 0o600 });
  const made = await outpostCommand(['setup', ...inFolder(), '--name', 'Asha', '--office', 'North']);
  expect(made.code).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ftc = `Company_Phone_Number,Created_Date,Violation_Date,Consumer_City,Consumer_State,Consumer_Area_Code,Subject,Recorded_Message_Or_Robocall
8005550107,2026-09-23 00:02:35,2026-09-22 18:00:00,Albany,New York,518,Computer & technical support,Y
,2026-09-23 00:05:11,2026-09-22 19:00:00,Reno,Nevada,775,Dropped call or no message,
=12,yesterday,2026-09-22 18:00:00,Troy,New York,518,Other,N
`;

describe('outpost import', () => {
  it('takes in a public file, hands back what it refuses, and does so once', async () => {
    writeFileSync(file('calls.csv'), ftc);
    const dry = await imports(file('calls.csv'), '--dry-run', '--json');
    expect(dry).toMatchObject({
      code: 0,
      out: '{"import":null,"rows":3,"new":2,"known":0,"refused":1,"ignored":["Consumer_Area_Code"]}\n',
    });
    const done = await imports(file('calls.csv'), '--json', '--refused', file('refused.csv'));
    const { import: id, ...counts } = JSON.parse(done.out) as { import: string };
    expect(counts).toEqual({ rows: 3, new: 2, known: 0, refused: 1, ignored: ['Consumer_Area_Code'] });
    expect(done.err).toContain('FTC');
    const refused = readFileSync(file('refused.csv'), 'utf8');
    expect(refused).toContain("\r\n'=12,yesterday");
    expect(refused).toContain('Created_Date: this is no date');
    expect(statSync(file('refused.csv')).mode & 0o777).toBe(0o600);
    expect((await imports(file('calls.csv'), '--json')).out).toContain('"new":0,"known":2,"refused":1');
    expect(JSON.parse((await imports('--undo', id, '--json')).out)).toEqual({ import: id, undone: 2 });
  }, 180_000);

  it('reads columns as a mapping says', async () => {
    writeFileSync(file('own.csv'), 'When,Who,Result\n3/4/2026,Kamala Devi,proven\n');
    const result = { to: 'outcome', values: { proven: 'confirmed_scam' } };
    const columns = { When: { to: 'received', order: 'day_first' }, Who: { to: 'resident' }, Result: result };
    const constants = { contact_channel: 'phone' };
    writeFileSync(
      file('map.json'),
      `\uFEFF${JSON.stringify({ format: 'outpost.import-mapping/1', columns, constants })}`,
    );
    const done = await imports(file('own.csv'), '--mapping', file('map.json'), '--json');
    expect(done.out).toContain('"rows":1,"new":1');
  }, 180_000);

  it.each([
    ['neither file nor import', () => [], 'Name either'],
    ['no such file', () => [file('none.csv')], 'none.csv'],
    ['a folder', () => [folder], 'folder'],
    ['a bad mapping', () => [file('calls.csv'), '--mapping', file('calls.csv')], 'no mapping'],
    ['no such import', () => ['--undo', '0198f000-0000-7000-8000-000000000001'], 'no such import'],
    ['a wrong date order', () => [file('odd.csv')], 'day or month'],
  ])('refuses %s with a word, and takes in nothing', async (_name, args, word) => {
    writeFileSync(file('calls.csv'), ftc);
    writeFileSync(file('odd.csv'), 'received,narrative\n3/4/2026,They called\n');
    const refused = await imports(...args());
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain(word);
    expect(refused.out).toBe('');
  });

  it('makes no data folder where there is none', async () => {
    writeFileSync(file('calls.csv'), ftc);
    const args = [
      'import',
      file('calls.csv'),
      '--data-dir',
      file('other'),
      '--passphrase-file',
      file('passphrase.txt'),
    ];
    const refused = await outpostCommand(args);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('outpost setup');
    expect(() => statSync(file('other'))).toThrow('ENOENT');
  });
});
