import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

const folder = process.env['OUTPOST_REFERENCE_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Whether the public reference sets are there; says loudly which tests are left out when they are not. */
export function hasReferenceData(tests: string): boolean {
  if (existsSync(folder)) return true;
  console.warn(
    `NOT RUN: ${tests}. The reference data is neither in ${folder} nor where OUTPOST_REFERENCE_DATA points.`,
  );
  return false;
}

/** Rows of a gzipped CSV file of a reference set, cells as text. */
export function referenceRows(set: string, file: string): Record<string, string>[] {
  return parse(gunzipSync(readFileSync(`${folder}/${set}/${file}.csv.gz`)), { columns: true });
}

/** Parsed `reference.json` of a set. */
export function referenceFigures(set: string): Record<string, any> {
  return JSON.parse(readFileSync(`${folder}/${set}/reference.json`, 'utf8'));
}
