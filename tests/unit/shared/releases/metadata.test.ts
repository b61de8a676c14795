import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicKeyOf } from '../../../../shared/log/signed.ts';
import {
  expiryAfter,
  keyIdOf,
  metadataText,
  parseMetadata,
  signMetadata,
  targetsSchema,
  tufCanonical,
  tufKey,
  validSignatures,
  type TargetsSigned,
} from '../../../../shared/releases/metadata.ts';
import {
  listedReleases,
  nextTargets,
  sameSigned,
  signedMinimum,
  targetsDifference,
  type NewRelease,
} from '../../../../shared/releases/targets.ts';

// The canonical form the update framework's own client verifies with; it comes with @tufjs/models.
const fromModels = createRequire(createRequire(import.meta.url).resolve('@tufjs/models'));
const { canonicalize } = fromModels('@tufjs/canonical-json') as { canonicalize: (value: unknown) => string };

const empty: TargetsSigned = {
  _type: 'targets',
  spec_version: '1.0.31',
  version: 3,
  expires: '2027-01-01T00:00:00Z',
  targets: {},
};
const release = (modelId: string, version: number, more: Partial<NewRelease> = {}): NewRelease => ({
  modelId,
  version,
  model: { sha256: 'a'.repeat(64), length: 10 },
  manifest: { sha256: 'b'.repeat(64), length: 20 },
  proposed: '2026-10-05T08:00:00.000Z',
  ...more,
});

describe('canonical form of release metadata', () => {
  it('is the one the client verifies', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(fc.property(json, (value) => tufCanonical(value) === canonicalize(value)));
  });

  it('refuses fractions and values JSON does not know', () => {
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1]) {
      expect(() => tufCanonical({ value: [value] })).toThrow(expect.objectContaining({ code: 'BAD_RELEASE' }));
    }
  });
});

describe('signatures', () => {
  const secrets = [1, 2, 3].map(() => randomBytes(32).toString('hex'));
  const keys = Object.fromEntries(
    secrets.map((secret) => [keyIdOf(tufKey(publicKeyOf(secret))), tufKey(publicKeyOf(secret))]),
  );
  const ids = Object.keys(keys);
  const role = { keyids: ids.slice(0, 2), threshold: 2 };

  it('count once per key of the role, and only over these bytes', () => {
    const [first, second, foreign] = secrets.map((secret) => signMetadata(empty, secret)) as [never, never, never];
    const other = signMetadata({ ...empty, version: 4 }, secrets[1]!);
    const count = (...signatures: never[]) => validSignatures({ signed: empty, signatures }, role, keys).length;
    expect(count(first, second)).toBe(2);
    expect(count(first, first)).toBe(1);
    expect(count(first, foreign)).toBe(1);
    expect(count(first, other as never)).toBe(1);
    expect(count()).toBe(0);
  });

  it('do not count when one key is listed under two ids', () => {
    const signature = signMetadata(empty, secrets[0]!);
    const alias = { ...signature, keyid: 'alias' };
    const twice = { keyids: [ids[0]!, 'alias'], threshold: 2 };
    const valid = validSignatures({ signed: empty, signatures: [signature, alias] }, twice, {
      ...keys,
      alias: keys[ids[0]!]!,
    });
    expect(valid).toHaveLength(1);
  });

  it('survive being written and read', () => {
    const metadata = { signed: nextTargets(empty, release('m', 1)), signatures: [signMetadata(empty, secrets[0]!)] };
    expect(parseMetadata(metadataText(metadata), targetsSchema)).toEqual(metadata);
    for (const text of ['', '{}', '[]', '{"signatures":[],"signed":{"_type":"root"}}']) {
      expect(() => parseMetadata(text, targetsSchema)).toThrow(expect.objectContaining({ code: 'BAD_RELEASE' }));
    }
  });
});

describe('the next list of releases', () => {
  it('is the same for everyone who starts from the same list', () => {
    const reordered = {
      targets: {},
      version: 3,
      expires: '2027-01-01T00:00:00Z',
      spec_version: '1.0.31',
      _type: 'targets' as const,
    };
    expect(sameSigned(nextTargets(empty, release('m', 1)), nextTargets(reordered, release('m', 1)))).toBe(true);
  });

  it('keeps everything, adds one release, and counts its expiry from the proposal', () => {
    const one = nextTargets(empty, release('m1', 1));
    const two = nextTargets(one, release('m2', 2, { proposed: '2027-03-01T00:00:00.000Z' }));
    expect(two.version).toBe(5);
    expect([one.expires, two.expires]).toEqual(['2027-10-05T08:00:00Z', '2028-02-29T00:00:00Z']);
    expect(nextTargets(two, release('m3', 3)).expires).toBe(two.expires);
    expect(listedReleases(two).map((each) => [each.release, each.version])).toEqual([
      ['releases/m1', 1],
      ['releases/m2', 2],
    ]);
    expect(targetsDifference(one, two)).toEqual({
      added: ['releases/m2/manifest.json', 'releases/m2/model.onnx'],
      changed: [],
      removed: [],
    });
  });

  it('never lowers the minimum, and refuses what is below it or there already', () => {
    const raised = nextTargets(empty, release('m5', 5, { minimum: 4 }));
    expect(signedMinimum(raised)).toBe(4);
    expect(signedMinimum(nextTargets(raised, release('m6', 6, { minimum: 2 })))).toBe(4);
    expect(() => nextTargets(raised, release('m3', 3))).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    expect(() => nextTargets(raised, release('m5', 6))).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    expect(() => nextTargets(empty, release('m7', 2, { minimum: 3 }))).toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
    expect(signedMinimum(empty)).toBe(1);
  });

  it('refuses a second release under a version that is listed already', () => {
    const one = nextTargets(empty, release('m1', 1));
    expect(() => nextTargets(one, release('m2', 1))).toThrow(
      expect.objectContaining({ code: 'CONFLICT', message: expect.stringContaining('Version 1') }),
    );
  });

  it('lists no release whose model is missing or whose manifest names another', () => {
    const one = nextTargets(empty, release('m1', 1));
    const { 'releases/m1/model.onnx': _, ...withoutModel } = one.targets;
    expect(listedReleases({ ...one, targets: withoutModel })).toEqual([]);
    const moved = { ...one.targets, 'channels/x.json': one.targets['releases/m1/manifest.json']! };
    expect(listedReleases({ ...one, targets: moved })).toHaveLength(1);
  });

  it('writes expiry in whole seconds', () => {
    expect(expiryAfter(Date.parse('2026-10-05T08:00:00.999Z'), 1)).toBe('2026-10-06T08:00:00Z');
  });
});
