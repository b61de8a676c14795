import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openKey } from '../../../../electron/commands/offline-signing.ts';
import { outpostCommand } from '../../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-signing-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  const sealed = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' } as const;
  writeFileSync(at('key.pem'), privateKey.export(sealed));
  writeFileSync(at('passphrase'), 'wrong\n');
  writeFileSync(at('token'), `${'t'.repeat(43)}\n`);
  writeFileSync(at('words'), 'not a token\n');
  writeFileSync(at('empty'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each<[string, { key?: string; token?: string; passphrase?: string }, string, string]>([
  ['a key file', { key: 'words' }, 'words', 'is no offline key file'],
  ['a token file', { token: 'words' }, 'words', 'is no admin token'],
  ['a passphrase file', { passphrase: 'empty' }, 'empty', 'is empty'],
])('%s that is none is named before the registry is asked', async (_what, files, named, why) => {
  const { key = 'key.pem', token = 'token', passphrase = 'passphrase' } = files;
  const about = ['--registry', 'http://127.0.0.1:9', '--candidate', '0198f000-0000-7000-8000-000000000001'];
  const given = [
    '--key',
    at(key),
    '--token-file',
    at(token),
    '--passphrase-file',
    at(passphrase),
    '--trust',
    at('trust'),
  ];
  const { code, err } = await outpostCommand(['approve', ...about, ...given]);
  expect([code, err]).toEqual([2, expect.stringContaining(at(named))]);
  expect(err).toContain(why);
});

it('a passphrase that does not open the key is told with both files', () => {
  const options = { registry: '', trust: '', key: at('key.pem'), passphraseFile: at('passphrase') };
  expect(() => openKey(options)).toThrow(
    `${at('passphrase')} (its first line) does not open the key file ${at('key.pem')}`,
  );
});
