import { parseArgs } from 'node:util';
import { judgePromises } from './promises.ts';
import { play } from './play.ts';
import { weeksOf, weekTable } from './table.ts';

// Plays the whole scenario with real parts on simulated residents. Exit code 1 when a promise is broken.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '11' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    process.stderr.write('--seed must be a whole number from 0 on.\n');
    return 2;
  }
  const started = performance.now();
  const played = await play(seed, (day) => process.stderr.write(`\rweek of ${day} …`));
  process.stderr.write('\r                      \r');
  try {
    const weeks = weeksOf(played);
    const { promises, stretches } = await judgePromises(played);
    const seconds = Math.round((performance.now() - started) / 1000);
    const broken = promises.filter((p) => !p.kept).length;
    if (values.json) {
      process.stdout.write(
        `${JSON.stringify({ seed, seconds, simulated: true, weeks, promises, stretches: { ...stretches, alarm: stretches.alarm?.day ?? null } })}\n`,
      );
      return broken === 0 ? 0 : 1;
    }
    process.stdout.write(`Simulated residents, real parts. Seed ${seed}, ${seconds} s.\n\n${weekTable(weeks)}\n\n`);
    for (const p of promises)
      process.stdout.write(`${p.kept ? 'kept    ' : 'BROKEN  '}${p.promise}\n          ${p.figures}\n`);
    process.stdout.write(`\n${promises.length - broken} promises kept, ${broken} broken.\n`);
    return broken === 0 ? 0 : 1;
  } finally {
    await played.close();
  }
}

if (values.help)
  process.stdout.write(
    'npm run -s story -- [--seed S] [--json]\nPlays the acceptance scenario and says which promises were kept.\n',
  );
else process.exitCode = await main();
