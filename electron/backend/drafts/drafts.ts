import type { Draft, DraftKey } from '../../../shared/contract/drafts.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { caseState, getCase } from '../store/cases.ts';
import { deleteDraft, readDraft, writeDraft } from '../store/drafts.ts';
import type { Session } from '../session/context.ts';
import { sentence } from '../../../shared/language/sentence.ts';

type Place = Pick<Session, 'db'>;

/** What a person has written into a form and not saved, or null. */
export function keptDraft({ db }: Place, key: DraftKey): Draft | null {
  return readDraft(db, key);
}

/** Throws CONFLICT, naming the case, when the draft that was to become a case of this id was saved already. */
export function requireUnsaved({ db }: Place, id: string): void {
  const state = caseState(db, id);
  if (state === 'unknown') return;
  throw state === 'erased'
    ? new OutpostError('CONFLICT', sentence('drafts.saved_and_erased'))
    : new OutpostError('CONFLICT', sentence('drafts.saved_already', { reference: getCase(db, id).reference }), {
        data: { case: id },
      });
}

/**
 * Keeps what a person is writing. NOT_FOUND for a case that is not here: a draft must not outlive its erasure. CONFLICT for
 * what another window saved as a case already: it must not come back as a draft.
 */
export function keepDraft({ db }: Place, key: DraftKey, draft: Draft, becomes?: string): void {
  db.transaction(() => {
    if (becomes !== undefined) requireUnsaved({ db }, becomes);
    if (key.subject !== null && caseState(db, key.subject) !== 'here')
      throw new OutpostError('NOT_FOUND', sentence('drafts.case_not_laptop'));
    writeDraft(db, key, draft);
  }).immediate();
}

/** Forgets what a person was writing. */
export function discardDraft({ db }: Place, key: DraftKey): void {
  deleteDraft(db, key);
}
