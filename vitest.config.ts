import { defineConfig } from 'vitest/config';
import { quietRuntime } from './shared/hosting/quiet-runtime.ts';

export default defineConfig({
  test: {
    include: ['tests/{unit,contract,integration}/**/*.test.{ts,tsx}'],
    pool: 'forks',
    // By default one core is kept free for a watching editor: half of a machine with two.
    maxWorkers: '100%',
    // Small machines also run a browser or a database server beside the tests: a slow start is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
    env: {
      // Without this, importing `electron` by accident would download a desktop shell in the middle of a test run.
      ELECTRON_OVERRIDE_DIST_PATH: 'no-electron-in-tests',
      // Tests that load the runtime themselves leave nothing in the home folder either.
      ...quietRuntime,
    },
  },
});
