import { z } from 'zod';
import { draftSchema, type Draft, type DraftKey } from '../../../shared/contract/drafts.ts';
import type { Db } from './db.ts';

/** Where a draft is kept: a person's, of a form, about a subject. Nobody chosen is a person of their own. */
function placeOf({ person, form, subject }: DraftKey): [string, string, string] {
  return [person ?? '', form, subject ?? ''];
}

const rowSchema = z
  .object({ base: z.string().nullable(), schema: z.string(), content: z.string(), saved_at: z.string() })
  .transform(({ saved_at: savedAt, content, ...rest }): Draft =>
    draftSchema.parse({ ...rest, content: JSON.parse(content), savedAt }),
  );

/** The draft kept at a place, or null. */
export function readDraft(db: Db, key: DraftKey): Draft | null {
  const row = db
    .prepare('SELECT base, schema, content, saved_at FROM drafts WHERE person = ? AND form = ? AND subject = ?')
    .get(...placeOf(key));
  return row === undefined ? null : rowSchema.parse(row);
}

/** Keeps a draft in place of the one before. */
export function writeDraft(db: Db, key: DraftKey, { base, schema, content, savedAt }: Draft): void {
  db.prepare('INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    ...placeOf(key),
    base,
    schema,
    JSON.stringify(content),
    savedAt,
  );
}

/** Removes a draft, if there is one. Called in the transaction that saves what it held. */
export function deleteDraft(db: Db, key: DraftKey): void {
  db.prepare('DELETE FROM drafts WHERE person = ? AND form = ? AND subject = ?').run(...placeOf(key));
}

/** Removes every draft about a case, whoever's. */
export function deleteDraftsAbout(db: Db, subject: string): void {
  db.prepare('DELETE FROM drafts WHERE subject = ?').run(subject);
}
