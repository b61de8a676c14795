import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzip } from '../../../../platform/gzip.ts';
import { fromBase64, toBase64 } from '../../../../shared/courier/base64.ts';
import {
  fileOf,
  makeDown,
  makeUp,
  parseDown,
  readUp,
  verifyDown,
  type CourierDown,
  type CourierUp,
} from '../../../../shared/courier/format.ts';
import { isSealed, packCourier, unpackCourier } from '../../../../shared/courier/seal.ts';
import { publicKeyOf, signJson } from '../../../../shared/log/signed.ts';
import { testLog } from '../../../support/laptop.ts';
import { saying } from '../../../support/saying.ts';
import { quoted } from '../../../../shared/language/sentence.ts';

const secret = '3'.repeat(64);
const sign = (purpose: string, body: Parameters<typeof signJson>[1]): string => signJson(purpose, body, secret);
const registry = `age1${'r'.repeat(58)}`;

function up(): CourierUp {
  const log = testLog({ secret });
  for (let i = 0; i < 4; i += 1) log.appendCase();
  const fields = {
    recipient: registry,
    log: log.id,
    key: log.key,
    from: 2,
    to: 5,
    hash: log.head().hash,
    at: '2026-10-05T08:00:00.000Z',
    enrolment: null,
  };
  return makeUp(fields, [log.batch(2, 3), log.batch(4, 5)], sign);
}

function down(): CourierDown {
  const fields = {
    registry: 'r',
    device: crypto.randomUUID(),
    recipient: registry,
    log: null,
    at: '2026-10-05T08:00:00.000Z',
    grant: null,
    receipts: [],
    problem: null,
    notices: [],
    code: null,
  };
  const file = (name: string): { name: string; bytes: Uint8Array } => ({
    name,
    bytes: new TextEncoder().encode(`bytes of ${name}`),
  });
  return makeDown(fields, { metadata: [file('1.root.json')], targets: [file('releases/a/model.onnx')] }, sign);
}

describe('base64', () => {
  it('gives back any bytes and agrees with Node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
    const long = new Uint8Array(100_003).map((_, i) => i * 7);
    expect(fromBase64(toBase64(long))).toEqual(long);
  });

  it('refuses what is not exactly base64', () => {
    for (const text of ['a', 'ab', 'abc', 'ab=c', '====', 'ab cd', 'YWJ-', '=abc']) expect(fromBase64(text)).toBeNull();
  });
});

describe('an up file', () => {
  it('is read back by the registry it is for', () => {
    const made = up();
    expect(readUp(JSON.parse(JSON.stringify(made)), registry)).toEqual(made);
  });

  it('is refused for another registry, with changed contents, a changed range or another signature', () => {
    const made = up();
    const [first, second] = made.batches;
    const others: unknown[] = [
      { ...made, body: { ...made.body, at: '2026-10-06T08:00:00.000Z' } },
      { ...made, body: { ...made.body, to: 4 } },
      { ...made, batches: [first] },
      { ...made, batches: [second, first] },
      { ...made, batches: [] },
      { ...made, signature: signJson('outpost.batch/1', made.body as never, secret) },
      { ...made, signature: '0'.repeat(128) },
      { ...made, extra: true },
      null,
      [],
      'up',
    ];
    for (const other of others)
      expect(() => readUp(other, registry)).toThrowError(expect.objectContaining({ code: 'BAD_COURIER' }) as Error);
    expect(() => readUp(made, `age1${'x'.repeat(58)}`)).toThrow(saying('another registry'));
  });

  it('is refused when its own signer names a range with a hole', () => {
    const log = testLog({ secret });
    for (let i = 0; i < 4; i += 1) log.appendCase();
    const fields = {
      recipient: registry,
      log: log.id,
      key: log.key,
      from: 1,
      to: 5,
      hash: log.head().hash,
      at: '2026-10-05T08:00:00.000Z',
      enrolment: null,
    };
    expect(() => readUp(makeUp(fields, [log.batch(1, 2), log.batch(4, 5)], sign), registry)).toThrow(
      saying('one unbroken range'),
    );
    expect(() => readUp(makeUp(fields, [log.batch(1, 2)], sign), registry)).toThrow(saying('end before'));
  });
});

describe('a down file', () => {
  it('gives its files and is believed for its signature', () => {
    const made = parseDown(JSON.parse(JSON.stringify(down())));
    verifyDown(made, publicKeyOf(secret));
    expect(Buffer.from(fileOf(made, 'metadata', '1.root.json') ?? []).toString()).toBe('bytes of 1.root.json');
    expect(fileOf(made, 'targets', '1.root.json')).toBeNull();
    expect(fileOf(made, 'targets', '__proto__')).toBeNull();
  });

  it('is refused when changed, and its files when they are not the listed ones', () => {
    const made = down();
    expect(() =>
      verifyDown(
        { ...made, body: { ...made.body, notices: [{ case: crypto.randomUUID(), sentence: quoted('pay here') }] } },
        publicKeyOf(secret),
      ),
    ).toThrow(saying('not signed'));
    expect(() => verifyDown(made, publicKeyOf('4'.repeat(64)))).toThrow(saying('not signed'));
    const files = Object.fromEntries(
      Object.keys(made.files).map((hash) => [hash, toBase64(new Uint8Array([1, 2, 3]))]),
    );
    expect(() => fileOf({ ...made, files }, 'targets', 'releases/a/model.onnx')).toThrow(saying('damaged'));
    expect(() => fileOf({ ...made, files: {} }, 'targets', 'releases/a/model.onnx')).toThrow(saying('damaged'));
  });
});

describe('sealing', () => {
  it('opens for the one it is sealed to and for nobody else', async () => {
    const [own, other] = [await generateX25519Identity(), await generateX25519Identity()];
    const sealed = await packCourier({ hello: 'world' }, await identityToRecipient(own), gzip);
    expect(isSealed(sealed)).toBe(true);
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('world');
    expect(await unpackCourier(sealed, own, gzip)).toEqual({ hello: 'world' });
    await expect(unpackCourier(sealed, other, gzip)).rejects.toMatchObject({ code: 'BAD_COURIER' });
  });

  it('stops at the limits: on the stick and while unfolding', async () => {
    const own = await generateX25519Identity();
    const bomb = await packCourier('0'.repeat(20_000_000), await identityToRecipient(own), gzip);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(unpackCourier(bomb, own, gzip, { sealed: 1_000_000, decompressed: 1_000_000 })).rejects.toThrow(
      saying('unpacks to more'),
    );
    await expect(unpackCourier(bomb, own, gzip, { sealed: 1000, decompressed: 1_000_000 })).rejects.toThrow(
      saying('too large'),
    );
  });

  it('refuses text that is not JSON and bytes that are not text', async () => {
    const own = await generateX25519Identity();
    for (const bytes of [Buffer.from('{'), Buffer.from([0xff, 0xfe, 0x00])]) {
      await expect(unpackCourier(gzip.compress(bytes), own, gzip)).rejects.toMatchObject({
        code: 'BAD_COURIER',
      });
    }
  });
});
