import { checkGraph as checkFile, type ModelSummary } from '../../shared/encoding/onnx/index.ts';

export { maxModelBytes } from '../../shared/encoding/onnx/index.ts';

/** `checkGraph` of the shared reader, in the words of a laptop: a refused model changes nothing there. */
export function checkGraph(bytes: Uint8Array): ModelSummary {
  return checkFile(bytes, 'The current model stays active.');
}
