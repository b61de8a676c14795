import type { Manifest } from '../../../../shared/encoding/manifest.ts';
import { inEnglish } from '../../../../shared/errors/in-english.ts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appended, shownScore } from '../../../../electron/commands/score-columns.ts';
import { runProgram } from '../../../../electron/commands/program.ts';
import { createNotes } from '../../../../electron/commands/score-notes.ts';
import { phraseOf, reasonPhrases } from '../../../../electron/backend/cases/phrases.ts';
import { smallestQuickReason } from '../../../../electron/commands/score-reasons.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { parseManifest } from '../../../../platform/models/parse-manifest.ts';
import { scoreRows } from '../../../../platform/models/score-rows.ts';
import { verdictOf } from '../../../../shared/domain/verdict.ts';
import { safeCell } from '../../../../shared/encoding/csv-cell.ts';
import { csvReader } from '../../../../shared/encoding/csv-facts.ts';
import { watchDecimals } from '../../../../shared/encoding/decimal-columns.ts';
import { encodeFacts, outsideReasons } from '../../../../shared/encoding/encode.ts';
import type { Attribute } from '../../../../shared/encoding/schema.ts';
import { boundColumns } from '../../../../shared/encoding/pack.ts';
import { toyModel, toySchema, writeToyModel } from '../../../support/models.ts';
import { english } from '../../../support/commands.ts';
import { quickContributions } from '../../../support/quick-contributions.ts';

const bundled = fileURLToPath(new URL('../../../../models/', import.meta.url));
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'outpost-score-bytes-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Runs `outpost score` on a text; what it wrote and what it said. */
async function scored(models: string, csv: string, args: readonly string[]): Promise<{ out: string; err: string }> {
  const file = join(folder, 'cases.csv');
  writeFileSync(file, csv);
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [textOf(stdout), textOf(stderr)];
  const io = { stdin, stdout, stderr, language: english, modelsDir: models, signal: new AbortController().signal };
  await runProgram(io, ['score', file, ...args]);
  stdout.end();
  stderr.end();
  return { out: await out, err: await err };
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** What the command should write and say: every row read, encoded, judged and explained on its own. */
async function rowByRow(models: string, csv: string, reasons: boolean, json: boolean) {
  const [bytes, text] = [readFileSync(join(models, 'model.onnx')), readFileSync(join(models, 'manifest.json'))];
  const manifest = parseManifest(text);
  const { schema, texts: words, binding, thresholds, maxMissingShare, model } = manifest;
  const read = parse(csv, { bom: true, skip_empty_lines: true, info: true }) as unknown as ParsedRecord[];
  const [header, ...cells] = read.map(({ record }) => record) as [string[], ...string[][]];
  const notes = createNotes();
  const watcher = watchDecimals(schema, header);
  cells.every((row) => watcher.see(row));
  const decimals = watcher.found();
  const reader = csvReader(schema, header, [], { texts: words, decimals, unknown: notes.unknown });
  const absent = schema.attributes.filter(
    (a) => a.kind !== 'tactic' && boundColumns(binding).includes(a.name) && !reader.mapped.has(a.name),
  );
  notes.columns(
    reader.unmapped,
    absent.map((a) => a.name),
  );
  const facts = cells.map((row, i) => {
    const { facts: found, problems } = reader.read(row);
    for (const problem of problems) notes.problem(read[i + 1]!.info.lines, problem);
    return found;
  });
  const rows = facts.map((f) => encodeFacts(schema, f));
  const score = async (list: typeof rows) => [...(await scoreRows(bytes, manifest, list.length, (i) => list[i]!))];
  const scores = await score(rows);
  const parts = reasons
    ? await quickContributions(manifest, rows, scores, (list) => score([...list]))
    : rows.map(() => []);
  const rule = { maxMissingShare, columns: boundColumns(binding) };
  const written = rows.map((row, i) => {
    const verdict = verdictOf(scores[i]!, thresholds);
    const outside = outsideReasons(schema, facts[i]!, rule).length > 0;
    notes.scored(verdict, outside);
    const sides = new Map(
      parts[i]!.map(({ attribute, value }) => [
        inEnglish(phraseOf(manifest, attribute, row[attribute])),
        value > 0 ? ' (for scam)' : ' (against)',
      ]),
    );
    const why = reasonPhrases(parts[i]!, manifest, row, verdict, smallestQuickReason)
      .map(inEnglish)
      .map((reason) => `${reason}${sides.get(reason) ?? ''}`);
    return { score: shownScore(scores[i]!), verdict, outside, why };
  });
  const err = `${notes
    .lines(manifest)
    .map((line) => english.say(line))
    .join('\n')}\n`;
  if (json) {
    const out = written.map(({ score: shown, verdict, outside, why }, i) => {
      const added = [shown, verdict, outside, why, model.version].map((value, at) => [appended[at]!, value]);
      return `${JSON.stringify(Object.fromEntries([...header.map((name, at) => [name.trim(), cells[i]![at]]), ...added]))}\n`;
    });
    return { out: out.join(''), err };
  }
  const table = written.map(({ score: shown, verdict, outside, why }, i) => {
    return [...cells[i]!, String(shown), verdict, outside ? 'yes' : 'no', safeCell(why.join('; ')), `${model.version}`];
  });
  return { out: stringify([[...header, ...appended], ...table]), err };
}

const blanks = ['', ' ', '?', 'unknown', 'N/A', 'NaN', 'null', 'None', '-', '.'];
const yesNo = ['yes', 'no', 'Yes', 'NO', 'y', 'n', '1', '0', 'true', 'FALSE', ' yes ', '1.0', 'maybe', '2'];
const numbers = ['0', '3', '12.5', ' 40 ', '1e2', '-1', '601', '100000', '1,5', '1.440', 'ten', '12 %', 'inf', '1e39'];
const moneys = [
  '12000 INR',
  '49.90',
  '49.90EUR',
  '0',
  '1,200',
  '99 XXX',
  'free',
  '-5',
  '12000',
  '1e3',
  '10000000000000',
];
const texts = [
  '=1+1',
  '"',
  'a,b',
  'line\nbreak',
  'cr\rhere',
  '+91 98100 00000',
  "it's",
  'नमस्ते',
  '@x',
  ' spaced ',
  '\t',
  '“x”',
];
const tactics = [
  '',
  'remote access',
  'gift_cards; secrecy',
  'never heard of',
  '?',
  'x@y.com',
  ';;',
  'Remote-Access;remote access',
];

function cellsOf(attribute: Attribute, words: Manifest['texts']): readonly string[] {
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return yesNo;
    case 'number':
      return numbers;
    case 'money':
      return moneys;
    case 'category':
      return [
        ...attribute.values.flatMap((value) => {
          const label = words[0]?.attributes[attribute.name]?.values?.[value] ?? value;
          return [value, label, label.toUpperCase()];
        }),
        'new kind',
        '12345678',
        '=x',
      ];
  }
}

/** A file that a person would be ashamed of: every kind of cell in every kind of column, columns in any order. */
function messy(attributes: readonly Attribute[], words: Manifest['texts'], rows: number, seed: number): string {
  const random = createRandom(seed);
  const money = attributes.filter((a) => a.kind === 'money');
  const columns: (readonly [string, readonly string[]])[] = [
    ['note', texts],
    ...attributes.map((a) => [a.name, cellsOf(a, words)] as const),
    ...money.map((a) => [`${a.name}_currency`, ['INR', 'eur', 'GBP', '', 'XXX', 'rupees']] as const),
    [
      'tactics',
      [
        ...tactics,
        Array.from({ length: 60 }, (_, i) => `kind ${String.fromCodePoint(97 + (i % 26))} of ${i % 7}`).join(';'),
      ],
    ],
    ['Last one', texts],
  ];
  const order = columns.map((column) => ({ column, at: random.next() })).toSorted((a, b) => a.at - b.at);
  const table = Array.from({ length: rows }, () => {
    const usual = random.chance(0.5);
    return order.map(({ column: [name, cells] }) => {
      if (random.chance(usual ? 0.05 : 0.3)) return blanks[random.below(blanks.length)]!;
      const few = usual && name !== 'note' ? Math.min(2, cells.length) : cells.length;
      return cells[random.below(few)]!;
    });
  });
  return stringify([order.map(({ column: [name] }) => name), ...table]);
}

const common = { group: 'telling', since: 1, shareable: true } as const;
/** The toy model under a schema with attributes that it does not read, one of which stays on the laptop. */
const withTactics = toyModel({
  manifest: {
    schema: {
      ...toySchema,
      attributes: [
        { ...common, kind: 'tactic', name: 'cards', tag: 'gift_cards' },
        ...toySchema.attributes,
        { ...common, kind: 'money', name: 'lost', bins: [10] },
        { ...common, kind: 'boolean', name: 'hers', shareable: false },
        {
          ...common,
          kind: 'tactic',
          name: 'late',
          since: 2,
          tag: 'late_calls',
        },
      ],
    },
  },
});

describe('outpost score on a file of any kind of cell', () => {
  it.each([
    ['without reasons', ['--no-reasons']],
    ['with reasons', []],
    ['as JSON', ['--json']],
  ])('writes and says what reading row by row gives, %s', async (_what, args) => {
    writeToyModel(folder, withTactics);
    const reasons = !args.includes('--no-reasons');
    const toy = withTactics.manifest;
    const complaints = parseManifest(readFileSync(join(bundled, 'manifest.json')));
    for (const [models, attributes, { texts: words }] of [
      [bundled, complaints.schema.attributes, complaints],
      [folder, toy.schema.attributes, toy],
      [folder, toy.schema.attributes.filter((a) => a.name !== 'minutes'), toy],
    ] as const) {
      const csv = messy(attributes, words, 2600, attributes.length);
      const wanted = await rowByRow(models, csv, reasons, args.includes('--json'));
      const found = await scored(models, csv, args);
      expect(found.err.replace(/^The first line has .*\n/, '')).toBe(wanted.err);
      expect(found.out === wanted.out || firstDifference(found.out, wanted.out)).toBe(true);
    }
  });
});

/** The first lines that differ: a whole file of messy cells is no message. */
function firstDifference(found: string, wanted: string): string {
  const [a, b] = [found.split('\n'), wanted.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${at + 1}: ${a[at]} instead of ${b[at]}`;
}
