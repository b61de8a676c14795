import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { methodText } from '../../shared/encoding/method-text.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { requireOther, writeTogether } from '../../platform/files.ts';
import { parseManifest } from '../../platform/models/parse-manifest.ts';
import { artefactNames } from '../runs/run.ts';
import { allOf, sentence, type Sentence } from '../../shared/language/sentence.ts';

function manifestIn(folder: string): Manifest | null {
  try {
    return parseManifest(readFileSync(join(folder, artefactNames.manifest)));
  } catch {
    return null; // there is none, or none that can be read: what is there is not known to be the same
  }
}

/** Names of the files of a model that a folder holds. */
export function modelNamesIn(folder: string): string[] {
  return [artefactNames.model, artefactNames.manifest].filter((name) => existsSync(join(folder, name)));
}

/**
 * Throws BAD_INPUT naming the model when a folder holds another one than `isSame` takes for the one to be written.
 */
export function requireFree(folder: string, isSame: (there: Manifest) => boolean, advice: Sentence): void {
  const names = modelNamesIn(folder);
  if (names.length === 0) return;
  const there = manifestIn(folder);
  if (there !== null && isSame(there)) return;
  if (there === null)
    throw new OutpostError('BAD_INPUT', sentence('learn.folder_holds_part', { folder, names: allOf(names), advice }));
  const { name, version, id, created } = there.model;
  const model = { name, version, id, created: created.slice(0, 10), trainer: methodText(there.training.trainer) };
  throw new OutpostError('BAD_INPUT', sentence('learn.folder_holds_model', { folder, ...model, advice }));
}

/** Throws BAD_INPUT when a file of a model that is to be written into a folder is one of those that are read. */
export function requireOtherFiles(folder: string, read: readonly (string | undefined)[]): void {
  for (const name of Object.values(artefactNames)) requireOther(join(folder, name), read);
}

/**
 * Writes the files of a model into a folder: all beside their places first, the manifest into its place last. It names
 * the model by its hash, so that readers refuse what a crash in between leaves: a new model beside an old manifest.
 */
export function writeModelFolder(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const { [artefactNames.manifest]: manifest, ...others } = files;
  const inOrder = [
    ...Object.entries(others),
    ...(manifest === undefined ? [] : ([[artefactNames.manifest, manifest]] as const)),
  ];
  writeTogether(inOrder.map(([name, content]) => [join(folder, name), content]));
}
