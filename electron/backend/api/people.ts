import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import type { People } from '../people/people.ts';

/** Profiles of the people who share this laptop. */
export function peopleApi(people: People) {
  const os = implement(backendContract.people);
  return {
    list: os.list.handler(() => people.list()),
    add: os.add.handler(({ input }) => people.add(input.name)),
    choose: os.choose.handler(({ input }) => {
      people.choose(input.id);
      return {};
    }),
  };
}
