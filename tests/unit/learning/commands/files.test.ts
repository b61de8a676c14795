import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeModelFolder } from '../../../../learning/commands/model-folder.ts';
import { requireWritableFile, streamAtomic, writeTogether } from '../../../../platform/files.ts';
import { saying } from '../../../support/saying.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

describe('files written together', () => {
  it('are none of them changed when one cannot be written, and nothing is left over', () => {
    writeFileSync(at('a'), 'old');
    const unreadable = undefined as unknown as string;
    expect(() =>
      writeTogether([
        [at('a'), 'new'],
        [at('b'), unreadable],
      ]),
    ).toThrow();
    expect(readdirSync(folder)).toEqual(['a']);
    expect(text('a')).toBe('old');
  });

  it('go into new files: who still reads the old one sees all of it', () => {
    writeFileSync(at('a'), 'old');
    linkSync(at('a'), at('held'));
    writeTogether([[at('a'), 'new']]);
    expect([text('a'), text('held')]).toEqual(['new', 'old']);
  });
});

describe('a file to be written', () => {
  it('is an ordinary one, in a folder that is there: a device is not replaced by a file', () => {
    expect(() => requireWritableFile(at('a'))).not.toThrow();
    expect(() => requireWritableFile('/dev/null')).toThrow(saying('no ordinary file'));
    expect(() => requireWritableFile(folder)).toThrow(saying('it is a folder'));
    expect(() => requireWritableFile(at('nowhere/a'))).toThrow(saying('there is no folder'));
  });
});

describe('a model folder', () => {
  const files = (of: string) => ({
    'manifest.json': `manifest ${of}`,
    'model.onnx': `model ${of}`,
    'metrics.json': `metrics ${of}`,
  });

  it('keeps its old manifest, which names the old model, when writing ends before all is in place', () => {
    writeModelFolder(folder, files('old'));
    rmSync(at('metrics.json'));
    // A folder in its place: the last file before the manifest cannot be renamed to it.
    mkdirSync(at('metrics.json'));
    expect(() => writeModelFolder(folder, files('new'))).toThrow();
    expect(text('manifest.json')).toBe('manifest old');
    expect(readdirSync(folder).toSorted()).toEqual(['manifest.json', 'metrics.json', 'model.onnx']);
  });

  it('is whole when two programs write into it, of whichever was last', () => {
    // What another program has half written under any fixed name is not taken.
    for (const name of Object.keys(files(''))) writeFileSync(at(`${name}.part`), 'half of another');
    writeModelFolder(folder, files('own'));
    for (const [name, content] of Object.entries(files('own'))) expect(text(name)).toBe(content);
    expect(text('model.onnx.part')).toBe('half of another');
  });
});

describe('a file written piece by piece', () => {
  it('is whole, or stays as it was with nothing left over', async () => {
    await streamAtomic(at('a'), (file) => pipeline(Readable.from(['one ', 'two']), file));
    expect(text('a')).toBe('one two');
    const broken = Readable.from(
      (function* () {
        yield 'three';
        throw new Error('lost');
      })(),
    );
    await expect(streamAtomic(at('a'), (file) => pipeline(broken, file))).rejects.toThrow(saying('lost'));
    expect(text('a')).toBe('one two');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});
