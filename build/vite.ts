import react from '@vitejs/plugin-react';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import { collectLicenses } from './licenses.ts';
import { TOP } from './tools/run.ts';

/** Modules that stay outside the bundles: the shell itself and everything with native code. */
const EXTERNAL_PACKAGES = ['electron', 'better-sqlite3', 'onnxruntime-node'];

/**
 * What runs from `dist/app`: bundle name and source. `backend` and `spawn-node` let a plain Node run the packed backend
 * without the shell: the check of a packed application does that.
 */
const APP_ENTRIES: Readonly<Record<string, string>> = {
  main: 'electron/main.ts',
  'backend-process': 'electron/backend-process.ts',
  backend: 'electron/backend/index.ts',
  'inference-child': 'electron/backend/inference/child.ts',
  'spawn-node': 'electron/backend/inference/spawn-node.ts',
};

const OUT_APP = join(TOP, 'dist', 'app');
const OUT_RENDERER = join(TOP, 'dist', 'renderer');
// The shell's own Chromium; an installed Chrome or Edge of the last years understands it as well.
const BROWSER_TARGET = 'chrome120';

/**
 * Sources name the program of a child process as `new URL('./child.ts', import.meta.url)`. In the bundles, which all
 * lie in one folder, the same program has another name; this rewrites the address and fails for a program that is
 * not an entry, since it would be missing from the packed application.
 */
export function rewriteProgramAddresses(entries: Readonly<Record<string, string>>, top: string): Plugin {
  const names = new Map(Object.entries(entries).map(([name, source]) => [resolve(top, source), name]));
  return {
    name: 'outpost:program-addresses',
    transform(code, id) {
      if (!id.startsWith(top) || id.includes(`${sep}node_modules${sep}`)) return null;
      const pattern = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+\.ts)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;
      return code.replace(pattern, (_all, _quote, address: string) => {
        const source = resolve(dirname(id), address);
        const name = names.get(source);
        if (name === undefined) throw new Error(`${relative(top, source)} is started as a program but not bundled.`);
        return `new URL('./${name}.js', import.meta.url)`;
      });
    },
  };
}

/** Bundles main, backend and inference child as ES modules that need nothing but {@link EXTERNAL_PACKAGES}. */
export function appConfig(): InlineConfig {
  return {
    configFile: false,
    root: TOP,
    logLevel: 'warn',
    publicDir: false,
    plugins: [rewriteProgramAddresses(APP_ENTRIES, TOP), collectLicenses()],
    ssr: { noExternal: true, external: EXTERNAL_PACKAGES, target: 'node' },
    build: {
      ssr: true,
      outDir: OUT_APP,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(APP_ENTRIES).map(([name, source]) => [name, join(TOP, source)])),
        external: EXTERNAL_PACKAGES,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
      },
    },
  };
}

/** Bundles the preload script: CommonJS in one file, because a sandboxed window cannot load anything else. */
export function preloadConfig(): InlineConfig {
  return {
    configFile: false,
    root: TOP,
    logLevel: 'warn',
    publicDir: false,
    plugins: [collectLicenses('licenses-preload.txt')],
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: true,
      outDir: OUT_APP,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: { preload: join(TOP, 'electron/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  };
}

/**
 * Bundles the window for both hosts. Nothing is inlined (scripts, fonts, small images) and no preload helper is
 * injected, so that the strict content security policy needs no exception.
 */
export function rendererConfig(): InlineConfig {
  return {
    configFile: false,
    root: join(TOP, 'renderer'),
    base: './',
    logLevel: 'warn',
    plugins: [react(), collectLicenses()],
    build: {
      outDir: OUT_RENDERER,
      emptyOutDir: true,
      target: BROWSER_TARGET,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2_000,
    },
  };
}
