import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledRun, demoCases } from '../learning/bundled.ts';
import { modelCard } from '../learning/train/model-card.ts';
import { caseColumns, csvOf, storyColumns } from '../learning/simulate/csv.ts';
import { canonicalJson, type Json } from '../shared/log/canonical.ts';

/** Files of the bundled release by name, made from the simulator with everything fixed. */
export function bundledFiles(): Map<string, Uint8Array> {
  const { model, manifest, metrics } = bundledRun();
  // Keys in canonical order, then indented: readable and still the same bytes on every machine.
  const pretty = `${JSON.stringify(JSON.parse(canonicalJson(manifest as unknown as Json)), null, 2)}\n`;
  const demo = [...csvOf(demoCases(), [...caseColumns, ...storyColumns])].join('');
  return new Map([
    ['model.onnx', model],
    ['manifest.json', Buffer.from(pretty)],
    ['model-card.md', Buffer.from(modelCard(manifest, metrics))],
    ['demo-cases.csv', Buffer.from(demo)],
  ]);
}

/** Names of bundled files in `folder` that are missing or differ from `files`. */
export function differing(folder: URL, files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files].flatMap(([name, wanted]) => {
    try {
      return Buffer.compare(readFileSync(new URL(name, folder)), wanted) === 0 ? [] : [name];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [name];
      throw error;
    }
  });
}

function write(folder: URL, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) {
    writeFileSync(new URL(`${name}.part`, folder), bytes);
    renameSync(new URL(`${name}.part`, folder), new URL(name, folder));
  }
}

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const folder = new URL('../models/', import.meta.url);
  const files = bundledFiles();
  const changed = differing(folder, files);
  if (values.check) {
    console.log(
      changed.length === 0
        ? 'models/ is what the sources make.'
        : `models/ differs from what the sources make: ${changed.join(', ')}.`,
    );
    return changed.length === 0 ? 0 : 1;
  }
  write(folder, files);
  console.log(changed.length === 0 ? 'models/ was up to date.' : `Written to models/: ${changed.join(', ')}.`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
