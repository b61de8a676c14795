import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createUploadedFiles } from '../../../../../electron/backend/exchange/uploaded-files.ts';
import { fromStored } from '../../../../../shared/encoding/pack.ts';
import { dryRun } from '../../../../../electron/backend/models/service.ts';
import { createSyncStore } from '../../../../../electron/backend/store/sync.ts';
import type { Session } from '../../../../../electron/backend/session/context.ts';
import { manifestSchema, type Manifest } from '../../../../../shared/encoding/manifest.ts';
import { schemaRef } from '../../../../../shared/encoding/schema-identity.ts';
import { sha256Hex } from '../../../../../shared/log/canonical.ts';
import { metadataText, targetsSchema } from '../../../../../shared/releases/metadata.ts';
import { nextTargets } from '../../../../../shared/releases/targets.ts';
import {
  bundledModelsDir,
  testBackend,
  testIntake,
  testPassphrase,
  type TestBackend,
  type TestBackendInput,
} from '../../../../support/backend.ts';
import { saying } from '../../../../support/saying.ts';

const bundledModel = new Uint8Array(readFileSync(join(bundledModelsDir, 'model.onnx')));
const bundled = manifestSchema.parse(JSON.parse(readFileSync(join(bundledModelsDir, 'manifest.json'), 'utf8')));

const open: TestBackend[] = [];
const folders: string[] = [];
async function start(input: TestBackendInput = {}): Promise<TestBackend> {
  const test = await testBackend(input);
  open.push(test);
  return test;
}
afterEach(async () => {
  for (const test of open.splice(0)) await test.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const session = (test: TestBackend): Session => test.backend.context.session();

interface Variant {
  readonly id: string;
  readonly model: Uint8Array;
  readonly manifest: Uint8Array;
}

/** The bundled model under another id and version, with other thresholds when given. */
function variant(version: number, change: Partial<Manifest> = {}): Variant {
  const id = `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`;
  const created = `2026-11-${String(version).padStart(2, '0')}T00:00:00.000Z`;
  const manifest = { ...bundled, model: { ...bundled.model, id, version, created }, ...change };
  return { id, model: bundledModel, manifest: new TextEncoder().encode(JSON.stringify(manifest)) };
}

/** Enrols a laptop whose trusted list names these models. */
function enrol(test: TestBackend, ...listed: Variant[]): void {
  const { db, keyValues } = session(test);
  keyValues.set('enrolment', { office: 'North' });
  const empty = { _type: 'targets', spec_version: '1.0.31', version: 1, expires: '2027-10-05T00:00:00Z', targets: {} };
  const signed = listed.reduce(
    (list, { id, model, manifest }) =>
      nextTargets(list, {
        modelId: id,
        version: manifestSchema.parse(JSON.parse(new TextDecoder().decode(manifest))).model.version,
        model: { sha256: sha256Hex(model), length: model.length },
        manifest: { sha256: sha256Hex(manifest), length: manifest.length },
        proposed: '2026-10-05T00:00:00Z',
      }),
    targetsSchema.parse(empty),
  );
  const text = metadataText({ signed, signatures: [] });
  createSyncStore(db, keyValues).keepMetadata(new Map([['targets.json', new TextEncoder().encode(text)]]));
}

const strict = { thresholds: { notScamBelow: 0.9999999, scamFrom: 1 } };

async function upload(
  test: TestBackend,
  given: { model: Uint8Array; manifest: Uint8Array },
): Promise<{ modelFile: string; manifestFile: string }> {
  const exchange = createUploadedFiles(test.backend.context.exchangeDir);
  const put = (bytes: Uint8Array) => exchange.save([bytes], 100_000_000);
  return { modelFile: await put(given.model), manifestFile: await put(given.manifest) };
}

function activations(test: TestBackend): { version: number; previous: number | null; source: string }[] {
  return session(test)
    .log()
    .read(0, 1000)
    .filter(({ event }) => event.type === 'model.activated')
    .map(({ event }) => {
      const payload = event.public as {
        model: { version: number };
        previous: { version: number } | null;
        source: string;
      };
      return { version: payload.model.version, previous: payload.previous?.version ?? null, source: payload.source };
    });
}

/** A copy of the bundled release with another manifest, as a later version of the program would bring. */
function releaseFolder(manifest: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-models-'));
  folders.push(folder);
  cpSync(join(bundledModelsDir, 'model.onnx'), join(folder, 'model.onnx'));
  writeFileSync(join(folder, 'manifest.json'), manifest);
  return folder;
}

describe('models of a laptop', () => {
  it('begin with the bundled release, activated once and noted in the log', async () => {
    const test = await start();
    const [row, ...others] = await test.client.models.list({});
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      id: bundled.model.id,
      state: 'active',
      source: 'bundled',
      simulated: true,
      sha256: sha256Hex(bundledModel),
    });
    const again = await test.restart();
    open.push(again);
    await again.client.vault.unlock({ passphrase: testPassphrase });
    expect(await again.client.models.list({})).toHaveLength(1);
    expect(activations(again)).toEqual([{ version: 1, previous: null, source: 'bundled' }]);
  });

  it('follow a newer bundled release, but not once a registry has chosen', async () => {
    const test = await start();
    const later = await test.restart({ modelsDir: releaseFolder(variant(2).manifest) });
    await later.client.vault.unlock({ passphrase: testPassphrase });
    expect(session(later).models.active()?.manifest.model.version).toBe(2);
    const { id, ...files } = variant(3);
    await session(later).models.install({ ...files, source: 'registry' });
    await session(later).models.activate(id, 'registry');
    const last = await later.restart({ modelsDir: releaseFolder(variant(4).manifest) });
    open.push(last);
    await last.client.vault.unlock({ passphrase: testPassphrase });
    expect(session(last).models.active()?.manifest.model.version).toBe(3);
    expect((await last.client.models.list({})).map((row) => row.version)).toEqual([4, 3, 2, 1]);
  });

  it('leave the vault usable when the shipped files are damaged', async () => {
    const test = await start({ modelsDir: releaseFolder(new TextEncoder().encode('{}')) });
    expect(await test.client.models.list({})).toEqual([]);
    await expect(test.client.cases.create(testIntake())).resolves.toHaveProperty('id');
  });
});

describe('a model brought as files', () => {
  it('is checked, can be activated by hand and rolled back on a laptop that is not enrolled', async () => {
    const test = await start();
    const { id, ...files } = variant(2);
    const row = await test.client.models.importFile(await upload(test, files));
    expect(row).toMatchObject({ id, state: 'installed', source: 'file', activatedAt: null });
    await test.client.models.activate({ id });
    await test.client.models.activate({ id });
    await test.client.models.activate({ id: bundled.model.id });
    expect(activations(test)).toEqual([
      { version: 1, previous: null, source: 'bundled' },
      { version: 2, previous: 1, source: 'file' },
      { version: 1, previous: 2, source: 'rollback' },
    ]);
  });

  it('can only be tried after enrolment', async () => {
    const test = await start();
    session(test).keyValues.set('enrolment', { office: 'North' });
    const { id, ...files } = variant(2);
    expect(await test.client.models.importFile(await upload(test, files))).toMatchObject({ state: 'dry_run_only' });
    await expect(test.client.models.activate({ id })).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    await expect(test.client.models.dryRun({ id })).resolves.toMatchObject({ model: { id }, scored: 0 });
    expect(session(test).models.active()?.manifest.model.version).toBe(1);
  });

  it('leaves the bundled release to go back to after enrolment, until a release of the registry was installed', async () => {
    const test = await start();
    const [own, approved, withdrawn] = [variant(2), variant(3), variant(4)];
    await test.client.models.importFile(await upload(test, own));
    await test.client.models.activate({ id: own.id });
    enrol(test, approved);
    await test.client.models.activate({ id: bundled.model.id });
    await expect(test.client.models.activate({ id: own.id })).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    for (const { model, manifest } of [approved, withdrawn])
      await session(test).models.install({ model, manifest, source: 'registry' });
    await test.client.models.activate({ id: approved.id });
    for (const id of [bundled.model.id, withdrawn.id])
      await expect(test.client.models.activate({ id })).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    const rows = await test.client.models.list({});
    expect(Object.fromEntries(rows.map(({ version, state }) => [version, state]))).toEqual({
      1: 'dry_run_only',
      2: 'dry_run_only',
      3: 'active',
      4: 'dry_run_only',
    });
  });

  it('does not keep the approved release with its id out, nor take its place', async () => {
    const test = await start();
    const squatter = variant(2, strict);
    await session(test).models.install({ model: squatter.model, manifest: squatter.manifest, source: 'file' });
    const approved = variant(2);
    await session(test).models.install({ model: approved.model, manifest: approved.manifest, source: 'registry' });
    await session(test).models.activate(approved.id, 'registry');
    expect(session(test).models.active()?.manifestSha256).toBe(sha256Hex(approved.manifest));
    await expect(
      session(test).models.install({ model: squatter.model, manifest: squatter.manifest, source: 'file' }),
    ).rejects.toMatchObject({ code: 'BAD_MANIFEST' });
  });

  it('becomes a release when the same files come through the registry', async () => {
    const test = await start();
    const { id, ...files } = variant(2);
    await session(test).models.install({ ...files, source: 'file' });
    enrol(test, { id, ...files });
    await expect(test.client.models.activate({ id })).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    await session(test).models.install({ ...files, source: 'registry' });
    await test.client.models.activate({ id });
    expect(activations(test).at(-1)).toMatchObject({ version: 2, source: 'registry' });
  });

  it('is refused when it is damaged, and nothing is changed', async () => {
    const test = await start();
    const { manifest } = variant(2);
    const damaged = bundledModel.map((byte, i) => (i === 500 ? byte ^ 1 : byte));
    await expect(test.client.models.importFile(await upload(test, { model: damaged, manifest }))).rejects.toMatchObject(
      { code: 'BAD_MODEL' },
    );
    // the manifest of a model that is here already vouches for no other bytes
    const here = new Uint8Array(readFileSync(join(bundledModelsDir, 'manifest.json')));
    await expect(
      test.client.models.importFile(await upload(test, { model: damaged, manifest: here })),
    ).rejects.toMatchObject({ code: 'BAD_MODEL' });
    const wrong = variant(3, { golden: bundled.golden.map((g) => ({ ...g, score: 1 - g.score })) });
    await expect(test.client.models.importFile(await upload(test, wrong))).rejects.toMatchObject({ code: 'BAD_MODEL' });
    const table = new TextEncoder().encode('case,score\n1,0.5\n');
    await expect(test.client.models.importFile(await upload(test, { model: table, manifest }))).rejects.toThrow(
      /is no model.*Choose the \.onnx file/,
    );
    await expect(
      test.client.models.importFile(await upload(test, { model: damaged, manifest: table })),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^BAD_M/),
    });
    await expect(
      test.client.models.importFile({ modelFile: '../../vault.json', manifestFile: 'x' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await test.client.models.list({})).toHaveLength(1);
  });
});

/** The bundled model as one that asks other questions: all of them, or all but some, get names the form does not have. */
function asking(version: number, isOther: (name: string) => boolean): Variant {
  const renamed = (name: string): string => (isOther(name) ? `branch_${name}` : name);
  const { binding } = bundled;
  if (binding.layout !== 'columns') throw new Error('the bundled model has columns');
  const schema = {
    ...bundled.schema,
    id: 'branches',
    issuer: null,
    parent: null,
    ancestors: [],
    attributes: bundled.schema.attributes.map((one) => ({ ...one, name: renamed(one.name) })),
  };
  const rowOf = (row: Manifest['background'][number]) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [renamed(name), value]));
  return variant(version, {
    schema,
    texts: [],
    binding: { ...binding, columns: binding.columns.map((c) => ({ ...c, attribute: renamed(c.attribute) })) },
    background: bundled.background.map(rowOf),
    golden: bundled.golden.map(({ row, score }) => ({ row: rowOf(row), score })),
    reference: { ...bundled.reference, schema: schemaRef(schema) },
  });
}

describe('a model about something else', () => {
  it('is refused at import, naming what it asks, and so is one that came before', async () => {
    const test = await start();
    const { id, ...files } = asking(2, () => true);
    const refusal = { code: 'BAD_MANIFEST', message: expect.stringMatching(/asks branch .* none of the answers/) };
    await expect(test.client.models.importFile(await upload(test, files))).rejects.toMatchObject(refusal);
    expect(await test.client.models.list({})).toHaveLength(1);

    await test.client.cases.create(testIntake());
    await test.backend.idle();
    await session(test).models.install({ ...files, source: 'file' });
    const [flip] = (await test.client.models.dryRun({ id })).flips;
    expect(flip === undefined || flip.after.outside).toBe(true);
    await expect(test.client.models.activate({ id })).rejects.toMatchObject(refusal);
    expect(session(test).models.active()?.manifest.model.version).toBe(1);
  });

  it('in part says how many questions of the form it does not read', async () => {
    const test = await start();
    const others = new Set(['story_told', 'contact_minutes']);
    const { id: _id, ...files } = asking(2, (name) => others.has(name));
    const row = await test.client.models.importFile(await upload(test, files));
    expect(row.formFit.unread).toBe(others.size);
    expect((await test.client.models.list({})).find(({ version }) => version === 1)?.formFit.unread).toBe(0);
  });

  it('is distinguished from a file that is no manifest: figures are none', async () => {
    const test = await start();
    const manifest = new TextEncoder().encode(JSON.stringify({ format: 'outpost.metrics/1', figures: {} }));
    await expect(
      test.client.models.importFile(await upload(test, { model: bundledModel, manifest })),
    ).rejects.toMatchObject({ message: expect.stringMatching(/is no manifest: choose the manifest\.json/) });
  });
});

describe('switching models', () => {
  it('interrupts no run on the old one', async () => {
    const test = await start();
    const { inference, models } = session(test);
    const old = models.active()!;
    await inference.load(old);
    const rows = bundled.background.map((row) => fromStored(bundled.binding, row));
    const running = inference.score(
      old.manifest.model.sha256,
      Array.from({ length: 20_000 }, (_, i) => rows[i % rows.length]!),
    );
    const next = variant(2, strict);
    await models.install({ model: next.model, manifest: next.manifest, source: 'registry' });
    await models.activate(next.id, 'registry');
    await expect(running).resolves.toHaveLength(20_000);
  });

  it('does not happen when the log cannot take the event', async () => {
    const test = await start();
    const next = variant(2);
    const { models, db } = session(test);
    await models.install({ model: next.model, manifest: next.manifest, source: 'registry' });
    db.exec("CREATE TRIGGER full BEFORE INSERT ON activations BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    await expect(models.activate(next.id, 'registry')).rejects.toThrow(saying('disk full'));
    expect(models.active()?.manifest.model.version).toBe(1);
    expect(activations(test)).toHaveLength(1);
  });
});

describe('a dry run', () => {
  it('names the open cases whose verdict would change, and changes nothing', async () => {
    const test = await start();
    const created = [];
    for (let i = 0; i < 12; i++)
      created.push(await test.client.cases.create(testIntake({ resident: `Resident ${i}` })));
    await test.backend.idle();
    const { id, ...files } = variant(2, strict);
    await test.client.models.importFile(await upload(test, files));
    const result = await test.client.models.dryRun({ id });
    expect(result).toMatchObject({ model: { id, version: 2 }, scored: 12 });
    const rows = (await test.client.cases.list({ show: 'open', search: '', limit: 100, offset: 0 })).rows;
    const shown = rows.filter((row) => !row.scoreHidden);
    expect(result.flips.map((flip) => flip.id).toSorted()).toEqual(shown.map((row) => row.id).toSorted());
    expect(result.flips[0]).toMatchObject({
      before: { verdict: 'scam' },
      after: { verdict: 'not_scam' },
      outcome: null,
    });
    expect(rows.every((row) => row.verdict !== 'not_scam')).toBe(true);
  });

  it('can be cancelled', async () => {
    const test = await start();
    await test.client.cases.create(testIntake());
    const ending = new AbortController();
    ending.abort();
    await expect(dryRun(session(test), bundled.model.id, ending.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
