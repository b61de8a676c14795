import { runTool } from './tools/run.ts';

/** How a check went: `output` is what its tool had to say. */
interface Checked {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

const SOURCE_CHECKS = [
  { name: 'types', entry: 'typescript/bin/tsc', args: ['-b', '--pretty'] },
  { name: 'lint and layers', entry: 'oxlint/bin/oxlint', args: [] },
  { name: 'format', entry: 'oxfmt/bin/oxfmt', args: ['--check'] },
] as const;

const UNIT_TESTS = { name: 'unit tests', entry: 'vitest/vitest.mjs', args: ['run', '--reporter=dot', 'tests/unit'] };

async function check(tool: { name: string; entry: string; args: readonly string[] }): Promise<Checked> {
  const started = performance.now();
  const { code, output } = await runTool(tool.entry, tool.args, { capture: true });
  return { name: tool.name, passed: code === 0, output, seconds: (performance.now() - started) / 1000 };
}

function show({ name, passed, output, seconds }: Checked): void {
  if (!passed) console.log(output.trim());
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
}

/**
 * Checks types, lint (with the layer rule, type-aware) and format side by side, and shows what was found. Every check
 * runs even when another fails: one round shows everything there is to mend.
 */
export async function checkSources(): Promise<Checked[]> {
  const checked = await Promise.all(SOURCE_CHECKS.map(check));
  checked.forEach(show);
  return checked;
}

/** Runs the unit tests alone: what a change should pass before anything slower is asked. */
export async function checkUnits(): Promise<Checked> {
  const checked = await check(UNIT_TESTS);
  show(checked);
  return checked;
}
