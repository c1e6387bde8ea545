import { checkChoice } from '../bits/check.js';
import { EnvironmentError } from '../bits/errors.js';
import { checkedKernels } from './checked.js';
import { BACKENDS, type BackendName, type Kernels } from './kernels.js';
import { referenceKernels } from './reference.js';

/** A backend, or the fastest one present. */
export type BackendChoice = BackendName | 'auto';

/** What can be asked for, in the command line and in `$XNORLAB_BACKEND`. */
export const BACKEND_CHOICES = ['auto', ...BACKENDS] as const;

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
    const kernels = load(backend);
    return kernels
      ? { backend, available: true, detail: kernels.description }
      : { backend, available: false, detail: 'not part of this version' };
  });
}

/**
 * The kernels to compute with.
 * @param choice - default: `$XNORLAB_BACKEND`, else `auto`, the fastest backend present
 * @throws ArgumentError for an unknown name
 * @throws EnvironmentError when the named backend cannot run here
 */
export function selectKernels(choice: string = process.env.XNORLAB_BACKEND ?? 'auto'): Kernels {
  checkChoice('backend', choice, BACKEND_CHOICES);
  for (const backend of choice === 'auto' ? BACKENDS : [choice]) {
    const kernels = load(backend);
    if (kernels) return checkedKernels(kernels);
  }
  throw new EnvironmentError(
    `the ${choice} backend is not present`,
    'Use --backend auto; `xnorlab doctor` lists what can run here.',
  );
}

function load(backend: BackendName): Kernels | undefined {
  return backend === 'reference' ? referenceKernels : undefined;
}
