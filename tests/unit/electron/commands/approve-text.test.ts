import { wordsOf } from '../../../../shared/encoding/attribute-words.ts';
import { PassThrough, Readable } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { approveCommand } from '../../../../electron/commands/approve.ts';
import { renewCommand } from '../../../../electron/commands/renew.ts';
import { programLanguage } from '../../../../platform/language/catalogues.ts';
import { languages } from '../../../support/commands.ts';
import { outside, strayWords } from '../../../support/pseudo-language.ts';
import { outcomeText, reviewText } from '../../../../electron/commands/approve-text.ts';
import type { Review } from '../../../../electron/backend/approval/review.ts';
import { candidateReportSchema, type Proposal } from '../../../../shared/contract/registry.ts';
import en from '../../../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../../../shared/language/language.ts';
import { gateNames } from '../../../../shared/releases/gates.ts';
import { targetsSchema } from '../../../../shared/releases/metadata.ts';
import { manifest } from '../../../support/train-metrics.ts';

const english = createLanguage(en);
const hash = 'a'.repeat(64);
const file = { length: 1, hashes: { sha256: hash } };

const report = candidateReportSchema.parse({
  format: 'outpost.candidate-report/1',
  candidate: manifest.model.id,
  run: 'run',
  model: hash,
  manifest: hash,
  champion: null,
  gates: [
    {
      name: gateNames.missed,
      figure: 0.0123,
      limit: 0.05,
      comparison: 'at_most',
      champion: null,
      n: 300,
      result: 'holds',
    },
  ],
  flips: 12,
  evidenceRows: 1200,
  evidence: hash,
  proposed: '2026-10-01T00:00:00.000Z',
  sentence: 'All is \u001b[2Jwell.',
});

const list = (version: number, paths: readonly string[]) =>
  targetsSchema.parse({
    _type: 'targets',
    spec_version: '1.0.31',
    version,
    expires: '2027-10-01T00:00:00Z',
    targets: Object.fromEntries(paths.map((path) => [path, file])),
  });

const review: Review = {
  report,
  manifest,
  champion: null,
  recomputed: true,
  before: list(3, ['releases/old.json']),
  after: list(4, ['releases/old.json', 'releases/new.json']),
};

describe('what an approver reads', () => {
  it('names the candidate, what it follows, its gates and the list that is signed', () => {
    const { model, thresholds, schema } = manifest;
    const lines = reviewText(english, review).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      `Candidate:      ${model.name}, version ${model.version} (trained on simulated cases)`,
      'Current model:  none: this is the first release',
      `Not scam below: ${thresholds.notScamBelow}   Scam from: ${thresholds.scamFrom}`,
      `Schema:         ${schema.id}, version ${schema.version}`,
    ]);
    expect(lines).toContain('Gates, computed again on this machine from 1,200 cases; verdicts that change: 12');
    expect(lines).toContain('  Missed scams: 0.0123 (at most 0.0500, 300 incidents): holds');
    expect(lines.slice(-4)).toEqual([
      'List of releases, version 3 to 4, valid until 2027-10-01T00:00:00Z:',
      '  + releases/new.json',
      '  lowest version offices may run: 1',
      '',
    ]);
  });

  it('compares with the current model where there is one', () => {
    const [first, ...others] = manifest.schema.attributes;
    const champion = { ...manifest, schema: { ...manifest.schema, attributes: others } };
    const text = reviewText(english, { ...review, champion, recomputed: false });
    const { notScamBelow, scamFrom } = manifest.thresholds;
    expect(text).toContain(`Current model:  ${manifest.model.name}, version ${manifest.model.version}\n`);
    expect(text).toContain(`Scam from: ${scamFrom}   (now ${notScamBelow} and ${scamFrom})\n`);
    expect(text).toContain(
      `version ${manifest.schema.version}; new: ${english.words(wordsOf(manifest, first!).label)}\n`,
    );
    expect(text).toContain('No evidence: no gate was computed.');
  });

  it('holds no sign of the registry that moves the cursor', () => {
    expect(reviewText(english, review)).toContain('The registry says: All is  [2Jwell.');
  });

  it('says how many signatures are there, and what comes next', () => {
    const of = (state: Proposal['state'], count: number): Proposal => ({
      report,
      manifest,
      state,
      signatures: Array.from({ length: count }, (_, i) => ({ keyId: String(i), at: '2026-10-01T00:00:00.000Z' })),
      threshold: 2,
      targets: null,
    });
    const more = '1 of 2 signatures so far; another admin has to sign with another key.';
    expect(outcomeText(english, of('open', 1), of('open', 0))).toBe(`Signed. ${more}`);
    expect(outcomeText(english, of('open', 1), of('open', 1))).toBe(
      `This key signed already; nothing changed. ${more}`,
    );
    expect(outcomeText(english, of('approved', 2), of('open', 1))).toMatch(
      /^Signed\. 2 of 2 signatures: the release (\S+) is published\. .* registry channel set --release \1$/,
    );
  });
});

describe('what an approver reads who asks for the pseudo-language', () => {
  const language = programLanguage(languages, { OUTPOST_LANGUAGE: 'en-XA' });

  it('comes from the catalogue, but for names', () => {
    const champion = { ...manifest, schema: { ...manifest.schema, attributes: [] } };
    const text = [review, { ...review, champion, recomputed: false }]
      .map((one) => reviewText(language, one))
      .join('\n');
    expect(outside(text).replaceAll('releases/new.json', '')).not.toMatch(/\p{L}{2}/u);
  });

  it.each([
    ['approve', approveCommand],
    ['renew', renewCommand],
  ])('is help of "%s"', (_name, make) => {
    const io = {
      stdin: Readable.from([]),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      modelsDir: '',
      language,
    };
    const command: Command = make({ ...io, signal: new AbortController().signal });
    let help = '';
    command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
    expect(help).toContain('--passphrase-file');
    expect(strayWords(help)).toEqual([]);
  });
});
