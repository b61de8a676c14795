import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestSigned, requireSigningClock } from '../../../../shared/releases/clock.ts';
import { prepareRenewal } from '../../../../registry/releases/renew.ts';
import { readPublished } from '../../../../registry/releases/repository.ts';
import { resignIfDue } from '../../../../registry/releases/resign.ts';
import { refreshTrust } from '../../../../electron/backend/approval/trust.ts';
import { listFor, pushToy, releaseToy, signByTwo } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

const day = 86_400_000;
let registry: TestRegistry;

beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(() => registry.close());

const published = (): string => readFileSync(join(registry.folder, 'releases/metadata/timestamp.json'), 'utf8');

describe('a clock', () => {
  it.each([
    ['went back a day', -1],
    ['is a year ahead', 365],
  ])('that %s signs nothing online, and the way out is said', async (_, days) => {
    await registry.invite('North office');
    const { release } = await releaseToy(registry, 1);
    const before = published();
    registry.clock.advance(days * day);
    const operator = registry.client(registry.tokens.operator).admin;
    await expect(resignIfDue(registry.context, { always: true })).rejects.toMatchObject({
      code: 'BAD_CLOCK',
      message: expect.stringContaining('--clock-is-right') as string,
    });
    await expect(operator.setChannel({ release, offices: [] })).rejects.toMatchObject({ code: 'BAD_CLOCK' });
    await expect(prepareRenewal(registry.context)).rejects.toThrow(/Set the clock right/);
    expect(published()).toBe(before);
  });

  it('that is wrong publishes no approval; the signatures can be given again once it is right', async () => {
    const proposal = await pushToy(registry, 1);
    registry.clock.advance(-2 * day);
    const list = await listFor(registry, proposal);
    await expect(signByTwo(registry, proposal.report.candidate, list)).rejects.toMatchObject({ code: 'BAD_CLOCK' });
    registry.clock.advance(2 * day);
    const again = await signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal));
    expect(again.state).toBe('approved');
  });

  it('that is right although the registry stood still signs once somebody says so', async () => {
    registry.clock.advance(200 * day);
    await resignIfDue(registry.context, { clockIsRight: true });
    registry.clock.advance(day);
    expect(await resignIfDue(registry.context, { always: true })).toMatchObject({ signed: true });
  });

  it('some minutes behind that of another machine that signs for the registry does no harm', async () => {
    await resignIfDue(registry.context, { always: true });
    registry.clock.advance(-5 * 60_000);
    expect(await resignIfDue(registry.context, { always: true })).toMatchObject({ signed: true });
  });

  it('of an admin is held against the registry’s newest signature', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outpost-clock-'));
    try {
      const { timestamp } = await readPublished(registry.context.blobs);
      const source = {
        metadata: async (name: string) => {
          const answer = await fetch(`${registry.url}/releases/metadata/${name}`);
          return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
        },
        target: () => Promise.resolve(null),
      };
      const rootSha256 = registry.context.registry;
      const now = registry.clock.now();
      const trust = await refreshTrust({ folder, rootSha256, source: source as never, now });
      expect(trust.newestSignature).toBe(newestSigned([timestamp.signed]));
      expect(() => requireSigningClock(now - day, trust.newestSignature, 'sign_again')).toThrow(/signed later/);
      expect(() => requireSigningClock(now + 40 * day, trust.newestSignature, 'sign_again')).toThrow(/40 days after/);
      requireSigningClock(now, trust.newestSignature, 'sign_again');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
