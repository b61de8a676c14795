import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import { newestSchemaModel } from '../store/schemas.ts';
import type { Session } from '../session/context.ts';

/**
 * The newest feature schema known on this laptop: what the intake asks, whatever model is active. Models that came as
 * mere files do not count, except the active one.
 */
export function newestSchema(session: Pick<Session, 'db' | 'models'>): FeatureSchema {
  const base = session.models.active()?.manifest.schema ?? complaintsSchema;
  const newest = newestSchemaModel(session.db, base.id);
  if (newest === null || newest.version <= base.version) return base;
  return session.models.get(newest.id)?.manifest.schema ?? base;
}
