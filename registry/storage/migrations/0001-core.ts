import type { Kysely, CreateTableBuilder } from 'kysely';

type Columns = Readonly<Record<string, 'text' | 'text?' | 'integer' | 'integer?' | 'bigint' | 'bigint?'>>;

async function table(
  db: Kysely<unknown>,
  name: string,
  columns: Columns,
  primaryKey: readonly string[],
): Promise<void> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, kind] of Object.entries(columns)) {
    const type = kind.replace('?', '') as 'text' | 'integer' | 'bigint';
    builder = builder.addColumn(column, type, (c) => (kind.endsWith('?') ? c : c.notNull()));
  }
  await builder.addPrimaryKeyConstraint(`${name}_pk`, [...primaryKey] as [string]).execute();
}

async function index(db: Kysely<unknown>, on: string, columns: string[], unique = false): Promise<void> {
  const builder = db.schema
    .createIndex(`${on}_${columns.join('_')}`)
    .on(on)
    .columns(columns);
  await (unique ? builder.unique() : builder).execute();
}

async function people(db: Kysely<unknown>): Promise<void> {
  await table(db, 'settings', { name: 'text', value: 'text' }, ['name']);
  await table(db, 'counters', { name: 'text', value: 'bigint' }, ['name']);
  const admin = {
    id: 'text',
    name: 'text',
    role: 'text',
    token_hash: 'text',
    created_at: 'text',
    revoked_at: 'text?',
  } as const;
  await table(db, 'admins', admin, ['id']);
  await index(db, 'admins', ['token_hash'], true);
  await index(db, 'admins', ['name'], true);
  await table(db, 'offices', { id: 'text', name: 'text', office_key: 'text', created_at: 'text' }, ['id']);
  const enrolment = { office: 'text', secret_hash: 'text', created_at: 'text', expires_at: 'text' } as const;
  await table(db, 'enrolments', { id: 'text', ...enrolment, used_at: 'text?', device: 'text?' }, ['id']);
  await index(db, 'enrolments', ['secret_hash'], true);
  const device = {
    id: 'text',
    office: 'text',
    key: 'text',
    seal_to: 'text',
    enrolled_at: 'text',
    last_seen: 'text?',
  } as const;
  await table(db, 'devices', device, ['id']);
  await index(db, 'devices', ['key'], true);
}

async function logs(db: Kysely<unknown>): Promise<void> {
  const head = {
    device: 'text',
    key: 'text',
    seq: 'integer',
    hash: 'text',
    parent: 'text?',
    opened_at: 'text',
  } as const;
  await table(db, 'logs', { id: 'text', ...head, clock_offset_ms: 'bigint?' }, ['id']);
  const event = {
    hash: 'text',
    text: 'text',
    event_id: 'text',
    type: 'text',
    case_id: 'text?',
    counted: 'integer',
  } as const;
  await table(db, 'log_events', { id: 'bigint', log: 'text', seq: 'integer', ...event, received_at: 'text' }, [
    'log',
    'seq',
  ]);
  await index(db, 'log_events', ['id'], true);
  await index(db, 'log_events', ['case_id', 'type']);
  await index(db, 'log_events', ['type', 'counted']);
  await table(db, 'event_ids', { device: 'text', event_id: 'text', log: 'text', seq: 'integer' }, [
    'device',
    'event_id',
  ]);
  await table(db, 'receipts', { log: 'text', seq: 'integer', text: 'text', at: 'text' }, ['log', 'seq']);
  await table(db, 'quarantine', { log: 'text', seq: 'integer', reason: 'text', at: 'text' }, ['log', 'seq']);
  await table(db, 'reference_tags', { tag: 'text', case_id: 'text', device: 'text', at: 'text' }, ['tag', 'case_id']);
}

async function releases(db: Kysely<unknown>): Promise<void> {
  const candidate = {
    state: 'text',
    report: 'text',
    manifest: 'text',
    targets: 'text?',
    declined_because: 'text?',
  } as const;
  await table(db, 'candidates', { id: 'text', ...candidate, created_at: 'text', created_by: 'text' }, ['id']);
  await table(db, 'signatures', { candidate: 'text', key_id: 'text', admin: 'text', at: 'text' }, [
    'candidate',
    'key_id',
  ]);
  const release = {
    version: 'integer',
    candidate: 'text',
    model: 'text',
    manifest: 'text',
    targets_version: 'integer',
    at: 'text',
  } as const;
  await table(db, 'releases', { release: 'text', ...release }, ['release']);
  await table(db, 'channels', { office: 'text', release: 'text?', at: 'text', by: 'text' }, ['office']);
  const run = {
    params: 'text',
    seed: 'bigint',
    dataset: 'text',
    metrics: 'text',
    timings: 'text',
    notes: 'text',
  } as const;
  await table(db, 'runs', { id: 'text', parent: 'text?', ...run, created_at: 'text' }, ['id']);
}

/** Everything the first release of the registry stores. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await people(db);
  await logs(db);
  await releases(db);
}
