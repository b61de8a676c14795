import { checkSources, checkUnits } from './checks.ts';

const checked = [...(await checkSources()), await checkUnits()];
const failed = checked.filter((one) => !one.passed).map((one) => one.name);
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
