import '../rules/float-rules.js';
import type { Dataset } from '../data/dataset.js';
import { configuredRule } from '../rules/registry.js';
import { parseTrainConfig, type TrainOptions } from '../training/config.js';
import { checkSizes } from '../training/memory.js';
import type { PreparedData } from '../training/prepared-data.js';
import type { RunIdentity } from '../training/run-state.js';
import { type RunHooks, type TrainedRun, trainRun } from '../training/train-run.js';
import { CheckpointFile, type CheckpointOptions } from './checkpoint/checkpoint-file.js';
import type { LoadOptions } from './data/load.js';
import { selectKernels } from './kernels/select.js';
import { memoryLimit } from './memory-limit.js';
import { type Exportable, exportable } from './models/export-model.js';
import { floatRuntime } from './onnx-runtime.js';
import { prepareData } from './prepare-data.js';
import { software } from './software.js';
import { stoppable } from './stoppable.js';

/** Stands beside the options of a run, not among them: results do not depend on it. */
export interface BackendOption {
  /** Kernels: auto, native, wasm or reference. Default: `$XNORLAB_BACKEND`, else the fastest. */
  readonly backend?: string | undefined;
}

/** What surrounds a run and does not change its result. All optional. SIGINT ends the run as `signal` does. */
export interface TrainHooks extends RunHooks, Pick<LoadOptions, 'dataDir' | 'download'> {
  /** Threads that one kernel operation may use. Default 1; results do not depend on it. */
  readonly threads?: number | undefined;
  /** Data that is loaded already; `config.dataset` must name it. */
  readonly dataset?: Dataset | undefined;
  /** Data that is prepared already, for this configuration or another with the same `preparedDataKey`. */
  readonly prepared?: PreparedData | undefined;
  /**
   * A file that the run in progress is written to between epochs and when it is interrupted. If the file is there at
   * the start, the run goes on from it and ends as one that never stopped. The caller removes it.
   */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Called when the data is prepared, before training; what it throws ends the run. */
  readonly onPrepared?: ((prepared: PreparedData) => Promise<void>) | undefined;
}

/**
 * Trains one network.
 *
 * The training set is shown in a new random order each epoch; accuracies are measured after each. The network
 * returned, and the accuracies at the top of the record, are those of the epoch that `modelSelection` names:
 * the last, or the first with the best validation accuracy. Test accuracy selects nothing.
 *
 * With `tasks` it is one network that learns a sequence of tasks, and after each is measured on all so far. They have
 * the same classes and one output; nothing tells the network which task a sample is of, or that a new one begins. What a
 * rule counts in epochs it counts through all tasks. At the top of the record are validation and
 * test accuracy over all tasks after the last.
 *
 * @throws ArgumentError for a configuration that is wrong or does not fit the data, or takes more memory than `$XNORLAB_MEMORY`, by default
 *   what the system has left: it names the option that is too large
 * @throws DataError for a data file that is missing or damaged; CheckpointError for a checkpoint that is damaged or of
 *   another run: of another configuration, data or version of the rule
 * @throws EnvironmentError when the checkpoint cannot be written, and, before data is loaded, when the rule needs an ONNX Runtime
 *   that is not installed
 * @throws InterruptedError when `signal` aborts or the process gets SIGINT
 */
export async function train(
  options: TrainOptions & BackendOption,
  hooks: TrainHooks = {},
): Promise<TrainedRun & Exportable> {
  const { backend, ...rest } = options;
  const config = parseTrainConfig(rest);
  const kernels = selectKernels(backend, { threads: hooks.threads });
  const onnxRuntime = floatRuntime(kernels);
  if (configuredRule(config.rule).needsOnnxRuntime) await onnxRuntime();
  const memory = memoryLimit();
  checkSizes(config, memory);
  const { checkpoint } = hooks;
  return stoppable(hooks.signal, async ({ signal }) => {
    const prepared = hooks.prepared ?? (await prepareData(config, { ...hooks, signal }));
    await hooks.onPrepared?.(prepared);
    const host = {
      kernels,
      onnxRuntime,
      memoryLimit: memory,
      software: software(),
      ...(checkpoint && { checkpoint: (identity: RunIdentity) => new CheckpointFile(checkpoint, identity) }),
    };
    return exportable(await trainRun(config, prepared, host, { ...hooks, signal }));
  });
}
