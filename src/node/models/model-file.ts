import { decodeContainer } from '../../core/container.js';
import { createModel, type Model, type ModelParts } from '../../models/model.js';
import { encodeModel, modelOf } from '../../models/model-bytes.js';
import { createPredictor } from '../../models/predictor.js';
import { readBytes } from '../data/file-access.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { selectKernels } from '../kernels/select.js';
import { floatRuntime } from '../onnx-runtime.js';
import { type Exportable, exportable } from './export-model.js';
import { modelOfVersion1 } from './version-1.js';

/** What a loaded network computes with. All optional; predictions do not depend on it. */
export interface LoadModelOptions {
  /** Kernels: auto, native, wasm or reference. Default: `$XNORLAB_BACKEND`, else the fastest. */
  readonly backend?: string | undefined;
  /** Threads that one kernel operation may use. Default 1. */
  readonly threads?: number | undefined;
}

/**
 * Writes a trained network to a file, whole or not at all: what it predicts with, and the record of its run. A run cannot
 * be gone on with from it; that is what checkpoints are for.
 * @param model - what `train` returned, or `loadModel`
 * @throws ArgumentError for a network that its learner does not describe, EnvironmentError when the file cannot be written
 */
export async function saveModel(model: ModelParts, file: string): Promise<void> {
  await writeFileAtomically(file, encodeModel(model));
}

/**
 * Reads a network that `saveModel` wrote. Needs no data set, and not the rule that it was trained by. The caller disposes of it.
 * @throws ArgumentError for options that are wrong, DataError for a file that cannot be read, CheckpointError for one that is damaged
 *   or holds something else, and for one of version 1 of the format that was trained by another version of its rule
 */
export async function loadModel(file: string, options: LoadModelOptions = {}): Promise<Model & Exportable> {
  const kernels = selectKernels(options.backend, { threads: options.threads });
  const contents = decodeContainer(await readBytes(file), 'network', file);
  const parts =
    contents.version === 1 ? await modelOfVersion1(contents, kernels, file) : modelOf(contents, file);
  const predictor = createPredictor(parts.network, { kernels, onnxRuntime: floatRuntime(kernels) });
  return exportable(createModel(parts, kernels, predictor));
}
