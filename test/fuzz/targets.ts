import { FILE_TARGETS } from './file-targets.js';
import { KERNEL_TARGETS } from './kernel-targets.js';
import type { FuzzTarget } from './target.js';

export { runCase } from './target.js';

/** All there are. */
export const TARGETS: readonly FuzzTarget[] = [...FILE_TARGETS, ...KERNEL_TARGETS];
