import type { Db } from '../store/db.ts';

/** Telephone numbers are also found by their last nine digits, while somebody types. */
export const migration = {
  version: 4,
  name: 'phone endings',
  up(db: Db): void {
    db.exec("CREATE INDEX phones_by_ending ON indicators (substr(value, -9)) WHERE kind = 'phone'");
  },
};
