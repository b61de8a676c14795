import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';
import { checkGraph, maxModelBytes } from '../../../shared/encoding/onnx/index.ts';
import type { StoredModel } from '../inference/inference.ts';
import { checkModel } from '../../../platform/models/check-model.ts';
import { maxManifestBytes, parseManifest } from '../../../platform/models/parse-manifest.ts';
import { currentStaysActive } from '../../../platform/models/refusal.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Model and manifest as they came, before they are looked at. */
interface ModelFiles {
  readonly model: Uint8Array;
  readonly manifest: Uint8Array;
}

async function readCapped(path: string, maxBytes: number, code: 'BAD_MODEL' | 'BAD_MANIFEST'): Promise<Uint8Array> {
  let size: number;
  try {
    size = (await stat(path)).size;
  } catch (cause) {
    throw new OutpostError(code, sentence('models.file_unreadable', { path }), { cause });
  }
  if (size > maxBytes) throw new OutpostError(code, sentence('models.file_too_large', { path, bytes: maxBytes }));
  return new Uint8Array(await readFile(path));
}

/** Where the manifest of a model file lies unless something else is said. */
export function manifestBeside(modelPath: string): string {
  return join(dirname(modelPath), 'manifest.json');
}

/** Reads a model file and its manifest, by default `manifest.json` beside it; BAD_MODEL or BAD_MANIFEST naming the file. */
export async function readModelFiles(modelPath: string, manifestPath = manifestBeside(modelPath)): Promise<ModelFiles> {
  const model = await readCapped(modelPath, maxModelBytes, 'BAD_MODEL');
  try {
    return { model, manifest: await readCapped(manifestPath, maxManifestBytes, 'BAD_MANIFEST') };
  } catch (error) {
    // Whoever chose a wrong file should hear about that file first, not about a manifest it never had.
    checkGraph(model, currentStaysActive);
    throw error;
  }
}

/** The release that ships with the program. */
export async function readBundled(modelsDir: string): Promise<ModelFiles> {
  return readModelFiles(join(modelsDir, 'model.onnx'));
}

/** Parses and checks both files against each other without running anything; BAD_MODEL or BAD_MANIFEST. */
export function openModel({ model, manifest }: ModelFiles): StoredModel {
  const parsed = parseManifest(manifest);
  checkModel(parsed, model);
  return { manifest: parsed, manifestSha256: sha256Hex(manifest), bytes: model };
}
