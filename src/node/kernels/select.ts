import { checkChoice, checkInteger } from '../../core/check.js';
import { EnvironmentError } from '../../core/errors.js';
import { checkedKernels } from '../../kernels/checked.js';
import {
  BACKEND_CHOICES,
  BACKENDS,
  type BackendLoad,
  type BackendName,
  type KernelOptions,
  type Kernels,
} from '../../kernels/kernels.js';
import { referenceKernels } from '../../kernels/reference.js';
import { nativeKernels } from './native/backend.js';
import { wasmKernels } from './wasm/backend.js';

/** Whether a backend can run here, for `doctor`. */
export interface BackendStatus {
  readonly backend: BackendName;
  readonly available: boolean;
  /** What would run, or why it cannot. */
  readonly detail: string;
}

/** All backends of the contract, fastest first. */
export function backendStatuses(): BackendStatus[] {
  return BACKENDS.map((backend) => {
    const loaded = load(backend, {});
    return 'kernels' in loaded
      ? { backend, available: true, detail: loaded.kernels.description }
      : { backend, available: false, detail: loaded.unavailable };
  });
}

/**
 * The kernels to compute with: an instance of their own for each call, but for native ones of one thread, which all runs share.
 * @param choice - default: `$XNORLAB_BACKEND`, else `auto`, the fastest backend present
 * @throws ArgumentError for an unknown name or a number of threads below 1
 * @throws EnvironmentError when the named backend cannot run here
 */
export function selectKernels(
  choice: string = process.env.XNORLAB_BACKEND ?? 'auto',
  options: KernelOptions = {},
): Kernels {
  checkChoice('backend', choice, BACKEND_CHOICES);
  if (options.threads !== undefined) checkInteger('threads', options.threads, 1);
  const reasons: string[] = [];
  for (const backend of choice === 'auto' ? BACKENDS : [choice]) {
    const loaded = load(backend, options);
    if ('kernels' in loaded) return checkedKernels(loaded.kernels);
    reasons.push(loaded.unavailable);
  }
  throw new EnvironmentError(
    `the ${choice} backend cannot run here: ${reasons.join('; ')}`,
    'Use --backend auto; `xnorlab doctor` lists what can run.',
  );
}

function load(backend: BackendName, options: KernelOptions): BackendLoad {
  switch (backend) {
    case 'native':
      return nativeKernels(options);
    case 'wasm':
      return wasmKernels(options);
    case 'reference':
      return { kernels: referenceKernels };
    default:
      return backend satisfies never;
  }
}
