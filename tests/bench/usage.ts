import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Imported before a program that is measured: when it ends, what all its threads used is written down.
const file = process.env['OUTPOST_BENCH_USAGE'];
if (isMainThread && file !== undefined) {
  const start = process.hrtime.bigint();
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const used = { seconds, processorSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
    writeFileSync(file, JSON.stringify(used));
  });
}
