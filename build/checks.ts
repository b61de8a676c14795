import { runTool } from './run.ts';

/** One check of the sources; `run` resolves to true when it passed and shows its own findings. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<boolean>;
}

function tool(name: string, entry: string, args: readonly string[]): Check {
  return { name, run: async () => (await runTool(entry, args)).code === 0 };
}

/** The checks that need no running program: types, lint (with the layer rule, type-aware) and format. */
export const SOURCE_CHECKS: readonly Check[] = [
  tool('types', 'typescript/bin/tsc', ['-b']),
  tool('lint and layers', 'oxlint/bin/oxlint', []),
  tool('format', 'oxfmt/bin/oxfmt', ['--check']),
];

/** The unit tests alone: what a change should pass before anything slower is asked. */
export const UNIT_TESTS: Check = tool('unit tests', 'vitest/vitest.mjs', ['run', '--reporter=dot', 'tests/unit']);
