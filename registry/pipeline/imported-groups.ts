import { v5 as uuidv5 } from 'uuid';

/** Namespace of the names incidents get here: those of two files are never the same one. */
const incidents = '0c1f3b52-6f0e-4b8e-9d7b-0a6e5c1d2b34';

/** Name of an incident of an imported file, told from those of other files; null when the file names none. */
export function importedIncident(fileName: string, incident: string | null): string | null {
  return incident === null ? null : uuidv5(`${fileName}\n${incident}`, incidents);
}
