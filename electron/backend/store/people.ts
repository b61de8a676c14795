import type { Person } from '../../../shared/contract/views.ts';
import type { Db } from './db.ts';

/** Local profiles in the order they were added. */
export function listPeople(db: Db): Person[] {
  return db.prepare<[], Person>('SELECT id, name FROM people ORDER BY added_at, rowid').all();
}

/** The profile, or null when there is none with this id. */
export function findPerson(db: Db, id: string): Person | null {
  return db.prepare<[string], Person>('SELECT id, name FROM people WHERE id = ?').get(id) ?? null;
}

/** Adds a profile; `at` is a UTC instant. */
export function insertPerson(db: Db, person: Person, at: string): void {
  db.prepare('INSERT INTO people (id, name, added_at) VALUES (?, ?, ?)').run(person.id, person.name, at);
}
