import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';
import type { Counts } from './counts.ts';

function brokenSuites(module: TestModule): number {
  const suites: readonly TestSuite[] = [...module.children.allSuites()];
  return suites.filter((suite) => suite.errors().length > 0).length + (module.errors().length > 0 ? 1 : 0);
}

function countModule(module: TestModule): Counts {
  const tests = [...module.children.allTests()];
  const inState = (state: string): typeof tests => tests.filter((test) => test.result().state === state);
  return {
    passed: inState('passed').length,
    // A file that does not load, or a hook that throws, has no test to stand for it; `pending` means it never ended.
    failed: inState('failed').length + inState('pending').length + brokenSuites(module),
    skipped: inState('skipped').map((test) => {
      const result = test.result();
      const note = result.state === 'skipped' ? result.note : undefined;
      return { name: `${module.relativeModuleId} > ${test.fullName}`, reason: note ?? 'no reason given' };
    }),
    notes: module.errors().map((error) => `${module.relativeModuleId}: ${error.message}`),
  };
}

/** Writes the counts of a vitest run, with the reasons of skipped tests that its own JSON report leaves out. */
export default class CountsReporter implements Reporter {
  /** Named by the environment, because reporters named on the command line take no options. */
  readonly #file = process.env['OUTPOST_COUNTS_FILE'] ?? 'test-results/vitest-counts.json';

  onTestRunEnd(modules: readonly TestModule[], unhandled: ReadonlyArray<{ message?: string | undefined }>): void {
    const parts = modules.map(countModule);
    const counts: Counts = {
      passed: parts.reduce((total, part) => total + part.passed, 0),
      failed: parts.reduce((total, part) => total + part.failed, 0) + unhandled.length,
      skipped: parts.flatMap((part) => part.skipped),
      notes: [
        ...parts.flatMap((part) => part.notes),
        ...unhandled.map((error) => `outside any test: ${error.message}`),
      ],
    };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(counts));
  }
}
