import { z } from 'zod';
import { draftSchema, type Draft, type DraftKey } from '../../../shared/contract/drafts.ts';
import type { Db } from './db.ts';

/** Where a draft is kept: a person's, of a form, about a subject. Nobody chosen is a person of their own. */
export type DraftPlace = DraftKey;

function placeOf({ person, form, subject }: DraftPlace): [string, string, string] {
  return [person ?? '', form, subject ?? ''];
}

const rowSchema = z
  .object({ base: z.string().nullable(), schema: z.string(), content: z.string(), saved_at: z.string() })
  .transform(({ saved_at: savedAt, content, ...rest }): Draft =>
    draftSchema.parse({ ...rest, content: JSON.parse(content), savedAt }),
  );

/** The draft kept at a place, or null. */
export function readDraft(db: Db, place: DraftPlace): Draft | null {
  const row = db
    .prepare('SELECT base, schema, content, saved_at FROM drafts WHERE person = ? AND form = ? AND subject = ?')
    .get(...placeOf(place));
  return row === undefined ? null : rowSchema.parse(row);
}

/** Keeps a draft in place of the one before. */
export function writeDraft(db: Db, place: DraftPlace, { base, schema, content, savedAt }: Draft): void {
  db.prepare('INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    ...placeOf(place),
    base,
    schema,
    JSON.stringify(content),
    savedAt,
  );
}

/** Removes a draft, if there is one. Called in the transaction that saves what it held. */
export function deleteDraft(db: Db, place: DraftPlace): void {
  db.prepare('DELETE FROM drafts WHERE person = ? AND form = ? AND subject = ?').run(...placeOf(place));
}

/** Removes every draft about a case, whoever's. */
export function deleteDraftsAbout(db: Db, subject: string): void {
  db.prepare('DELETE FROM drafts WHERE subject = ?').run(subject);
}
