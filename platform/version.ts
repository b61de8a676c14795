import { readFileSync } from 'node:fs';

/** Version of this program, as runs and manifests record it. */
export function appVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
}
