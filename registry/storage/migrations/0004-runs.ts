import type { Kysely } from 'kysely';

/** The parts of the store this step reads and fills in. */
interface Before {
  runs: {
    id: string;
    params: string;
    metrics: string;
    code_version: string;
    figures: string;
    rows: number | null;
    simulated: number;
  };
  settings: { name: string; value: string };
}

function objectOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Figures of a run from before they were kept apart: its log loss on the cases held out. */
function figuresOf(metrics: Record<string, unknown>): string {
  const { logLoss, holdOut } = metrics;
  return typeof logLoss === 'number' && typeof holdOut === 'number'
    ? JSON.stringify({ log_loss: { value: logLoss, n: holdOut } })
    : '{}';
}

async function fill(db: Kysely<Before>): Promise<void> {
  const mark = await db.selectFrom('settings').select('value').where('name', '=', 'pipeline.simulated').execute();
  const simulated = mark[0]?.value === 'true' ? 1 : 0;
  for (const { id, params, metrics } of await db.selectFrom('runs').select(['id', 'params', 'metrics']).execute()) {
    const { code } = objectOf(params);
    const known = { code_version: typeof code === 'string' ? code : '', figures: figuresOf(objectOf(metrics)) };
    await db
      .updateTable('runs')
      .set({ ...known, simulated })
      .where('id', '=', id)
      .execute();
  }
}

/**
 * Everything a training run can be distinguished by, compared by and reproduced from. Runs kept before were retrainings of
 * the logistic trainer that came to an end; their settings were not kept, so they cannot be reproduced.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const table = db.schema.alterTable('runs');
  await table.addColumn('kind', 'text', (c) => c.notNull().defaultTo('retraining')).execute();
  await table.addColumn('trainer', 'text', (c) => c.notNull().defaultTo('logistic')).execute();
  await table.addColumn('settings', 'text').execute();
  await table.addColumn('code_version', 'text', (c) => c.notNull().defaultTo('')).execute();
  await table.addColumn('rows', 'integer').execute();
  await table.addColumn('judged_on', 'text').execute();
  await table.addColumn('figures', 'text', (c) => c.notNull().defaultTo('{}')).execute();
  await table.addColumn('artefacts', 'text', (c) => c.notNull().defaultTo('{}')).execute();
  await table.addColumn('status', 'text', (c) => c.notNull().defaultTo('done')).execute();
  await table.addColumn('reason', 'text').execute();
  await table.addColumn('simulated', 'integer', (c) => c.notNull().defaultTo(0)).execute();
  await db.schema.createIndex('runs_created_at').on('runs').columns(['created_at', 'id']).execute();
  await db.schema.createIndex('runs_parent').on('runs').columns(['parent']).execute();
  await fill(db as Kysely<Before>);
}
