import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Newest modification time, in milliseconds, of the files that match the patterns below `top`; 0 without files. */
function newestOf(top: string, patterns: readonly string[]): number {
  const files = globSync([...patterns], { cwd: top, exclude: (name) => name === 'node_modules' });
  return files.reduce((newest, file) => {
    const stat = statSync(join(top, file));
    return stat.isFile() ? Math.max(newest, stat.mtimeMs) : newest;
  }, 0);
}

/** Says whether a bundle is missing or older than one of its sources. */
export function isStale(top: string, product: string, sources: readonly string[]): boolean {
  const built = newestOf(top, [product]);
  return built === 0 || newestOf(top, sources) > built;
}

/** What the bundles are made of, and the file in each that is written last or always. */
export const BUNDLES = {
  renderer: {
    product: 'dist/renderer/index.html',
    sources: ['renderer/**/*', 'shared/**/*.ts', 'build/vite.ts', 'package-lock.json'],
  },
  app: {
    product: 'dist/app/main.js',
    sources: ['electron/**/*', 'platform/**/*.ts', 'shared/**/*.ts', 'build/vite.ts', 'package-lock.json'],
  },
} as const;
