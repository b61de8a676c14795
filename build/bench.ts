import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, TOP } from './run.ts';

// Every benchmark is a program of its own that prints its figures; a word after `npm run bench --` picks by name.
const folder = join(TOP, 'tests', 'bench');
const wanted = process.argv.slice(2);
const programs = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .toSorted();
if (programs.length === 0) {
  console.error(wanted.length === 0 ? 'There are no benchmarks.' : `No benchmark is called ${wanted.join(', ')}.`);
  process.exitCode = 1;
}
for (const program of programs) {
  console.log(`\n== ${program}`);
  const ended = await run(process.execPath, [join(folder, program)]);
  if (ended.code !== 0) process.exitCode = 1;
}
