import { OutpostError } from '../../../shared/errors/index.ts';
import { isClosed, isUnreadable } from '../store/database.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** LOCKED for a call that was under way when the vault was locked, BAD_DATABASE for a damaged file, else null. */
export function closedByLock(error: unknown): OutpostError | null {
  if (isClosed(error))
    return new OutpostError('LOCKED', sentence('vault.outpost_locked_middle'), {
      cause: error,
    });
  if (isUnreadable(error)) return new OutpostError('BAD_DATABASE', undefined, { cause: error });
  return null;
}
