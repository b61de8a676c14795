import { fileURLToPath } from 'node:url';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processIo } from '../../../platform/command-io.ts';
import { runLearn } from '../../../learning/commands/program.ts';
import { english, anyCommand, type Printed } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

function put(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

/** A table whose first column tells the label most of the time; the others are made of the number of the row. */
function table(
  rows: number,
  others: Readonly<Record<string, (i: number) => string>> = {},
  label: (y: number) => string = String,
): string {
  let state = 7;
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  const lines = Array.from({ length: rows }, (_, i) => {
    const amount = Math.round(next() * 1000) / 10;
    return [amount, ...Object.values(others).map((cell) => cell(i)), label(Number(next() < amount / 100))].join(',');
  });
  return `${[['amount', ...Object.keys(others), 'y'].join(','), ...lines].join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-line-'));
  put('table.csv', table(200));
  expect(await run('train', '--data', at('table.csv'), '--out', at('model'))).toMatchObject({ code: 0 });
  expect(await run('train', '--data', at('table.csv'), '--l2', '30', '--out', at('other'))).toMatchObject({ code: 0 });
  expect(await run('dataset', 'build', '--data', at('table.csv'), '--out', at('datasets'))).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dataset = (): string => join(at('datasets'), readdirSync(at('datasets'))[0]!);

describe('a folder that holds another model', () => {
  it.each(['export', 'reproduce'])('is not written over by runs %s unless it is forced', async (command) => {
    const runs: { id: string; params: { l2: number } }[] = JSON.parse((await run('runs', 'list', '--json')).out);
    const { id } = runs.find(({ params }) => params.l2 === 30)!;
    const before = readFileSync(at('model/model.onnx'));
    const refused = await run('runs', command, id, '--out', at('model'));
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/holds the model .* --force/) });
    expect(readFileSync(at('model/model.onnx'))).toEqual(before);
    expect(await run('runs', command, id, '--out', at('other'))).toMatchObject({ code: 0 });
    expect(await run('runs', command, id, '--out', at(command))).toMatchObject({ code: 0 });
    const [own] = runs.filter(({ params }) => params.l2 !== 30);
    expect(await run('runs', command, own!.id, '--out', at(command))).toMatchObject({ code: 2 });
    expect(await run('runs', command, own!.id, '--out', at(command), '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(join(at(command), 'model.onnx'))).toEqual(before);
  });

  it('is refused before a search, which may find another', async () => {
    const space = put('space.json', '{"trainer": ["logistic"]}');
    const search = (data: string) => run('train', '--data', data, '--search', space, '--out', at('model'));
    expect(await search('none.csv')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/A search may find another/),
    });
  });
});

describe('a place where nothing can be written', () => {
  const nowhere = '/proc/outpost/deep';
  it.each<[string, () => string[]]>([
    ['dataset build', () => ['dataset', 'build', '--data', at('table.csv'), '--out', nowhere]],
    ['runs export', () => ['runs', 'export', '1', '--out', nowhere]],
    [
      'init',
      () => ['init', '--folder', at('centre'), '--keys', nowhere, '--passphrase-file', put('pass', 'long enough')],
    ],
    ['import-model', () => ['import-model', '--model', at('model/model.onnx'), '--out', nowhere]],
    ['evaluate', () => ['evaluate', at('model'), '--data', at('none.csv'), '--out', join(nowhere, 'x.json')]],
    ['compare', () => ['compare', at('model'), at('other'), '--data', 'none.csv', '--out', join(nowhere, 'x.json')]],
    ['train --runs', () => ['train', '--data', at('table.csv'), '--out', at('x'), '--runs', nowhere]],
  ])('is refused at once by %s', async (_name, args) => {
    const refused = await run(...args());
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/cannot be (?:used|written)/) });
    expect(existsSync(at('centre'))).toBe(false);
  });
});

describe('options that name columns', () => {
  it.each([
    ['train', () => ['--out', at('x')]],
    ['evaluate', () => [at('model')]],
    ['compare', () => [at('model'), at('other')]],
  ])('are refused by %s for a dataset, the label among them', async (command, more) => {
    const refused = await run(command, ...more(), '--data', dataset(), '--label', 'y');
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--label is for CSV files') });
  });
});

describe('import-model', () => {
  it('reads a dataset as it reads the file that was built from', async () => {
    const theirs = at('model/model.onnx');
    const take = (data: string, out: string) =>
      run('import-model', '--model', theirs, '--data', data, '--out', at(out));
    const [file, kept] = [await take(at('table.csv'), 'from-file'), await take(dataset(), 'from-dataset')];
    expect([file.code, kept.code]).toEqual([0, 0]);
    const metrics = (out: string) => JSON.parse(readFileSync(join(at(out), 'metrics.json'), 'utf8'));
    expect(metrics('from-dataset')).toEqual(metrics('from-file'));
  });

  it('reads labels of other words by --positive-label, as --positive names a class of the model', async () => {
    const words = put(
      'words.csv',
      table(200, {}, (y) => (y === 1 ? 'fraud' : 'ok')),
    );
    const take = (...more: string[]) =>
      run('import-model', '--model', at('model/model.onnx'), '--data', words, '--out', at('by-words'), ...more);
    expect(await take()).toMatchObject({ code: 2, err: expect.stringContaining('import-model: --positive-label') });
    expect(await take('--positive-label', 'fraud')).toMatchObject({ code: 0 });
  });

  it('says that a model is simulated whose figures and thresholds are of simulated cases', async () => {
    await run('simulate', '--cases', '300', '--seed', '4', '--out', at('simulated.csv'));
    await run('train', '--data', at('simulated.csv'), '--out', at('on-simulated'));
    const theirs = ['--model', at('on-simulated/model.onnx'), '--out', at('taken')];
    expect(await run('import-model', ...theirs, '--data', at('simulated.csv'))).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(at('taken/manifest.json'), 'utf8')).model.simulated).toBe(true);
  });
});

describe('compare', () => {
  it('shows what is to be known of the rows for both models, and what holds of both once', async () => {
    const wider = put('wider.csv', table(200, { place: (i) => `place ${i % 3}`, x: (i) => String(i % 7) }));
    expect(await run('train', '--data', wider, '--ignore', 'x', '--out', at('wider'))).toMatchObject({ code: 0 });
    const { code, out } = await run('compare', at('model'), at('wider'), '--data', wider, '--repeats', '100');
    expect(code).toBe(0);
    expect(out).toContain('table: Columns the model does not read: place, x.\n');
    expect(out).toContain('wider: Columns the model does not read: x.\n');
    const both = put('both.csv', `${readFileSync(at('table.csv'), 'utf8')}5,maybe\n`);
    const same = (await run('compare', at('model'), at('other'), '--data', both, '--repeats', '100')).out;
    expect(same.match(/1 row left out:\n {2}1 row: y is neither/g)).toHaveLength(1);
  });
});

describe('evaluate', () => {
  it('counts whole scams in whole numbers', async () => {
    const { out } = await run('evaluate', at('model'), '--data', at('table.csv'), '--repeats', '100');
    expect(out).toMatch(/In the first 50 of the queue: \d+ scams \(/);
  });
});

describe('a column named incident that is none', () => {
  const colours = ['red', 'green', 'blue', 'grey'];
  const incidents = (): string => put('incidents.csv', table(400, { incident: (i) => colours[i % 4]! }));

  it('is named as the cause, with what to do, where nearly all rows are left out', async () => {
    const refused = await run('train', '--data', incidents(), '--out', at('x'));
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /Of 400 rows 396 were left out as .* the column incident has it; 4 rows are left\. .*--ignore incident; --keep-twins/,
    );
    expect(await run('train', '--data', incidents(), '--ignore', 'incident', '--out', at('x'))).toMatchObject({
      code: 0,
    });
  });

  it('is named too where enough rows are left to train, and where it groups all of them', async () => {
    const file = put('more.csv', table(400, { incident: (i) => String(i % 150) }));
    const { code, err } = await run('train', '--data', file, '--out', at('fewer'));
    expect([code, err]).toEqual([0, expect.stringMatching(/Of 400 rows 250 were left out as further cases/)]);
    const scammers = put('scammers.csv', table(400, { scammer: (i) => colours[i % 4]! }));
    const built = await run('dataset', 'build', '--data', scammers, '--out', at('grouped'));
    expect(built).toMatchObject({ code: 0, err: expect.stringMatching(/the 400 rows are of 4 groups only.*--ignore/) });
  });
});

describe('dates', () => {
  const day = (i: number) => 1 + (i % 28);
  const month = (i: number) => 1 + (Math.floor(i / 28) % 12);
  const two = (n: number) => String(n).padStart(2, '0');
  const forms: Record<string, (d: number, m: number) => string> = {
    iso: (d, m) => `2026-${two(m)}-${two(d)}`,
    'ISO with a time and a zone': (d, m) => `2026-${two(m)}-${two(d)}T10:00:00+05:30`,
    'yyyy/m/d': (d, m) => `2026/${m}/${d}`,
    yyyymmdd: (d, m) => `2026${two(m)}${two(d)}`,
    'dd/mm/yyyy': (d, m) => `${two(d)}/${two(m)}/2026`,
    'm/d/yyyy with a time': (d, m) => `${m}/${d}/2026 10:15`,
  };
  const dated = (form: string, days = day) =>
    put('dated.csv', table(400, { when: (i) => forms[form]!(days(i), month(i)) }));

  it.each(Object.keys(forms))('as %s are left out as dates, and read as what they say', async (form) => {
    const file = dated(form);
    expect((await run('train', '--data', file, '--out', at(form.replaceAll('/', '-')))).err).toMatch(
      /when +left out +it holds dates; name it with --time/,
    );
    const build = async (name: string) =>
      JSON.parse((await run('dataset', 'build', '--data', name, '--time', 'when', '--out', at('dated'), '--json')).out);
    expect((await build(file)).split).toEqual((await build(dated('iso'))).split);
  });

  it.each([
    ['dd/mm/yyyy', 'day/month/year'],
    ['m/d/yyyy with a time', 'month/day/year'],
  ])('as %s are read by those with a day above 12, and that is reported', async (form, shown) => {
    const built = await run('dataset', 'build', '--data', dated(form), '--time', 'when', '--out', at('dated'));
    expect(built).toMatchObject({ code: 0, err: expect.stringContaining(`Dates of when are read as ${shown}`) });
  });

  it('that do not tell their order are refused, as are those that contradict each other', async () => {
    const build = (file: string) => run('dataset', 'build', '--data', file, '--time', 'when', '--out', at('dated'));
    const early = await build(dated('dd/mm/yyyy', (i) => 1 + (i % 12)));
    expect(early).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is not clear: no day is above 12\. Write .*2026-03-01/),
    });
    const both = put('both.csv', 'when,x,y\n13/02/2026,1,1\n02/13/2026,2,0\n');
    expect(await build(both)).toMatchObject({ code: 2, err: expect.stringContaining('cannot be read in one way') });
  });
});

describe('numbers with a percent sign', () => {
  it('are numbers when all of them have it, also where cases are scored', async () => {
    const share = (i: number) => `${(i * 7) % 90}${i % 2 ? ' ' : ''}%`;
    const file = put('percent.csv', table(400, { share }));
    const { code, err } = await run('train', '--data', file, '--out', at('percent'));
    expect([code, err]).toEqual([0, expect.stringMatching(/share +number +whole numbers in percent: 12 % is 12/)]);
    const { schema } = JSON.parse(readFileSync(join(at('percent'), 'manifest.json'), 'utf8'));
    expect(schema.attributes[1]).toMatchObject({ name: 'share', kind: 'number', unit: '%' });
    const judged = await run('evaluate', at('percent'), '--data', file, '--repeats', '100');
    expect(judged).toMatchObject({ code: 0, out: expect.stringMatching(/^400 cases/m) });
  });

  it('are refused beside numbers without one', async () => {
    const file = put('mixed.csv', table(400, { share: (i) => (i % 3 ? `${i} %` : String(i / 400)) }));
    expect(await run('train', '--data', file, '--out', at('x'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/column share has numbers with a percent sign \(266 cells\) and without one \(134\)/),
    });
  });

  it('are no numbers in a column that has none', async () => {
    const file = put('plain.csv', `${readFileSync(at('table.csv'), 'utf8')}50 %,1\n`);
    const judged = await run('evaluate', at('model'), '--data', file, '--repeats', '100');
    expect(judged.out).toContain('1 row: amount has a percent sign, which this column has not');
  });

  it('and those with spaces between thousands are shown what to write', async () => {
    const file = put('spaces.csv', table(400, { sum: (i) => `${1 + (i % 9)} ${100 + (i % 50)}` }));
    const { err } = await run('train', '--data', file, '--out', at('spaces'));
    expect(err).toMatch(
      /sum +.*400 of its cells would be numbers without what stands between their thousands: write 1234\.5/,
    );
  });
});

describe('labels', () => {
  const hash = async (label: (y: string) => string, ...more: string[]) => {
    const file = put(
      'labels.csv',
      table(200, {}, (y) => label(String(y))),
    );
    const built = await run('dataset', 'build', '--data', file, ...more, '--out', at('labelled'), '--json');
    return built.code === 0 ? JSON.parse(built.out).hash : built.err;
  };

  it.each<[string, (y: string) => string, string[]]>([
    ['1.00 and 0e0', (y) => (y === '1' ? '1.00' : '0e0'), []],
    ['Y and N', (y) => (y === '1' ? 'Y' : 'N'), []],
    ['true and false', (y) => String(y === '1'), []],
    ['1 and -1 by --positive', (y) => (y === '1' ? '1' : '-1'), ['--positive', '1']],
    ['fraud and ok by --positive', (y) => (y === '1' ? 'fraud' : 'ok'), ['--positive', 'Fraud']],
    ['0 and 1 the other way round', (y) => (y === '1' ? '0' : '1'), ['--positive', '0']],
  ])('may be %s', async (_what, label, more) => {
    expect(await hash(label, ...more)).toBe(await hash(String));
  });

  it('are refused with what to do where they say something else', async () => {
    expect(await hash((y) => (y === '1' ? 'fraud' : 'ok'))).toMatch(/y is neither 1 .* with --positive/);
    expect(await hash((y) => (y === '1' ? '1' : '-1'))).toMatch(/y is neither 1 .* with --positive/);
    expect(await hash(String, '--positive', 'fraud')).toMatch(/No label is “fraud”, as --positive has it; there are/);
    const wide = put('wide.csv', table(200, { id: (i) => `case ${i}` }));
    const wrong = await run('dataset', 'build', '--data', wide, '--label', 'id', '--positive', 'x', '--out', at('x'));
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('more than 10 values beside “x”') });
  });

  describe('of more than two kinds', () => {
    const build = (...options: string[]) => {
      let genuine = 0;
      const word = (y: number): string => (y === 1 ? 'scam' : (['Pending', 'genuine'][genuine++] ?? 'refunded'));
      const told = ['--data', put('several.csv', table(200, {}, word)), '--positive', 'scam', ...options];
      return run('dataset', 'build', ...told, '--out', at('several'));
    };

    it('are refused with their counts where only that of scams is named', async () => {
      const { code, err } = await build();
      expect(code).toBe(2);
      expect(err).toMatch(
        /Beside “scam” .*“scam” \(\d+ rows\), “refunded” \(\d+ rows\), “Pending” \(1 row\), “genuine” \(1 row\)/,
      );
      expect(err).toContain('--negative');
    });

    it('are left out and counted where they are not named', async () => {
      const { code, err } = await build('--negative', 'Refunded,genuine');
      expect(code).toBe(0);
      expect(err).toContain('Labels: “scam” is scam, “refunded”, “genuine” genuine provider.');
      expect(err).toContain('1 row with other labels is left out: “Pending” (1 row).');
    });

    it('are all genuine provider where that is said', async () => {
      const { code, err } = await build('--others-negative');
      expect([code, err]).toEqual([0, expect.stringContaining('“refunded”, “Pending”')]);
    });

    it.each([
      [['--negative', 'scam'], /“scam” cannot be that of scams and of genuine/],
      [['--negative', 'refunded', '--others-negative'], /not both/],
    ])('are not named twice: %j', async (options, why) => {
      expect(await build(...options)).toMatchObject({ code: 2, err: expect.stringMatching(why) });
    });
  });

  it('are reported as they were read by --positive, and evaluate reads them so too', async () => {
    const file = put(
      'labels.csv',
      table(200, {}, (y) => (String(y) === '1' ? 'fraud' : 'ok')),
    );
    const judged = await run('evaluate', at('model'), '--data', file, '--positive', 'fraud', '--repeats', '100');
    expect(judged).toMatchObject({
      code: 0,
      out: expect.stringContaining('Labels: “fraud” is scam, “ok” genuine provider.'),
    });
  });
});

describe('reading a file', () => {
  /** Runs a command as on a terminal on which a second passes from each look at the clock to the next. */
  async function onTerminal(args: readonly string[], interrupted: boolean): Promise<{ code: number; err: string }> {
    let [now, err] = [Date.parse('2026-11-01T00:00:00Z'), ''];
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    stderr.on('data', (chunk) => (err += String(chunk)));
    const code = await runLearn(args, {
      stdin: Readable.from([]),
      stdout: new PassThrough().resume(),
      language: english,
      stderr,
      env: { OUTPOST_RUNS_FOLDER: at('watched') },
      ended: () => (interrupted ? Promise.resolve() : new Promise(() => undefined)),
      clock: { now: () => (now += 1000) },
      random: (n: number) => new Uint8Array(n),
    });
    return { code, err };
  }
  const large = (): string => put('large.csv', table(5000));

  it.each<[string, () => string[]]>([
    ['train', () => ['train', '--out', at('watched-model')]],
    ['dataset build', () => ['dataset', 'build', '--out', at('watched-sets')]],
    ['evaluate', () => ['evaluate', at('model')]],
    ['compare', () => ['compare', at('model'), at('other')]],
    ['import-model', () => ['import-model', '--model', at('model/model.onnx'), '--out', at('watched-import')]],
  ])('is ended at once by Ctrl+C in %s, which says that nothing was kept', async (_name, args) => {
    const { code, err } = await onTerminal([...args(), '--data', large()], true);
    expect([code, err]).toEqual([130, 'Cancelled while the data was read. Nothing was kept or written.\n']);
    expect(readdirSync(folder).filter((name) => name.startsWith('watched-'))).toEqual([]);
    expect(JSON.parse((await anyCommand(['runs', 'list', '--json', '--runs', at('watched')])).out)).toEqual([]);
  });

  it('leaves Ctrl+C to the program again once a file is read', () => {
    const listeners = () => ['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name));
    const [before, until] = [listeners(), new AbortController()];
    void processIo(fileURLToPath(new URL('../../../shared/language/', import.meta.url))).ended(until.signal);
    expect(listeners()).toEqual(before.map((count) => count + 1));
    until.abort();
    expect(listeners()).toEqual(before);
  });

  it('shows bytes, rows and the time that is left, each time it is read', async () => {
    const { code, err } = await onTerminal(['dataset', 'build', '--data', large(), '--out', at('seen')], false);
    expect(code).toBe(0);
    expect(err).toMatch(/Reading large\.csv … 0\.\d of 0\.\d MB, \d,\d{3} rows, \d+ %/);
    expect(err).toContain('Reading large.csv again … ');
  });
});
