// The operations of the kernel contract (../../kernels.ts) on packed matrices in one linear memory.
//
// Arguments named after a matrix are its address; a packed row takes `rowBytes`, a multiple of 8, and its bits
// past the last column are 0. Nothing is allocated here: the caller lends scratch memory where it is needed.
// Vectors may read, and write back unchanged, up to 64 bytes past the end of an operand: the caller keeps that
// much room after each.

export { applySteps, applyStepsScratchBytes } from './apply-steps';
export { backProduct, backProductScratchBytes } from './back-product';
export { gatherRows } from './gather-rows';
export { packMajority } from './pack-majority';
export { packGates, packSigns16, packSigns32 } from './pack-signs';
export { product } from './product';
export { reinforce } from './reinforce';
export { findTriggers, selectNeurons, selectRivals, triggerCount } from './selection';

/** First address that the compiler left free. */
export const heapBase: usize = __heap_base;
