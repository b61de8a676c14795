import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTraining } from '../../../../learning/data/read-training.ts';
import { wordsOf } from '../../../../shared/encoding/attribute-words.ts';
import { inEnglish } from '../../../support/saying.ts';

it('a file called complaints is not of the schema of complaints: its columns keep their headers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-data-'));
  try {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2},${i % 3 === 0 ? 'yes' : 'no'}`);
    writeFileSync(join(folder, 'complaints.csv'), ['y,has_contract', ...rows, ''].join('\n'));
    const how = { label: 'y', time: null, ignore: [], schema: null, keepTwins: false };
    const { dataset } = await readTraining(join(folder, 'complaints.csv'), how);
    expect(dataset.schema).toMatchObject({ id: 'complaints_file', issuer: null });
    expect(inEnglish(wordsOf(dataset, dataset.schema.attributes[0]!).yes)).toBe('has_contract: yes');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
