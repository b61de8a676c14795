import { sentence } from '../../../../shared/language/sentence.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveCommand } from '../../../../electron/commands/approve.ts';
import type { CommandIo } from '../../../../electron/commands/io.ts';
import type { Clock } from '../../../../platform/environment.ts';
import { scoreFacts } from '../../../../learning/evaluation/score-model.ts';
import { currentChampion, proposeCandidate, readManifest } from '../../../../registry/releases/candidates.ts';
import { readBlob } from '../../../../platform/blobs/by-hash.ts';
import type { CandidateReport } from '../../../../shared/contract/registry.ts';
import type { Evidence } from '../../../../shared/releases/evidence.ts';
import { countFlips, evaluateGates, type GateSample } from '../../../../shared/releases/gates.ts';
import { metadataText, signMetadata } from '../../../../shared/releases/metadata.ts';
import { toyModel, type ToyWeights } from '../../../support/models.ts';
import { listFor, pushToy, releaseToy } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { english } from '../../../support/commands.ts';

let registry: TestRegistry;
let folder: string;

beforeAll(async () => {
  registry = await testRegistry();
  folder = mkdtempSync(join(tmpdir(), 'outpost-approve-'));
  registry.approvers.forEach((token, i) => writeFileSync(join(folder, `token${i + 1}`), token));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await registry.close();
});

const clock = (): Clock => ({
  now: () => registry.clock.now(),
  elapsed: () => Date.now(),
  zone: () => 'UTC',
  setTimeout: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
});

interface Run {
  readonly candidate: string;
  readonly key?: 1 | 2 | 3;
  /** Whose token; by default the admin the key belongs to. */
  readonly admin?: 1 | 2 | 3;
  readonly trust?: string;
  readonly root?: string | null;
  readonly answer?: string;
  readonly passphraseFile?: string;
  readonly keyFile?: string;
  readonly more?: string[];
  /** Changes what the registry answers, as a taken-over registry would. */
  readonly tamper?: (url: string, body: Buffer) => Buffer;
}

async function approve(run: Run): Promise<string> {
  const stdout = new PassThrough();
  const io: CommandIo = {
    stdin: Readable.from([run.answer ?? '']),
    stdout,
    language: english,
    stderr: new PassThrough(),
    modelsDir: '',
    signal: new AbortController().signal,
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const answer = await globalThis.fetch(request);
    if (run.tamper === undefined) return answer;
    const body = run.tamper(request.url, Buffer.from(await answer.arrayBuffer()));
    return new Response(new Uint8Array(body), {
      status: answer.status,
      headers: { 'content-type': answer.headers.get('content-type') ?? '' },
    });
  };
  const root = run.root === undefined ? registry.context.registry : run.root;
  const options = {
    '--registry': registry.url,
    '--token-file': join(folder, `token${run.admin ?? run.key ?? 1}`),
    '--candidate': run.candidate,
    '--key': run.keyFile ?? registry.offlineKeys[(run.key ?? 1) - 1]!,
    '--passphrase-file': run.passphraseFile ?? registry.passphraseFile,
    '--trust': run.trust ?? join(folder, 'trust'),
    ...(root === null ? {} : { '--root': root }),
  };
  const args = [...Object.entries(options).flat(), ...(run.answer === undefined ? ['--yes'] : []), ...(run.more ?? [])];
  await approveCommand(io, { fetch, clock: clock() }).parseAsync(args, { from: 'user' });
  return String(stdout.read() ?? '');
}

/** 160 cases whose labels follow what was asked, with some noise. */
function evidenceRows(): Evidence['rows'] {
  return Array.from({ length: 160 }, (_, i) => ({
    facts: {
      schema: { id: 'toy', version: 1 },
      attributes: {
        asked: i % 2 === 0,
        contract: i % 3 === 0,
        minutes: i % 50,
        channel: i % 5 === 0 ? 'popup' : 'phone',
      },
      tactics: [],
    },
    label: (i % 2 === 0) === (i % 11 !== 0) ? 1 : 0,
    weight: i % 4 === 0 ? 2 : 1,
    incident: `incident ${Math.floor(i / 2)}`,
    received: '2026-09-20',
  }));
}

const better: ToyWeights = { asked: 5, contract: -0.5, minutes: 0.1, popup: 0.5, intercept: -2 };

async function sampleOf(
  candidate: ReturnType<typeof toyModel>,
  rows: Evidence['rows'],
  champion: CandidateReport['champion'],
): Promise<GateSample> {
  const facts = rows.map((row) => row.facts);
  const judged = async (model: Uint8Array, manifest: ReturnType<typeof toyModel>['manifest']) => ({
    scores: await scoreFacts(model, manifest, facts),
    thresholds: manifest.thresholds,
  });
  const current = champion && {
    model: await readBlob(registry.context.blobs, champion.model),
    manifest: readManifest(await readBlob(registry.context.blobs, champion.manifest)),
  };
  return {
    rows,
    candidate: await judged(candidate.bytes, candidate.manifest),
    champion: current && (await judged(current.model, current.manifest)),
  };
}

/** Puts up a candidate with evidence, as the pipeline does; `change` bends the report. */
async function propose(
  version: number,
  change: (report: { gates: CandidateReport['gates']; flips: number }) => {
    gates: CandidateReport['gates'];
    flips: number;
  } = (report) => report,
): Promise<CandidateReport> {
  const toy = toyModel({ version, weights: { ...better, intercept: -2 - version / 100 } });
  const rows = evidenceRows();
  const champion = await currentChampion(registry.context);
  const sample = await sampleOf(toy, rows, champion);
  const changed = change({ gates: evaluateGates(sample), flips: countFlips(sample) });
  const submission = {
    model: toy.bytes,
    manifest: toy.manifestBytes,
    evidence: { format: 'outpost.evidence/1' as const, rows },
    champion,
    run: `run ${version}`,
    sentence: sentence('retraining.gate_failed'),
  };
  return proposeCandidate(registry.context, { ...submission, ...changed }, 'pipeline');
}

const state = async (candidate: string) =>
  (await registry.client(registry.tokens.viewer).admin.proposal({ candidate })).state;
const signatures = async (candidate: string) =>
  (await registry.client(registry.tokens.viewer).admin.proposal({ candidate })).signatures.length;

describe('approving on the own machine', () => {
  it('releases a pushed model after two admins signed, and says that it came without evidence', async () => {
    const { candidate } = (await pushToy(registry, 1)).report;
    const first = await approve({ candidate, key: 1, answer: 'yes\n' });
    expect(first).toContain('No evidence: no gate was computed.');
    expect(first).toContain('1 of 2 signatures so far');
    const second = await approve({ candidate, key: 3, trust: join(folder, 'other admin') });
    expect(second).toMatch(/\+ releases\/.*\/model\.onnx/);
    const { manifest } = await registry.client(registry.tokens.viewer).admin.proposal({ candidate });
    expect(second).toContain(`registry channel set --release releases/${manifest.model.id}\n`);
    expect(await state(candidate)).toBe('approved');
  });

  it('counts no second signature of the same admin, whichever key it is made with', async () => {
    const { candidate } = (await pushToy(registry, 5)).report;
    await approve({ candidate, key: 1, admin: 1 });
    expect(await approve({ candidate, key: 1, admin: 1 })).toContain('This key signed already');
    await expect(approve({ candidate, key: 2, admin: 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('from another admin'),
    });
    expect([await state(candidate), await signatures(candidate)]).toEqual(['open', 1]);
  });

  it('computes the gates of a candidate with evidence again, against the current model', async () => {
    const { candidate } = await propose(2);
    const shown = await approve({ candidate });
    expect(shown).toContain('computed again on this machine from 160 cases');
    expect(shown).toContain('Missed scams');
    await approve({ candidate, key: 2 });
    expect(await state(candidate)).toBe('approved');
  });

  it('signs nothing when the person does not say yes', async () => {
    const { candidate } = await propose(3);
    await expect(approve({ candidate, answer: 'no\n' })).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(approve({ candidate, answer: '' })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await signatures(candidate)).toBe(0);
  });

  it('raises the minimum only when both signers say so', async () => {
    const { candidate } = await propose(4);
    expect(await approve({ candidate, more: ['--minimum', '2'] })).toContain('RAISED from 1 to 2');
    await expect(approve({ candidate, key: 2, more: ['--minimum', '3'] })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
    });
    expect(await approve({ candidate, key: 2 })).toContain('RAISED from 1 to 2');
    expect(await state(candidate)).toBe('approved');
  });
});

describe('a registry that lies', () => {
  const flip = (body: Buffer): Buffer => {
    const bent = Buffer.from(body);
    bent[bent.length - 1] = bent[bent.length - 1]! ^ 1;
    return bent;
  };

  it('gets no signature for a model, manifest or evidence that is not the one the report names', async () => {
    const report = await propose(10);
    const { candidate } = report;
    for (const [what, hash] of [
      ['model', report.model],
      ['manifest', report.manifest],
      ['evidence', report.evidence],
    ] as const) {
      const tampered = approve({ candidate, tamper: (url, body) => (url.endsWith(hash) ? flip(body) : body) });
      await expect(tampered).rejects.toMatchObject({
        code: 'NOT_APPROVED',
        message: expect.stringMatching(new RegExp(`${what} is not the one.*${hash}`)),
      });
    }
    expect(await signatures(candidate)).toBe(0);
  });

  it('gets no signature for figures, flips or cases the evidence does not support', async () => {
    const kinder = await propose(11, ({ gates, flips }) => ({
      flips,
      gates: gates.map((gate, i) => (i === 0 ? { ...gate, figure: 0.001, result: 'holds' } : gate)),
    }));
    await expect(approve({ candidate: kinder.candidate })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining('Missed scams is'),
    });
    const fewer = await propose(12, ({ gates, flips }) => ({ flips: flips + 1, gates }));
    await expect(approve({ candidate: fewer.candidate })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining('verdicts change'),
    });
    const missing = await propose(13, ({ flips }) => ({ flips, gates: [] }));
    await expect(approve({ candidate: missing.candidate })).rejects.toMatchObject({ code: 'NOT_APPROVED' });
  });

  it('gets no signature for a manifest shown that is not the file, nor under a bent date or another comparison', async () => {
    const { candidate, proposed, champion } = await propose(14);
    const bend =
      (from: string | RegExp, to: string) =>
      (url: string, body: Buffer): Buffer =>
        url.endsWith('/admin/proposal') ? Buffer.from(body.toString().replaceAll(from, to)) : body;
    await expect(
      approve({ candidate, tamper: bend('"notScamBelow":0.3', '"notScamBelow":0.2') }),
    ).rejects.toMatchObject({ code: 'NOT_APPROVED', message: expect.stringContaining('manifest shown') });
    await expect(approve({ candidate, tamper: bend(proposed, '2056-01-01T00:00:00.000Z') })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining('dated'),
    });
    await expect(approve({ candidate, tamper: bend(champion!.model, 'a'.repeat(64)) })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining('no approved release'),
    });
    await expect(
      approve({ candidate, tamper: bend(/"champion":\{"id".*?\}/g, '"champion":null') }),
    ).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    await expect(
      approve({
        candidate,
        tamper: (url, body) => (url.includes('/rpc/') ? Buffer.from('<html>Sign in to the network</html>') : body),
      }),
    ).rejects.toThrow();
    expect(await signatures(candidate)).toBe(0);
  });

  it('cannot slip an entry into the list by way of the first signer', async () => {
    const proposal = await pushToy(registry, 20);
    const { candidate } = proposal.report;
    const list = await listFor(registry, proposal);
    const wider = {
      ...list,
      targets: { ...list.targets, 'releases/evil/model.onnx': { length: 1, hashes: { sha256: 'b'.repeat(64) } } },
    };
    const stored = registry.signTargets(wider, 1);
    await registry.context.db.updateTable('candidates').set({ targets: stored }).where('id', '=', candidate).execute();
    await expect(approve({ candidate, key: 2 })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining('releases/evil/model.onnx'),
    });
  });

  it('cannot choose the lowest version by a list that no offline key signed', async () => {
    const proposal = await pushToy(registry, 21);
    const { candidate } = proposal.report;
    const store = (targets: string | null) =>
      registry.context.db.updateTable('candidates').set({ targets }).where('id', '=', candidate).execute();
    const list = await listFor(registry, proposal, 21);
    const stranger = metadataText({ signed: list, signatures: [signMetadata(list, '7'.repeat(64))] });
    for (const targets of [registry.signTargets(list), stranger]) {
      await store(targets);
      await expect(approve({ candidate, key: 2 })).rejects.toMatchObject({
        code: 'NOT_APPROVED',
        message: expect.stringContaining('no signature'),
      });
    }
    await store(null);
    await expect(approve({ candidate, key: 2 })).resolves.toContain('1 of 2');
  });

  it('cannot pose as the registry that was pinned, nor set the admin back to an older list', async () => {
    const { candidate } = await propose(15);
    await expect(approve({ candidate, trust: join(folder, 'fresh'), root: 'c'.repeat(64) })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
    });
    await expect(approve({ candidate, trust: join(folder, 'fresh'), root: null })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const old = new Map<string, Buffer>();
    const record = (url: string, body: Buffer): Buffer => (old.set(url, body), body);
    await approve({ candidate, tamper: record });
    await releaseToy(registry, 30);
    await expect(approve({ candidate: (await pushToy(registry, 31)).report.candidate, key: 2 })).resolves.toContain(
      '1 of 2',
    );
    const replay = (url: string, body: Buffer): Buffer =>
      url.includes('/releases/metadata/') ? (old.get(url) ?? body) : body;
    await expect(approve({ candidate, tamper: replay })).rejects.toMatchObject({ code: 'BAD_RELEASE' });
  });
});

describe('keys', () => {
  it('that do not open, or belong to another registry, sign nothing', async () => {
    const { candidate } = await propose(40);
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'not this one\n');
    await expect(approve({ candidate, passphraseFile: wrong })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    const other = await testRegistry();
    await expect(
      approve({ candidate, keyFile: other.offlineKeys[0]!, passphraseFile: other.passphraseFile }),
    ).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    await other.close();
    expect(await signatures(candidate)).toBe(0);
  });
});
