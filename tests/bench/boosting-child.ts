import { readFileSync } from 'node:fs';
import { boostingTrainer } from '../../learning/trainers/boosting/index.ts';
import { allRows, shared, type Column, type Frame, type Rows } from '../../learning/dataset/frame.ts';
import { logisticTrainer } from '../../learning/trainers/logistic/index.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { Attribute } from '../../shared/encoding/schema.ts';
import type { Answer, Task } from './boosting.ts';

/** Reads the matrix of a task, one column after the other, into a frame. */
function frameOf(task: Task): Frame {
  const file = readFileSync(task.matrix);
  const matrix = new Float32Array(file.buffer, file.byteOffset, file.length / 4);
  const columns = task.columns.map(({ name, values: listed }, c): Column => {
    const values = shared(Float32Array, 4, task.rows);
    values.set(matrix.subarray(c * task.rows, (c + 1) * task.rows));
    const common = { name, label: name, question: name, group: 'more', shareable: true, since: 1 } as const;
    if (listed === null) {
      const attribute: Attribute = { ...common, kind: 'number', unit: '', min: 0, max: 1, bins: [0] };
      return { kind: 'number', attribute, values };
    }
    const codes = shared(Int32Array, 4, task.rows);
    codes.set(values);
    const attribute = { ...common, kind: 'category' as const, values: [...listed] };
    return { kind: 'category', attribute, codes, levels: listed, listed: listed.length };
  });
  return {
    schema: { ...complaintsSchema, attributes: columns.map((c) => c.attribute) },
    rows: task.rows,
    columns,
    labels: new Uint8Array(readFileSync(task.labels)),
    weights: new Float64Array(task.rows).fill(1),
    groups: new Int32Array(allRows(task)),
  };
}

/** Mean log loss of the log odds of rows. */
function lossOf(frame: Frame, rows: Rows, margins: Float64Array): number {
  return (
    margins.reduce((sum, m, k) => sum + Math.log1p(Math.exp(frame.labels[rows[k]!] === 1 ? -m : m)), 0) / rows.length
  );
}

const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Task;
const frame = frameOf(task);
const rows = allRows(frame).subarray(0, task.fitted);
const held = allRows(frame).subarray(task.fitted);
const before = process.resourceUsage().maxRSS;
const used = process.cpuUsage();
const start = process.hrtime.bigint();
const model =
  process.argv[3] === 'logistic'
    ? logisticTrainer.fit(frame, rows, logisticTrainer.params.parse({}), { seed: 1 })
    : boostingTrainer.fit(
        frame,
        rows,
        boostingTrainer.params.parse({
          rounds: task.rounds,
          learningRate: task.learningRate,
          maxLeaves: task.leaves,
          // So deep that the number of leaves alone limits a tree.
          maxDepth: task.leaves - 1,
          minLeafRows: task.leafRows,
          // What scikit-learn has: no penalty, and 1e-3 as the least hessian of a leaf.
          lambda: 0,
          minChildWeight: 1e-3,
          earlyStopping: null,
        }),
        { seed: 1 },
      );
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const { user, system } = process.cpuUsage(used);
const answer: Answer = {
  what: process.argv[3] === 'logistic' ? 'our logistic trainer' : 'our boosting trainer, one thread',
  seconds,
  processorSeconds: (user + system) / 1e6,
  megabytes: (process.resourceUsage().maxRSS - before) / 1024,
  loss: lossOf(frame, held, model.margins(frame, held)),
};
console.log(JSON.stringify(answer));
