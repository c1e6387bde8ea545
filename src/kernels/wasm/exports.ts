import type { OperationName } from '../operations.js';

/**
 * What assembly/index.ts exports. An operation takes the values of its fields (../fields.ts), with addresses in linear
 * memory for typed arrays, and returns a number that means something where the table says so.
 */
export type WasmExports = {
  /** First address that the compiler left free. */
  readonly heapBase: { readonly value: number };
} & Readonly<Record<OperationName, (...values: number[]) => number>>;
