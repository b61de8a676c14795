import { v5 as uuidv5 } from 'uuid';

/** Namespaces of the names incidents and scammers get here: those of two files are never the same one. */
const namespaces = {
  incident: '0c1f3b52-6f0e-4b8e-9d7b-0a6e5c1d2b34',
  scammer: '6d3f0a8e-1c57-4e0b-8a94-27b5d9e1c0f6',
} as const;

/** What an imported file calls the groups of a case; null where it names none. */
interface Groups {
  readonly incident: string | null;
  readonly scammer: string | null;
}

/** Names of the incident and the scammer of a case of an imported file, distinct from those of other files. */
export function importedGroups(fileName: string, { incident, scammer }: Groups): Groups {
  const named = (kind: keyof Groups, name: string | null): string | null =>
    name === null ? null : uuidv5(`${fileName}\n${name}`, namespaces[kind]);
  return { incident: named('incident', incident), scammer: named('scammer', scammer) };
}
