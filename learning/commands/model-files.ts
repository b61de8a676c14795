import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError, sentenceOf } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import { readInput } from '../../platform/files.ts';
import { requireModel } from '../../platform/models/require-model.ts';
import { checkModel } from '../../platform/models/check-model.ts';
import { parseManifest } from '../../platform/models/parse-manifest.ts';

/** A model with the manifest that names it. */
export interface ModelFiles {
  readonly model: Uint8Array;
  readonly manifest: Manifest;
}

function readManifest(file: string): Manifest {
  const bytes = readInput(file);
  try {
    return parseManifest(bytes, null);
  } catch (cause) {
    throw new OutpostError('BAD_MANIFEST', sentence('models.no_manifest', { file, why: sentenceOf(cause) }), { cause });
  }
}

/**
 * Reads a model and its manifest. Throws BAD_MANIFEST for a file that is none, BAD_MODEL when the model is another than
 * the manifest names or would be refused on a laptop.
 */
function readModelFiles(modelFile: string, manifestFile: string): ModelFiles {
  const model = readInput(modelFile);
  // Whoever named a wrong file hears about that first, not about a manifest it never had.
  requireModel(modelFile, model);
  const manifest = readManifest(manifestFile);
  if (fileDigest(model).sha256 !== manifest.model.sha256) {
    throw new OutpostError(
      'BAD_MODEL',
      sentence('learn.model_not_of_manifest', { model: modelFile, manifest: manifestFile }),
    );
  }
  checkModel(manifest, model, null);
  return { model, manifest };
}

/** Where the model and the manifest of a folder lie that a training wrote; nowhere without a folder. */
export function modelPathsOf(folder: string | undefined): string[] {
  return folder === undefined ? [] : [join(folder, 'model.onnx'), join(folder, 'manifest.json')];
}

/**
 * A model named by its file, with the manifest beside it unless one is named (`options` name them), or by the folder a
 * training wrote. Throws BAD_INPUT when neither is given whole.
 */
export function modelFilesOf(
  folder: string | undefined,
  model: string | undefined,
  manifest: string | undefined,
  options: { readonly model: string; readonly manifest: string },
): ModelFiles {
  if (folder !== undefined && model === undefined && manifest === undefined) {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true) {
      requireModel(folder, readInput(folder));
      throw new OutpostError('BAD_INPUT', sentence('learn.name_a_model', options));
    }
    return readModelFiles(join(folder, 'model.onnx'), join(folder, 'manifest.json'));
  }
  if (folder === undefined && model !== undefined)
    return readModelFiles(model, manifest ?? join(dirname(model), 'manifest.json'));
  throw new OutpostError('BAD_INPUT', sentence('learn.name_a_model', options));
}
