import type { KeptDraft } from '../../../shared/contract/drafts.ts';
import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import { namesUnder } from '../../../shared/encoding/read-under.ts';
import { schemaHash } from '../../../shared/encoding/schema-identity.ts';
import { newestSchema } from './schema.ts';
import type { Session } from '../session/context.ts';
import { schemasOf } from '../store/schemas.ts';

/**
 * Under which names the form of today asks what a form asked, which is found by its hash. Null when it is that form; also for a
 * draft from before schemas were kept by their hashes whose form is gone: its answers are taken by their names.
 */
export function askedNow(session: Pick<Session, 'db' | 'models'>, hash: string): KeptDraft['asked'] {
  const { schema } = newestSchema(session);
  const form = hash === schemaHash(schema) ? null : schemasOf(session.db)(hash);
  if (form === null) return null;
  const names = namesUnder(schema, form);
  // The companions of today may call something else by the name.
  const label = (one: (typeof form.attributes)[number]) => wordsOf({ schema: form, texts: [] }, one).label;
  return Object.fromEntries(
    form.attributes.map((one) => [one.name, { label: label(one), now: names.get(one.name) ?? null }]),
  );
}
