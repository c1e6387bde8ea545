// The operations of the kernel contract (../../kernels.ts) on packed matrices in one linear memory.
//
// An operation takes the values of its line in the table (../../operations.ts): for every operand the addresses of its
// arrays, then the sizes that no operand before has told. An array whose length nothing else tells is followed by it,
// one of 16-bit or 32-bit integers by the bytes of an entry; what was left out has the address 0. An operation that
// fills a list returns the number of its entries or, where it returns another count, stores it at a last address.
//
// Bits of a packed row past the last column are 0. Nothing is allocated here: the caller lends scratch memory where it
// is asked for. Vectors may read, and write back unchanged, up to 64 bytes past the end of an operand: the caller keeps
// that much room after each.

export { applySteps } from './apply-steps';
export { backProduct } from './back-product';
export { applyConsolidatedSteps } from './consolidated-steps';
export { gatherRows } from './gather-rows';
export { packMajority } from './pack-majority';
export { packReached } from './pack-reached';
export { packGates, packSigns } from './pack-signs';
export { patches, pool } from './windows';
export { product } from './product';
export { reinforce } from './reinforce';
export { drawNeurons, findTriggers, selectNeurons, selectRivals } from './selection';
export { applyTernarySteps, ternaryProduct } from './ternary';

/** First address that the compiler left free. */
export const heapBase: usize = __heap_base;
