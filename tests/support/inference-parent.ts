// A program that starts an inference process, prints its id, and keeps it busy until somebody ends us.
import { pino } from 'pino';
import { systemClock } from '../../electron/backend/host/system.ts';
import { fromStored } from '../../shared/encoding/pack.ts';
import { spawnNodeInference } from '../../electron/backend/inference/spawn-node.ts';
import { createInference } from '../../electron/backend/inference/supervisor.ts';
import { toyModel, toyRows } from './models.ts';

const model = toyModel();
const row = fromStored(model.manifest.binding, toyRows[0]!);
let pid: number | undefined;
const spawn = spawnNodeInference();
const inference = createInference({
  clock: systemClock(),
  logger: pino({ level: 'silent' }),
  spawn: () => {
    const child = spawn();
    pid = child.pid;
    return child;
  },
});
await inference.load(model);
process.stdout.write(`${pid}\n`);
for (;;)
  await inference.score(
    model.manifest.model.sha256,
    Array.from({ length: 10_000 }, () => row),
  );
