import { build } from 'vite';
import { appConfig, preloadConfig, rendererConfig } from './vite.ts';

// `npm run build` makes everything; a part can be named: `node build/bundle.ts renderer`.
const PARTS = { app: [appConfig, preloadConfig], renderer: [rendererConfig] } as const;

async function bundle(asked: readonly string[]): Promise<void> {
  for (const [part, configs] of Object.entries(PARTS)) {
    if (asked.length > 0 && !asked.includes(part)) continue;
    const started = performance.now();
    for (const config of configs) await build(config());
    console.log(`built dist/${part} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

try {
  await bundle(process.argv.slice(2));
} catch (error) {
  // The bundler's message points into the sources; its own stack helps nobody.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
