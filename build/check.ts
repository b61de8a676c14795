import { SOURCE_CHECKS, UNIT_TESTS } from './checks.ts';

// Every check runs even when an earlier one failed: one round shows everything there is to mend.
const failed: string[] = [];
for (const check of [...SOURCE_CHECKS, UNIT_TESTS]) {
  const started = performance.now();
  const passed = await check.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
  if (!passed) failed.push(check.name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
