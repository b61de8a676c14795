import { v7 } from 'uuid';
import type { Person } from '../../../shared/contract/views.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { findPerson, insertPerson, listPeople } from '../store/people.ts';
import type { BackendContext } from '../session/context.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Who is at the laptop now. It attributes what is done; it does not restrict. */
export interface CurrentPerson {
  get(): string | null;
  set(id: string | null): void;
}

/** Holder of the person chosen; null until somebody is. */
export function createCurrentPerson(): CurrentPerson {
  let current: string | null = null;
  return {
    get: () => current,
    set: (id) => {
      current = id;
    },
  };
}

/** Local profiles: names stay here, only ids are written into entries. */
export interface People {
  list(): Person[];
  add(name: string): Person;
  choose(id: string): void;
  current(): Person | null;
}

/** Profiles of the open vault. */
export function createPeople(context: BackendContext, current: CurrentPerson): People {
  const { options, live, session } = context;
  return {
    list: () => listPeople(session().db),
    add(name) {
      const { db } = session();
      if (listPeople(db).some((person) => person.name === name)) {
        throw new OutpostError('CONFLICT', sentence('people.profile_taken', { name }));
      }
      const now = options.clock.now();
      const person = { id: v7({ msecs: now, random: options.random(16) }), name };
      insertPerson(db, person, new Date(now).toISOString());
      live.publish('people', person.id);
      return person;
    },
    choose(id) {
      if (findPerson(session().db, id) === null)
        throw new OutpostError('NOT_FOUND', sentence('people.no_such_profile_laptop'));
      current.set(id);
      live.publish('people', id);
      live.publish('status');
    },
    current() {
      const id = current.get();
      return id === null ? null : findPerson(session().db, id);
    },
  };
}
