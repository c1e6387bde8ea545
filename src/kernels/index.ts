/** `xnorlab/kernels`: the operations that binary networks are trained with, and the reference that defines what is right. */

export { checkedKernels } from './checked.js';
export type { Consolidation, ConsolidationTable } from './consolidation.js';
export type {
  AdamStep,
  Combination,
  Comparison,
  FloatKernels,
  FloatProduct,
  Gathering,
  StandardizedValues,
} from './float-kernels.js';
export type { GeometricGaps } from './geometric-gaps.js';
export type { BackendName, KernelMemory, KernelOptions, Kernels } from './kernels.js';
export type { SampleList, Step, StepList } from './lists.js';
export { referenceKernels } from './reference.js';
export { type WindowOptions, Windows } from './windows.js';
