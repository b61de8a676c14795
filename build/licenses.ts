import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';

const packageSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });
const MODULES = `${sep}node_modules${sep}`;

/** Folder of the package that a bundled module comes from, or null for the project's own modules. */
export function packageFolderOf(moduleId: string): string | null {
  const path = moduleId.replace(/^\0/, '').split('?')[0] ?? '';
  const at = path.lastIndexOf(MODULES);
  if (at < 0) return null;
  const [first = '', second = ''] = path.slice(at + MODULES.length).split(sep);
  return path.slice(0, at + MODULES.length) + (first.startsWith('@') ? join(first, second) : first);
}

function noticeOf(folder: string): string | null {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return null;
  const { name, version, license } = packageSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)(\.|-|$)/i.test(file));
  const texts = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license ?? 'licence not stated'})`, ...texts].join('\n\n');
}

/**
 * Bundling takes the packages' own licence files out of sight, although their licences ask to be kept with every copy:
 * this collects them into a file beside the bundle.
 */
export function collectLicenses(fileName = 'licenses.txt'): Plugin {
  return {
    name: 'outpost:licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const folders = new Set(modules.map(packageFolderOf).filter((folder) => folder !== null));
      const notices = [...folders]
        .toSorted()
        .map(noticeOf)
        .filter((notice) => notice !== null);
      const source = `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
