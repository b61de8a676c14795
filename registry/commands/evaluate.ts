import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { manifestSchema, type Manifest } from '../../shared/encoding/manifest.ts';
import { readModel } from '../../shared/encoding/onnx/index.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { outsideReasons } from '../../shared/encoding/encode.ts';
import { figuresOf, missedByStratum } from '../learning/figures.ts';
import { readLabelledCsv } from '../learning/labelled-csv.ts';
import { scoreFacts } from '../pipeline/score.ts';
import { print, type CommandIo } from './io.ts';

interface Options {
  readonly data: string;
  readonly label: string;
  readonly time: string;
  readonly model: string;
  readonly manifest: string;
  readonly json?: boolean;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', `${file} cannot be read.`, { cause });
  }
}

function readManifest(file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(read(file).toString('utf8'));
  } catch (cause) {
    throw new OutpostError('BAD_MANIFEST', `${file} is no manifest.`, { cause });
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw new OutpostError('BAD_MANIFEST', `${file} is no manifest.`, { cause: parsed.error });
  return parsed.data;
}

/** Model bytes that are the ones the manifest names and can be read. */
function checkedModel(file: string, manifest: Manifest): Uint8Array {
  const bytes = read(file);
  if (createHash('sha256').update(bytes).digest('hex') !== manifest.model.sha256) {
    throw new OutpostError('BAD_MODEL', `${file} is not the model the manifest names.`);
  }
  readModel(bytes);
  return bytes;
}

async function evaluate(io: CommandIo, options: Options): Promise<void> {
  const manifest = readManifest(options.manifest);
  const model = checkedModel(options.model, manifest);
  const file = await readLabelledCsv(options.data, manifest.schema, options);
  const { rows } = file;
  const scores = await scoreFacts(
    model,
    manifest,
    rows.map((row) => row.facts),
  );
  const judged = rows.map((row, i) => ({ label: row.label, weight: row.weight ?? 1, score: scores[i]! }));
  const outside = rows.map((row) => outsideReasons(manifest.schema, row.facts, manifest));
  const figures = {
    ...figuresOf(judged, manifest.thresholds),
    ...missedByStratum(judged, outside, manifest.thresholds),
  };
  const lines = Object.entries(figures).map(([name, f]) => {
    const interval = f.low === undefined ? '' : ` (${f.low.toFixed(4)} to ${f.high?.toFixed(4)})`;
    return `${name} ${f.value.toFixed(4)}${interval}, ${counted(f.n, 'case')}`;
  });
  print(io, options.json, { model: manifest.model.id, rows: rows.length, figures }, lines);
}

/** `registry evaluate`: figures of a model on labelled cases. */
export function evaluateCommand(io: CommandIo): Command {
  return new Command('evaluate')
    .description('figures of a model on a labelled CSV file, with 95 % intervals')
    .requiredOption('--data <file>', 'CSV file: attributes by name, a label and a received date')
    .requiredOption('--model <file>', 'model.onnx')
    .requiredOption('--manifest <file>', 'manifest.json')
    .option('--label <column>', 'column with 1 for scam and 0 for genuine provider; empty rows are left out', 'y')
    .option('--time <column>', 'column with the received date', 'received')
    .option('--json', 'print JSON')
    .action((options: Options) => evaluate(io, options));
}
