import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { createNodeBackend } from '../../../../electron/backend/node-backend.ts';
import { outpostCommand } from '../../../support/commands.ts';

let folder: string;
let passphraseFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-setup-'));
  passphraseFile = join(folder, 'passphrase.txt');
  writeFileSync(passphraseFile, '\uFEFFeleven green apples\r\nnot this\r\n', { mode: 0o600 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const setup = (...more: string[]) =>
  outpostCommand(['setup', '--data-dir', join(folder, 'data'), '--passphrase-file', passphraseFile, ...more]);

describe('outpost setup', () => {
  it('makes a data folder that the passphrase and the printed recovery key open', async () => {
    const made = await setup('--name', ' Asha ', '--office', 'North', '--json');
    expect(made).toMatchObject({ code: 0, err: '' });
    const said = JSON.parse(made.out) as { recovery_key: string };
    expect(said).toMatchObject({ data_dir: join(folder, 'data'), name: 'Asha', office: 'North' });
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    for (const key of [{ passphrase: 'eleven green apples' }, { recoveryKey: said.recovery_key }]) {
      const backend = await createNodeBackend({
        dataDir: join(folder, 'data'),
        modelsDir: fileURLToPath(new URL('../../../../models/', import.meta.url)),
        logger: pino({ level: 'silent' }),
      });
      try {
        await backend.client.vault.unlock(key);
        const status = await backend.client.app.status({});
        expect(status).toMatchObject({ vault: 'open', office: 'North', recoveryKeyOpen: false });
        expect(await backend.client.people.list({})).toMatchObject([{ name: 'Asha' }]);
      } finally {
        await backend.close();
      }
    }
  });

  it('leaves a folder that holds a vault as it is, and says so', async () => {
    await setup('--name', 'Asha', '--office', 'North');
    const before = readFileSync(join(folder, 'data', 'vault.json'));
    const again = await setup('--name', 'Ravi', '--office', 'South');
    expect(again.code).toBe(2);
    expect(again.err).toContain('already');
    expect(readFileSync(join(folder, 'data', 'vault.json'))).toEqual(before);
  });

  it.each([
    ['a short passphrase', 'seven77', 'Asha', 'at least 8'],
    ['an empty passphrase file', '', 'Asha', 'empty'],
    ['no name', 'eleven green apples', '  ', '--name'],
  ])('refuses %s and makes no vault', async (_what, passphrase, name, says) => {
    writeFileSync(passphraseFile, passphrase);
    const refused = await setup('--name', name, '--office', 'North');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(says);
    expect(() => statSync(join(folder, 'data', 'vault.json'))).toThrow();
  });
});
