import { z } from 'zod';

/** What one part of the test run came to. `notes` explain failures that no single test stands for. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: ReadonlyArray<{ readonly name: string; readonly reason: string }>;
  readonly notes: readonly string[];
}

/** The file that the vitest reporter of this project writes. */
export const countsSchema = z.object({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
});

/** A part that stands for one test: passed, or failed with the reason. */
export function single(passed: boolean, note: string): Counts {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [], notes: passed ? [] : [note] };
}

/** Adds up parts; nothing gives zeros. */
export function sum(parts: readonly Counts[]): Counts {
  return {
    passed: parts.reduce((total, part) => total + part.passed, 0),
    failed: parts.reduce((total, part) => total + part.failed, 0),
    skipped: parts.flatMap((part) => part.skipped),
    notes: parts.flatMap((part) => part.notes),
  };
}

/**
 * Holds a report against how its program ended: a part that exits with an error although all its tests passed, or that
 * ran no test at all, is counted as one failure more, so that nothing broken adds up to a green line.
 */
export function againstExit(name: string, counts: Counts | null, exitCode: number | null): Counts {
  if (counts === null) return single(false, `${name} left no report (exit code ${exitCode ?? 'none'}).`);
  const ran = counts.passed + counts.failed;
  if (ran === 0) return sum([counts, single(false, `${name} ran no tests.`)]);
  if (exitCode === 0 || counts.failed > 0) return counts;
  return sum([counts, single(false, `${name} ended with code ${exitCode ?? 'none'} although no test failed.`)]);
}

/** The plain last line: `N passed, N failed, N skipped`. */
export function countsLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`;
}

const annotationSchema = z.object({ type: z.string(), description: z.string().optional() });
const specSchema = z.object({
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      projectName: z.string(),
      annotations: z.array(annotationSchema).default([]),
    }),
  ),
});
interface Suite {
  readonly title: string;
  readonly specs: ReadonlyArray<z.infer<typeof specSchema>>;
  readonly suites?: readonly Suite[] | undefined;
}
const suiteSchema: z.ZodType<Suite> = z.lazy(() =>
  z.object({ title: z.string(), specs: z.array(specSchema), suites: z.array(suiteSchema).optional() }),
);
const playwrightSchema = z.object({
  suites: z.array(suiteSchema),
  errors: z.array(z.object({ message: z.string().optional() })),
});

function specsOf(suites: readonly Suite[]): ReadonlyArray<z.infer<typeof specSchema>> {
  return suites.flatMap((suite) => [...suite.specs, ...specsOf(suite.suites ?? [])]);
}

/**
 * Reads Playwright's JSON report. A flaky test (failed, then passed on a repeat) counts as failed. Throws a ZodError
 * for anything that is not such a report.
 */
export function fromPlaywright(report: unknown): Counts {
  const { suites, errors } = playwrightSchema.parse(report);
  const tests = specsOf(suites).flatMap((spec) => spec.tests.map((test) => ({ title: spec.title, ...test })));
  const failed = tests.filter((test) => test.status === 'unexpected' || test.status === 'flaky');
  const skipped = tests.filter((test) => test.status === 'skipped');
  return {
    passed: tests.length - failed.length - skipped.length,
    failed: failed.length + errors.length,
    skipped: skipped.map((test) => ({
      name: `${test.projectName} > ${test.title}`,
      reason: test.annotations.find((one) => one.description !== undefined)?.description ?? 'no reason given',
    })),
    notes: errors.map((error) => error.message ?? 'Playwright reported an error without a message.'),
  };
}
