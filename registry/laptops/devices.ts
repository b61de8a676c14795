import { OutpostError } from '../../shared/errors/index.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import type { AnyStore } from '../storage/db/tables.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

interface DeviceView {
  readonly id: string;
  readonly office: string;
  readonly enrolledAt: string;
  readonly lastSeen: string | null;
  readonly revokedAt: string | null;
}

/** Every laptop that was enrolled, by office. */
export async function listDevices(context: RegistryContext): Promise<DeviceView[]> {
  const rows = await context.db.selectFrom('devices').selectAll().orderBy('office').orderBy('enrolled_at').execute();
  return rows.map((row) => ({
    id: row.id,
    office: row.office,
    enrolledAt: row.enrolled_at,
    lastSeen: row.last_seen,
    revokedAt: row.revoked_at,
  }));
}

/** Laptops as lines. */
export function deviceLines(devices: readonly DeviceView[]): Sentence[] {
  if (devices.length === 0) return [sentence('registry.no_device')];
  return devices.map(({ id, office, enrolledAt, lastSeen, revokedAt }) => {
    const device = { id, office, enrolled: enrolledAt, seen: lastSeen ?? sentence('registry.never_seen') };
    return revokedAt === null
      ? sentence('registry.device', device)
      : sentence('registry.device_taken_off', { ...device, revoked: revokedAt });
  });
}

/** Takes nothing more from a laptop that was lost or handed back. What it sent before stays. NOT_FOUND for unknown ids. */
export async function revokeDevice(context: RegistryContext, id: string): Promise<void> {
  const { numUpdatedRows } = await context.db
    .updateTable('devices')
    .set({ revoked_at: instant(context) })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new OutpostError('NOT_FOUND', sentence('laptops.no_enrolled_laptop_id', { id }));
}

/** Throws NOT_ENROLLED for a revoked laptop. */
export async function requireNotRevoked(db: AnyStore, device: string): Promise<void> {
  const row = await db.selectFrom('devices').select('revoked_at').where('id', '=', device).executeTakeFirst();
  if (row !== undefined && row.revoked_at === null) return;
  throw new OutpostError('NOT_ENROLLED', sentence('laptops.laptop_taken_off_registry'));
}
