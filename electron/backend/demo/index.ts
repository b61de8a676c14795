import type { Cases, PastCase } from '../cases/service.ts';
import { storedName } from '../../../shared/language/stored-name.ts';
import { newestSchema } from '../cases/schema.ts';
import type { People } from '../people/people.ts';
import type { BackendContext } from '../session/context.ts';
import { readPastCases } from './read-cases.ts';

const batchSize = 50;
const colleagues = [storedName`Ravi Menon`, storedName`Ines Duarte`];

/** The parts of a backend that the demo needs. */
export interface DemoBackend {
  readonly context: BackendContext;
  readonly cases: Cases;
  readonly people: People;
}

/**
 * Takes simulated cases of the past through the real intake path (checks, events, first scores, audit draws,
 * outcomes), some by each profile of the laptop. The vault must be open. Returns the number of cases.
 */
async function seedDemo(
  { cases, people }: Pick<DemoBackend, 'cases' | 'people'>,
  past: Iterable<PastCase>,
): Promise<number> {
  const own = people.current();
  const names = new Set(people.list().map((person) => person.name));
  for (const name of colleagues) if (!names.has(name)) people.add(name);
  const everyone = people.list();
  const all = [...past];
  for (let from = 0; from < all.length; from += batchSize) {
    const person = everyone[(from / batchSize) % everyone.length];
    if (person !== undefined) people.choose(person.id);
    await cases.createPast(all.slice(from, from + batchSize));
  }
  if (own !== null) people.choose(own.id);
  return all.length;
}

/** Seeds from the text of a CSV of simulated cases, moved in time to end yesterday. */
export async function seedDemoFromCsv(backend: DemoBackend, csv: string): Promise<number> {
  const { context } = backend;
  return seedDemo(backend, readPastCases(csv, newestSchema(context.session()), context.options.clock.now()));
}
