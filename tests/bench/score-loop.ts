// A bare loop that does what `outpost score` does on a clean file, for one model: reads it whole, scores it in this
// process, a thousand rows at a time, and writes the same bytes. No checks, no messages, no bound on memory.
import { inEnglish } from '../../shared/errors/in-english.ts';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { shownScore } from '../../electron/commands/score-columns.ts';
import { phraseOf } from '../../electron/backend/cases/phrases.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { normaliseTactic } from '../../shared/domain/tactics.ts';

const [models = '', csv = '', out = '', reasons = ''] = process.argv.slice(2);
const batch = 1000;
const manifest = JSON.parse(readFileSync(`${models}/manifest.json`, 'utf8')) as Manifest;
const { schema, binding, thresholds, output } = manifest;
const bound = binding.layout === 'columns' ? binding.columns : [];
const attributes = bound.map(({ attribute }) => schema.attributes.find((a) => a.name === attribute)!);
const listed = attributes.map((a) => (a.kind === 'category' ? new Set(a.values) : null));
const understood = new Set(schema.understoodTactics);

type Column = Float32Array<ArrayBuffer> | string[];

function column(k: number, rows: readonly string[][], at: ReadonlyMap<string, number>): Column {
  const { kind, name } = attributes[k]!;
  const i = at.get(name)!;
  if (kind === 'category') return rows.map((cells) => cells[i]!);
  const values = new Float32Array(rows.length).fill(NaN);
  rows.forEach((cells, row) => {
    const cell = cells[i]!;
    if (cell === '') return;
    if (kind === 'boolean') values[row] = cell === 'yes' ? 1 : 0;
    else if (kind === 'number') values[row] = Number(cell);
    else
      values[row] =
        Math.round(Number(cell) * 100) / schema.currencies.minorPerReference[cells[at.get(`${name}_currency`)!]!]!;
  });
  return values;
}

function tensor(data: Column): Tensor {
  return typeof data[0] === 'string'
    ? new Tensor('string', data as string[], [data.length, 1])
    : new Tensor('float32', data as Float32Array, [data.length, 1]);
}

function isOutside(columns: readonly Column[], row: number, tactics: string): boolean {
  let missing = 0;
  for (let k = 0; k < columns.length; k++) {
    const value = columns[k]![row]!;
    if (value === '' || value !== value) missing += 1;
    else if (listed[k] !== null && !listed[k]!.has(value as string)) return true;
  }
  if (missing / columns.length > manifest.maxMissingShare) return true;
  return tactics !== '' && tactics.split(';').some((t) => !understood.has(normaliseTactic(t, schema.synonyms)));
}

function logOdds(score: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, score));
  return Math.log(p / (1 - p));
}

const phrases = new Map<string, string>();

function phrase(k: number, value: number | string): string {
  const key = `${k} ${value}`;
  const known = phrases.get(key) ?? inEnglish(phraseOf(manifest, attributes[k]!.name, value));
  phrases.set(key, known);
  return known;
}

/** Answers by how far the log odds move when each is unknown: those that point where the verdict does, largest first. */
function why(
  columns: readonly Column[],
  without: readonly Float32Array[],
  row: number,
  score: number,
  verdict: string,
) {
  const direction = verdict === 'scam' ? 1 : verdict === 'not_scam' ? -1 : 0;
  const known = columns.flatMap((column, k) => {
    const value = column[row]!;
    const part = value === '' || value !== value ? 0 : logOdds(score) - logOdds(without[k]![row]!);
    return Math.abs(part) < 0.1 ? [] : [{ k, value, part, against: direction * part < 0 }];
  });
  known.sort((a, b) => Number(a.against) - Number(b.against) || Math.abs(b.part) - Math.abs(a.part));
  return known
    .filter((c, i) => !c.against || i < 2)
    .slice(0, 3)
    .map(({ k, value, part }) => `${phrase(k, value)} ${part > 0 ? '(for scam)' : '(against)'}`)
    .join('; ');
}

const bytes = readFileSync(`${models}/model.onnx`);
if (createHash('sha256').update(bytes).digest('hex') !== manifest.model.sha256) throw new Error('another model');
const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const run = async (feeds: Record<string, Tensor>): Promise<Float32Array> =>
  (await session.run(feeds, [output.name]))[output.name]!.data as Float32Array;
const table: string[][] = parse(readFileSync(csv), { bom: true });
const [header = [], ...cases] = table;
const at = new Map(header.map((name, i) => [name, i]));
const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const pieces = [`${header.join(',')},score,verdict,outside_model,reasons,model_version\n`];
for (let start = 0; start < cases.length; start += batch) {
  const rows = cases.slice(start, start + batch);
  const columns = bound.map((_, k) => column(k, rows, at));
  const feeds = Object.fromEntries(bound.map(({ input }, k) => [input, tensor(columns[k]!)]));
  const scores = await run(feeds);
  const without: Float32Array[] = [];
  if (reasons === 'reasons') {
    const [noText, noNumber] = [tensor(rows.map(() => '')), tensor(new Float32Array(rows.length).fill(NaN))];
    for (const { input, type } of bound)
      without.push(await run({ ...feeds, [input]: type === 'string' ? noText : noNumber }));
  }
  rows.forEach((cells, row) => {
    const score = scores[row]!;
    const verdict = score < thresholds.notScamBelow ? 'not_scam' : score >= thresholds.scamFrom ? 'scam' : 'unclear';
    const outside = isOutside(columns, row, cells[at.get('tactics')!]!) ? 'yes' : 'no';
    const reason = without.length > 0 ? why(columns, without, row, score, verdict) : '';
    pieces.push(
      `${cells.map(quoted).join(',')},${shownScore(score)},${verdict},${outside},${quoted(reason)},${manifest.model.version}\n`,
    );
  });
}
writeFileSync(out, pieces.join(''));
