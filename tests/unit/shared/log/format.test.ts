import { fc, test as prop } from '../../property.ts';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256Hex, type Json } from '../../../../shared/log/canonical.ts';
import {
  commitmentOf,
  genesisHash,
  parseSealedEvent,
  sealEvent,
  verifyChain,
  type LogEvent,
  type LogHead,
} from '../../../../shared/log/event.ts';
import {
  publicKeyOf,
  readReceipt,
  receiptPurpose,
  signJson,
  signReceipt,
  verifyJson,
} from '../../../../shared/log/signed.ts';

const log = '0197a7c0-0000-7000-8000-000000000001';
const otherLog = '0197a7c0-0000-7000-8000-000000000002';
const emptyHead: LogHead = { log, seq: 0, hash: genesisHash };

function chain(payloads: readonly Record<string, Json>[]): string[] {
  let head = emptyHead;
  return payloads.map((payload, index) => {
    const event: LogEvent = {
      v: 1,
      log,
      seq: head.seq + 1,
      prev: head.hash,
      id: `0197a7c0-0000-7000-8000-${String(index).padStart(12, '0')}`,
      type: 'case.received',
      at: '2026-03-01T09:30:00.000Z',
      zone: 'Europe/Oslo',
      person: null,
      app: '0.1.0',
      public: payload as LogEvent['public'],
      commitment: null,
    };
    const sealed = sealEvent(event);
    head = { log, seq: event.seq, hash: sealed.hash };
    return sealed.text;
  });
}

describe('canonical JSON', () => {
  test('orders keys by UTF-16 code units and writes numbers as RFC 8785 does', () => {
    // Section 3.2.3 of RFC 8785 gives this ordering, section 3.2.2.3 these numbers.
    expect(
      canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }),
    ).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(canonicalJson([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  test.each([NaN, Infinity, '\ud800', { key: '\udc00' }])('refuses %j, which JSON cannot carry', (value) => {
    expect(() => canonicalJson(value as Json)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  prop('is a fixed point and keeps the value', [fc.jsonValue({ noUnicodeString: false } as never)], (value) => {
    const text = canonicalJson(value as Json);
    expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
  });
});

describe('hash chain', () => {
  test('hashes the exact canonical bytes', () => {
    const [text] = chain([{ a: 1 }]);
    expect(parseSealedEvent(text!).hash).toBe(sha256Hex(text!));
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('accepts any split of a chain and ends at the same head', () => {
    const texts = chain([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    const whole = verifyChain(emptyHead, texts).head;
    const half = verifyChain(emptyHead, texts.slice(0, 2)).head;
    expect(verifyChain(half, texts.slice(2)).head).toEqual(whole);
  });

  test('names the entry it expects when some are missing', () => {
    const texts = chain([{}, {}, {}]);
    expect(() => verifyChain(emptyHead, texts.slice(1))).toThrow(
      expect.objectContaining({ code: 'GAP', data: { expected: 1, got: 2 } }),
    );
  });

  test('refuses entries of another log, repeated entries and text that is not canonical', () => {
    const texts = chain([{}, {}]);
    expect(() => verifyChain({ ...emptyHead, log: otherLog }, texts)).toThrow(
      expect.objectContaining({ code: 'BAD_CHAIN' }),
    );
    expect(() => verifyChain(emptyHead, [texts[0]!, texts[0]!])).toThrow(
      expect.objectContaining({ code: 'BAD_CHAIN' }),
    );
    expect(() => verifyChain(emptyHead, [` ${texts[0]!}`])).toThrow(expect.objectContaining({ code: 'BAD_CHAIN' }));
    expect(() => verifyChain(emptyHead, ['{}'])).toThrow(expect.objectContaining({ code: 'BAD_CHAIN' }));
    expect(() => verifyChain(emptyHead, ['<html>'])).toThrow(expect.objectContaining({ code: 'BAD_CHAIN' }));
  });

  prop(
    'notices any change of any entry but the last',
    [fc.array(fc.dictionary(fc.string(), fc.integer()), { minLength: 2, maxLength: 6 }), fc.nat(), fc.integer()],
    (payloads, at, value) => {
      const texts = chain(payloads);
      const index = at % (texts.length - 1);
      const event = JSON.parse(texts[index]!) as LogEvent;
      const changed = sealEvent({ ...event, public: { ...event.public, changed: value } }).text;
      expect(() => verifyChain(emptyHead, texts.with(index, changed))).toThrow(
        expect.objectContaining({ code: 'BAD_CHAIN' }),
      );
    },
  );
});

describe('commitments', () => {
  prop(
    'bind text and salt',
    [fc.string(), fc.string(), fc.uint8Array({ minLength: 32, maxLength: 32 })],
    (a, b, bytes) => {
      const salt = Buffer.from(bytes).toString('hex');
      expect(commitmentOf({ text: a, salt }) === commitmentOf({ text: b, salt })).toBe(
        Buffer.from(a).equals(Buffer.from(b)),
      );
      const otherSalt = Buffer.from(bytes.map((x, i) => (i === 0 ? x ^ 1 : x))).toString('hex');
      expect(commitmentOf({ text: a, salt })).not.toBe(commitmentOf({ text: a, salt: otherSalt }));
    },
  );
});

describe('signatures and receipts', () => {
  const key = '11'.repeat(32);
  const publicKey = publicKeyOf(key);
  const body = {
    format: 'outpost.receipt/1' as const,
    registry: 'centre',
    log,
    seq: 3,
    hash: 'ab'.repeat(32),
    at: '2026-03-01T09:30:00.000Z',
    clockOffsetMs: null,
  };

  test('follow RFC 8032 and its first test vector', () => {
    expect(publicKeyOf('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });

  test('count for one purpose, one key and one body only', () => {
    const signature = signJson('a', body, key);
    expect(verifyJson('a', body, signature, publicKey)).toBe(true);
    expect(verifyJson('b', body, signature, publicKey)).toBe(false);
    expect(verifyJson('a', { ...body, seq: 4 }, signature, publicKey)).toBe(false);
    expect(verifyJson('a', body, signature, publicKeyOf('22'.repeat(32)))).toBe(false);
    expect(verifyJson('a', body, 'zz', publicKey)).toBe(false);
    expect(verifyJson('a', body, signature, 'ff'.repeat(32))).toBe(false);
  });

  test('a receipt is believed for its own log and key, nothing else is', () => {
    const receipt = signReceipt(body, key);
    expect(readReceipt(JSON.parse(JSON.stringify(receipt)), publicKey, log).body.seq).toBe(3);
    const lies: unknown[] = [
      null,
      'OK',
      { status: 200 },
      { ...receipt, body: { ...body, seq: 9 } },
      { body },
      { body, signature: signJson(receiptPurpose, body, '22'.repeat(32)) },
    ];
    for (const lie of lies) {
      expect(() => readReceipt(lie, publicKey, log)).toThrow(expect.objectContaining({ code: 'BAD_RECEIPT' }));
    }
    expect(() => readReceipt(receipt, publicKey, otherLog)).toThrow(expect.objectContaining({ code: 'BAD_RECEIPT' }));
  });
});
