import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRegistry } from '../../../registry/cli.ts';
import type { CommandIo } from '../../../platform/command-io.ts';
import { readCode } from '../../support/laptop.ts';
import { writeToyModel } from '../../support/models.ts';
import { registryClient, testClock } from '../../support/registry.ts';
import { english } from '../../support/commands.ts';

let base: string;
const clock = testClock();
const inBase = (...parts: string[]) => join(base, ...parts);

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function ioFor(ended: () => Promise<void>): { io: CommandIo; stdout: PassThrough; stderr: PassThrough } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  return {
    stdout,
    stderr,
    io: {
      stdin: Readable.from([]),
      stdout,
      stderr,
      language: english,
      env: {},
      clock,
      random: (bytes) => randomBytes(bytes),
      ended,
    },
  };
}

async function run(...args: string[]): Promise<Ran> {
  const { io, stdout, stderr } = ioFor(() => Promise.resolve());
  const code = await runRegistry(args, io);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}
const here = (...args: string[]) => run(...args, '--folder', inBase('registry'));

/** Runs `registry serve` for as long as `work` takes. */
async function whileServing(work: (url: string) => Promise<void>): Promise<void> {
  let end = (): void => undefined;
  const { io, stdout } = ioFor(() => new Promise((resolve) => (end = resolve)));
  const address = new Promise<string>((resolve) =>
    stdout.once('data', (chunk: Buffer) => resolve(String(chunk).replace('Listening on ', '').trim())),
  );
  const served = runRegistry(['serve', '--folder', inBase('registry'), '--port', '0', '--log-level', 'silent'], io);
  try {
    await work(await address);
  } finally {
    end();
    expect(await served).toBe(0);
  }
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'outpost-registry-cli-'));
  writeFileSync(inBase('passphrase'), 'correct horse battery\n');
  const made = await here('init', '--keys', inBase('offline'), '--passphrase-file', inBase('passphrase'), '--json');
  expect(made.code).toBe(0);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('setting up', () => {
  it('writes encrypted offline keys and keeps the online ones to this user', () => {
    for (const number of [1, 2, 3]) {
      expect(readFileSync(inBase('offline', `offline${number}.pem`), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
      expect(statSync(inBase('offline', `offline${number}.pem`)).mode & 0o077).toBe(0);
    }
    for (const file of [inBase('registry', 'keys', 'online.json'), inBase('registry', 'registry.sqlite')])
      expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('never overwrites a registry or keys, and wants a passphrase worth the name', async () => {
    const before = readFileSync(inBase('offline', 'offline1.pem'));
    const init = (folder: string, keys: string, passphrase: string) =>
      run('init', '--folder', inBase(folder), '--keys', inBase(keys), '--passphrase-file', inBase(passphrase));
    expect(await init('registry', 'elsewhere', 'passphrase')).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds a registry already'),
    });
    expect(await init('new', 'offline', 'passphrase')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
    writeFileSync(inBase('short'), 'abc\n');
    expect(await init('new', 'new-keys', 'short')).toMatchObject({ code: 2 });
    expect(await init('new', 'new-keys', 'no such file')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be read'),
    });
    expect(readFileSync(inBase('offline', 'offline1.pem'))).toEqual(before);
  });

  it('says what is wrong with a command, and explains every one', async () => {
    expect((await run('nonsense')).code).toBe(2);
    expect((await run('offices')).err).toContain('--folder');
    expect((await run('offices', '--folder', inBase('nothing here'))).code).toBe(2);
    expect((await here('admin', 'add', '--name', 'x', '--role', 'king')).code).toBe(2);
    for (const command of ['init', 'serve', 'enrol', 'push', 'proposals', 'offices', 'resign']) {
      expect(await run(command, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: registry') });
    }
    for (const group of ['admin', 'channel', 'quarantine', 'device', 'renew', 'key'])
      expect((await run(group, '--help')).out).toContain('Commands:');
  });

  it('asks nobody for a passphrase where there is no terminal', async () => {
    expect(await run('init', '--folder', inBase('other'), '--keys', inBase('other keys'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--passphrase-file'),
    });
  });
});

describe('running', () => {
  it('enrols, takes a pushed model over HTTP and shows it', async () => {
    const token = (await here('admin', 'add', '--name', 'Ann', '--role', 'trainer')).out.trim();
    writeFileSync(inBase('token'), `${token}\n`);
    writeToyModel(base);
    await whileServing(async (url) => {
      const code = readCode((await here('enrol', '--office', 'North', '--address', url)).out.trim());
      expect(code).toMatchObject({ address: url, rootSha256: (await registryClient(url).hello({})).rootSha256 });
      const remote = ['--registry', url, '--token-file', inBase('token')];
      const pushed = await run(
        'push',
        ...remote,
        '--model',
        inBase('model.onnx'),
        '--manifest',
        inBase('manifest.json'),
      );
      expect(pushed).toMatchObject({ code: 0, out: expect.stringContaining('came without evidence') });
      const again = await run(
        'push',
        ...remote,
        '--model',
        inBase('model.onnx'),
        '--manifest',
        inBase('manifest.json'),
      );
      expect(again).toMatchObject({ code: 1, err: expect.stringContaining('proposed for approval already') });
      expect(JSON.parse((await run('proposals', ...remote, '--json')).out)).toMatchObject([
        { state: 'open', report: { gates: [], evidenceRows: 0 } },
      ]);
      const refused = { code: 2, err: expect.stringContaining(`the token in ${inBase('token')}`) };
      expect(await run('channel', 'set', ...remote, '--release', 'releases/x')).toMatchObject(refused);
      writeFileSync(inBase('unknown'), `${'u'.repeat(43)}\n`);
      expect(await run('offices', '--registry', url, '--token-file', inBase('unknown'))).toMatchObject({
        code: 2,
        err: expect.stringContaining(`the token in ${inBase('unknown')}`),
      });
      expect((await run('offices', ...remote)).out).toContain('north  North: 0 laptops');
    });
    expect((await here('proposals')).out).toContain('0 of 2 signatures');
    expect((await here('channel', 'set', '--release', 'releases/x')).err).toContain('no approved release');
    expect((await here('quarantine', 'list')).out).toBe('Nothing is in quarantine.\n');
    expect((await here('quarantine', 'replay', '--json')).out).toBe('{"released":0,"kept":0}\n');
    expect((await here('admin', 'revoke', '--name', 'Ann')).code).toBe(0);
  });

  it('makes no code for an address that is none', async () => {
    for (const address of ['nonsense', 'ftp://registry.example', 'localhost:7410'])
      expect(await here('enrol', '--office', 'North', '--address', address)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('https://'),
      });
  });

  it('writes codes to files that only this user can read', async () => {
    expect(
      (await here('enrol', '--office', 'South', '--address', 'http://registry.test', '--out', inBase('code'))).code,
    ).toBe(0);
    expect(readCode(readFileSync(inBase('code'), 'utf8').trim()).address).toBe('http://registry.test');
    expect(statSync(inBase('code')).mode & 0o077).toBe(0);
  });

  it('says which port is taken, in words', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, err } = await here('serve', '--port', String(port), '--log-level', 'silent');
    other.close();
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`Port ${port} of 127.0.0.1`) });
  });

  it('serves a folder once, and says who holds it', async () => {
    await whileServing(async () => {
      const { code, err } = await here('serve', '--port', '0', '--log-level', 'silent');
      expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining('Another "registry serve"') });
    });
    await whileServing(async (url) => expect(url).toContain('http://'));
  });

  it('signs online information again by itself when the server starts after a day, and on demand', async () => {
    const timestamp = () =>
      JSON.parse(readFileSync(inBase('registry', 'releases', 'metadata', 'timestamp.json'), 'utf8')).signed as {
        version: number;
      };
    const before = timestamp().version;
    await whileServing(async () => expect(timestamp().version).toBe(before));
    clock.advance(2 * 86_400_000);
    await whileServing(async () => expect(timestamp().version).toBe(before + 1));
    expect((await here('resign')).out).toContain('valid until 2027-01-05');
  });

  it('makes keys, prepares renewals, and publishes none that is not signed', async () => {
    const made = await run('key', 'new', '--out', inBase('offline4.pem'), '--passphrase-file', inBase('passphrase'));
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
    expect(statSync(inBase('offline4.pem')).mode & 0o077).toBe(0);
    expect(
      (await run('key', 'new', '--out', inBase('offline4.pem'), '--passphrase-file', inBase('passphrase'))).code,
    ).toBe(1);
    const renewal = inBase('renewal.json');
    expect((await here('renew', 'prepare', '--out', renewal, '--bring-in', made.out.trim())).code).toBe(2);
    expect((await here('renew', 'prepare', '--out', renewal)).code).toBe(0);
    expect(await here('renew', 'publish', '--file', renewal)).toMatchObject({
      code: 6,
      err: expect.stringContaining('0 of 2'),
    });
    expect((await here('device', 'list')).out).toBe('No laptop is enrolled yet.\n');
    expect(await here('device', 'revoke', 'nobody')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no enrolled laptop'),
    });
  });

  it('ends with an error when the store belongs to a newer registry', async () => {
    const { openSqlite } = await import('../../../platform/database.ts');
    const db = openSqlite(inBase('registry', 'registry.sqlite')).withTables<{
      kysely_migration: { name: string; timestamp: string };
    }>();
    await db
      .insertInto('kysely_migration')
      .values({ name: '9999-future', timestamp: '2030-01-01T00:00:00.000Z' })
      .execute();
    expect(await here('serve', '--port', '0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('newer version of Outpost'),
    });
    await db.deleteFrom('kysely_migration').where('name', '=', '9999-future').execute();
    await db.destroy();
  });
});
