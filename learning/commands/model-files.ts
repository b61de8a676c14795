import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { manifestSchema, type Manifest } from '../../shared/encoding/manifest.ts';
import { readModel } from '../../shared/encoding/onnx/index.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { readInput } from '../../platform/files.ts';

/** A model with the manifest that names it. */
export interface ModelFiles {
  readonly model: Uint8Array;
  readonly manifest: Manifest;
}

function readManifest(file: string): Manifest {
  let value: unknown;
  const text = Buffer.from(readInput(file)).toString('utf8');
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_MANIFEST', `${file} is no manifest.`, { cause });
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw new OutpostError('BAD_MANIFEST', `${file} is no manifest.`, { cause: parsed.error });
  return parsed.data;
}

/**
 * Reads a model and its manifest. Throws BAD_MANIFEST for a file that is none, BAD_MODEL when the model is another than
 * the manifest names or would be refused on a laptop.
 */
export function readModelFiles(modelFile: string, manifestFile: string): ModelFiles {
  const manifest = readManifest(manifestFile);
  const model = readInput(modelFile);
  if (createHash('sha256').update(model).digest('hex') !== manifest.model.sha256) {
    throw new OutpostError(
      'BAD_MODEL',
      `${modelFile} is not the model that ${manifestFile} names. Another one was put beside it, or writing was interrupted: train or import it again, with --force into the same folder.`,
    );
  }
  readModel(model);
  return { model, manifest };
}

/** Where the model and the manifest of a folder lie that a training wrote; nowhere without a folder. */
export function modelPathsOf(folder: string | undefined): string[] {
  return folder === undefined ? [] : [join(folder, 'model.onnx'), join(folder, 'manifest.json')];
}

/** A model named by its two files, or by the folder a training wrote. Throws BAD_INPUT when neither is given whole. */
export function modelFilesOf(
  folder: string | undefined,
  model: string | undefined,
  manifest: string | undefined,
  options: string,
): ModelFiles {
  if (folder !== undefined && model === undefined && manifest === undefined)
    return readModelFiles(join(folder, 'model.onnx'), join(folder, 'manifest.json'));
  if (folder === undefined && model !== undefined && manifest !== undefined) return readModelFiles(model, manifest);
  throw new OutpostError('BAD_INPUT', `Name a model by ${options}, or by the folder a training wrote.`);
}
