import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../registry/storage/migrations/index.ts';
import { knownCases, saveCase } from '../../registry/cases/cases.ts';
import { listQuarantine } from '../../registry/laptops/quarantine.ts';
import { watchedBefore } from '../../registry/monitoring/monitor.ts';
import { monitorReportSchema } from '../../shared/drift/report.ts';
import { monitorSentences } from '../../shared/drift/sentence.ts';
import { quoted } from '../../shared/language/sentence.ts';
import { knownSchemas } from '../../registry/releases/schemas.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { childSchema } from '../../shared/encoding/extend-schema.ts';
import { withCompanions } from '../../shared/encoding/companions.ts';
import { downgradeSchema } from '../../shared/encoding/schema-format-1.ts';
import { schemaHash } from '../../shared/encoding/schema-identity.ts';
import { toyModel } from '../support/models.ts';
import { listRuns } from '../../learning/runs/store.ts';
import { openPostgres, openSqlite } from '../../platform/database.ts';
import type { Store } from '../../registry/storage/db/tables.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';

/** The tables as earlier shapes had them, for writing rows the way the first program did. */
interface FirstShape {
  devices: { id: string; office: string; key: string; seal_to: string; enrolled_at: string; last_seen: string | null };
  offices: { id: string; name: string; office_key: string; created_at: string };
  known_cases: {
    id: string;
    source: string;
    office: string;
    received: string;
    incident: string | null;
    urgent: number;
    facts: string;
    tactics: string;
    scored: string | null;
    outcome: string | null;
    outcome_at: string | null;
  };
  runs: {
    id: string;
    parent: string | null;
    params: string;
    seed: number;
    dataset: string;
    metrics: string;
    timings: string;
    notes: string;
    created_at: string;
  };
}

/** The tables as the eighth step left them. */
interface EighthShape {
  monitor_reports: { id: number; at: string; kind: string; sentence: string; report: string };
  quarantine: { log: string; seq: number; reason: string; at: string };
}

const at = '2026-01-01T00:00:00.000Z';
const device = { id: 'd', office: 'o', key: 'k', seal_to: 'age1x', enrolled_at: at, last_seen: null };
const office = { id: 'o', name: 'Büro ✓', office_key: 'a'.repeat(64), created_at: at };
const run = {
  id: '0197a7c0-0000-7000-8000-000000000001',
  parent: null,
  params: '{"recipe":"schema 1, all cases alike","schema":1,"halfLife":null,"cut":"2025-12-01","code":"0.1.0"}',
  seed: 9_007_199_254_740_991,
  dataset: 'ab'.repeat(32),
  metrics: '{"gates":[],"holdOut":120,"logLoss":0.31,"cost":0.2}',
  timings: '{"trainMs":900,"judgeMs":20}',
  notes: 'made for the tactics known',
  created_at: at,
};
const knownCase = {
  id: run.id,
  source: 'dataset',
  office: 'o',
  received: '2026-01-01',
  incident: 'i',
  urgent: 0,
  facts: '{"schema":{"id":"complaints","version":1},"attributes":{},"tactics":[]}',
  tactics: '[]',
  scored: null,
  outcome: 'confirmed_scam',
  outcome_at: at,
};
const bareRun = { ...run, id: '0197a7c0-0000-7000-8000-000000000000', params: '{}', metrics: '{}', timings: '{}' };
/** What the later steps add to a run that says nothing of it. */
const added = {
  kind: 'retraining',
  trainer: 'logistic',
  settings: null,
  data: null,
  code_version: '',
  rows: null,
  judged_on: null,
  figures: '{}',
  artefacts: '{}',
  status: 'done',
  reason: null,
  simulated: 0,
  alive_at: null,
};

describe.each(['sqlite', 'postgres'] as const)('a store of the first shape on %s', (dialect) => {
  let folder: string;
  let postgres: TestPostgres | null = null;
  let db: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-migrations-'));
    postgres = dialect === 'postgres' ? await startPostgres() : null;
    db = postgres === null ? openSqlite(join(folder, 'registry.sqlite')) : openPostgres(postgres.url);
  });
  afterEach(async () => {
    await db.destroy();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps every row through all later steps', async () => {
    await migrate(db, '0001-core');
    const first = db as unknown as Kysely<FirstShape>;
    await first.insertInto('offices').values(office).execute();
    await first.insertInto('devices').values(device).execute();
    await first.insertInto('runs').values([bareRun, run]).execute();
    await migrate(db);
    expect(await db.selectFrom('devices').selectAll().execute()).toEqual([{ ...device, revoked_at: null }]);
    expect(await db.selectFrom('offices').selectAll().execute()).toEqual([office]);
    const figures = '{"log_loss":{"value":0.31,"n":120}}';
    expect(await db.selectFrom('runs').selectAll().orderBy('id').execute()).toEqual([
      { ...bareRun, ...added },
      { ...run, ...added, code_version: '0.1.0', figures },
    ]);
    await migrate(db);
  });

  it('says what the monitor said by its report, in its words of then where no program can read that any more', async () => {
    await migrate(db, '0008-tags-by-case');
    const before = db as unknown as Kysely<EighthShape>;
    const calm = {
      ...{ kind: 'too_little', cases: 0, offices: 1, from: null, to: null, findings: [], ceiling: 0.1, months: [] },
      ...{ weeks: [], tactics: [], openAudits: 0, inconclusiveShare: null, doublingShownAfter: null },
    };
    const reports = [JSON.stringify(calm), '{"kind":"of another time"}'];
    for (const [i, report] of reports.entries())
      await before
        .insertInto('monitor_reports')
        .values({ id: i + 1, at, kind: 'too_little', sentence: `Words ${i}.`, report })
        .execute();
    await before.insertInto('quarantine').values({ log: 'l', seq: 7, reason: 'Not known.', at }).execute();
    await migrate(db);
    const [second, first] = await watchedBefore(db, 5);
    expect(first).toEqual({ at, report: calm, sentences: monitorSentences(monitorReportSchema.parse(calm)) });
    expect(second).toEqual({ at, report: null, sentences: [quoted('Words 1.')] });
    expect(await listQuarantine(db)).toEqual([{ log: 'l', seq: 7, reason: quoted('Not known.'), at }]);
  });

  it('gives runs of the first shape the form runs have now', async () => {
    await migrate(db, '0003-revoked-devices');
    const first = db as unknown as Kysely<FirstShape>;
    await first.insertInto('runs').values([bareRun, run]).execute();
    await db.insertInto('settings').values({ name: 'pipeline.simulated', value: 'true' }).execute();
    await migrate(db);
    const [one, bare] = await listRuns(db);
    expect(one).toMatchObject({
      id: run.id,
      kind: 'retraining',
      seed: run.seed,
      params: { cut: '2025-12-01' },
      codeVersion: '0.1.0',
      figures: { log_loss: { value: 0.31, n: 120 } },
      timings: { trainMs: 900 },
      settings: null,
      simulated: true,
    });
    expect(bare).toMatchObject({ id: bareRun.id, figures: {}, codeVersion: '' });
  });

  it('knows no scammer of the cases it had, and keeps those of cases taken in afterwards', async () => {
    await migrate(db, '0005-run-data');
    const before = db as unknown as Kysely<FirstShape>;
    await before.insertInto('known_cases').values(knownCase).execute();
    await migrate(db);
    const [known] = await knownCases(db);
    expect(known).toMatchObject({ id: knownCase.id, incident: 'i', scammer: null, outcome: 'confirmed_scam' });
    await saveCase(db, { ...known!, scammer: 's' });
    expect(await knownCases(db)).toEqual([{ ...known, scammer: 's' }]);
  });

  it('knows by their hashes the schemas of all that was proposed before, of either format', async () => {
    await migrate(db, '0009-sentences');
    const { manifest } = toyModel();
    const schema = childSchema(manifest.schema, 'c'.repeat(64), {
      attributes: [],
      understoodTactics: ['upi'],
      synonyms: {},
    });
    const early = {
      ...manifest,
      format: 'outpost.manifest/1',
      schema: downgradeSchema(withCompanions(complaintsSchema)),
      texts: undefined,
    };
    const manifests = [
      manifest,
      { ...manifest, schema },
      { ...manifest, schema },
      early,
      { format: 'of another time' },
    ];
    const rest = { state: 'declined', report: '{}', targets: null, declined_because: null };
    for (const [i, one] of manifests.entries())
      await db
        .insertInto('candidates')
        .values({ ...rest, id: `c${i}`, manifest: JSON.stringify(one), created_at: at, created_by: 'a' })
        .execute();
    await migrate(db);
    const kept = [manifest.schema, schema, complaintsSchema];
    const hashes = await db.selectFrom('schemas').select('hash').execute();
    expect(hashes.map(({ hash }) => hash).toSorted()).toEqual(kept.map(schemaHash).toSorted());
    const byHash = await knownSchemas(db, kept.map(schemaHash));
    expect(kept.map((one) => byHash(schemaHash(one)))).toEqual(kept);
  });

  it('finds the tags of a case by an index, also where there were tags before', async () => {
    await migrate(db, '0006-scammers');
    await db.insertInto('reference_tags').values({ tag: 't', case_id: 'c', device: 'd', at }).execute();
    await migrate(db);
    const query = db.selectFrom('reference_tags').select('tag').where('case_id', '=', 'c');
    expect(await query.execute()).toEqual([{ tag: 't' }]);
    // A planner reads a table of one row as a whole, unless it is asked not to.
    const plan = await db.connection().execute(async (alone) => {
      if (dialect === 'postgres') await sql`SET enable_seqscan = off`.execute(alone);
      const explain = dialect === 'postgres' ? sql`EXPLAIN ` : sql`EXPLAIN QUERY PLAN `;
      return sql`${explain} SELECT tag FROM reference_tags WHERE case_id = 'c'`.execute(alone);
    });
    expect(JSON.stringify(plan.rows)).toContain('reference_tags_case_id');
  });

  it.each(['key', 'parent'])('finds logs by their %s by an index', async (column) => {
    await migrate(db, '0010-schemas');
    await migrate(db);
    const plan = await db.connection().execute(async (alone) => {
      if (dialect === 'postgres') await sql`SET enable_seqscan = off`.execute(alone);
      const explain = dialect === 'postgres' ? sql`EXPLAIN ` : sql`EXPLAIN QUERY PLAN `;
      return sql`${explain} SELECT id FROM logs WHERE ${sql.ref(column)} = 'k'`.execute(alone);
    });
    expect(JSON.stringify(plan.rows)).toContain(`logs_${column}`);
  });

  it('has nothing of a step left that fails half-way', async () => {
    await migrate(db, '0003-revoked-devices');
    const first = db as unknown as Kysely<FirstShape>;
    await first
      .insertInto('runs')
      .values({ ...run, params: 'no JSON' })
      .execute();
    await expect(migrate(db)).rejects.toMatchObject({ code: 'BAD_DATABASE' });
    await first.updateTable('runs').set({ params: '{}' }).execute();
    await migrate(db);
    expect(await listRuns(db)).toHaveLength(1);
  });

  it('is left as it was when a step fails', async () => {
    await migrate(db, '0002-pipeline');
    const first = db as unknown as Kysely<FirstShape>;
    await first.insertInto('devices').values(device).execute();
    // Someone has added the column by hand: the step cannot run, and nothing of it may stay behind.
    await db.schema.alterTable('devices').addColumn('revoked_at', 'text').execute();
    await expect(migrate(db)).rejects.toMatchObject({ code: 'BAD_DATABASE' });
    await db.schema.alterTable('devices').dropColumn('revoked_at').execute();
    await migrate(db);
    expect(await db.selectFrom('devices').selectAll().execute()).toEqual([{ ...device, revoked_at: null }]);
  });
});
