import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import { withCompanions } from '../../../shared/encoding/companions.ts';
import type { Facts } from '../../../shared/domain/facts.ts';
import type { SchemaRef } from '../../../shared/domain/schema-ref.ts';
import { factsReader } from '../../../shared/encoding/read-under.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { newestSchemaModel, schemasOf } from '../store/schemas.ts';
import type { Session } from '../session/context.ts';

/** Versions are labels of one issuer: what a registry issued comes after what the app brings, whatever their numbers. */
function isNewer(one: Pick<SchemaRef, 'issuer' | 'version'>, other: Pick<SchemaRef, 'issuer' | 'version'>): boolean {
  const rank = ({ issuer }: Pick<SchemaRef, 'issuer'>): number => (issuer === 'outpost' ? 0 : issuer === null ? 1 : 2);
  return rank(one) === rank(other) ? one.version > other.version : rank(one) > rank(other);
}

/**
 * The newest feature schema known on this laptop: what the intake asks, whatever model is active. Models that came as
 * mere files do not count, except the active one.
 */
export function newestSchema(session: Pick<Session, 'db' | 'models'>): DescribedSchema {
  const base = session.models.active()?.manifest ?? withCompanions(complaintsSchema);
  const newest = newestSchemaModel(session.db, base.schema.id);
  if (newest === null || !isNewer(newest, base.schema)) return base;
  return session.models.get(newest.id)?.manifest ?? base;
}

/** What gives the facts of cases under the names the form of today has for them. */
export function readByForm(session: Pick<Session, 'db' | 'models'>): (facts: Facts) => Facts {
  return factsReader(newestSchema(session).schema, schemasOf(session.db));
}
