import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { quietRuntime } from '../../shared/hosting/quiet-runtime.ts';
import { boostingComparisons } from './boosting.ts';
import { logComparisons } from './log.ts';
import { tableOf, type Comparison } from './measure.ts';
import { queueComparisons } from './queue.ts';
import { scoreComparisons } from './score-command.ts';
import { scoringComparisons } from './scoring.ts';
import { trainingComparisons } from './training.ts';
import { wholeComparisons } from './whole.ts';

/**
 * Measures each pair of ways one after the other in this process, so that the ratios hold on the machine they were made
 * on; absolute times say little elsewhere.
 */
async function main(): Promise<void> {
  Object.assign(process.env, quietRuntime);
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const comparisons: Comparison[] = [];
  const groups = {
    scoring: scoringComparisons,
    score: scoreComparisons,
    queue: queueComparisons,
    training: trainingComparisons,
    log: logComparisons,
    boosting: boostingComparisons,
    whole: wholeComparisons,
  };
  for (const [name, group] of Object.entries(groups))
    if (values.only?.includes(name) ?? true) comparisons.push(...(await group()));
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  if (values.json) console.log(JSON.stringify({ machine, comparisons }));
  else
    console.log(
      `${tableOf(comparisons)}Node ${machine.node}, ${machine.cores} cores, ${machine.cpu}; median of several rounds after one to warm up.`,
    );
}

await main();
