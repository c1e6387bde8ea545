import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { env } from 'node:process';
import type { ArgumentError } from '../../../core/errors.js';
import { ADDON_FILE } from './location.js';

/** Instruction sets that the addon has kernels for, fastest first. */
export const INSTRUCTION_SETS = ['avx512', 'avx2', 'neon', 'scalar'] as const;

/** Name of an instruction set that the addon has kernels for. */
export type InstructionSet = (typeof INSTRUCTION_SETS)[number];

/**
 * The operations as the addon takes them: typed arrays and numbers, in the order in which the C++ reads them. They
 * check all of it themselves and throw ArgumentError, so that no call can read or write outside its arrays.
 */
export interface RawKernels {
  gatherRows(
    sourceWords: Uint32Array,
    sourceRows: number,
    columns: number,
    rows: Uint32Array,
    outWords: Uint32Array,
  ): void;
  /** @param signWords - empty if the signs are not wanted */
  product(
    inputWords: Uint32Array,
    samples: number,
    weightWords: Uint32Array,
    neurons: number,
    columns: number,
    out: Int32Array,
    signWords: Uint32Array,
  ): void;
  packSigns(values: Int16Array | Int32Array, rows: number, columns: number, outWords: Uint32Array): void;
  packGates(
    preActivations: Int32Array,
    samples: number,
    neurons: number,
    limit: number,
    gateWords: Uint32Array,
  ): void;
  packMajority(
    activationWords: Uint32Array,
    samples: number,
    neurons: number,
    groupSize: number,
    outWords: Uint32Array,
  ): void;
  backProduct(
    desiredWords: Uint32Array,
    gateWords: Uint32Array,
    samples: number,
    neurons: number,
    weightWords: Uint32Array,
    columns: number,
    listed: Uint32Array,
    listedCount: number,
    out: Int32Array,
  ): void;
  /** Sets counts[0] to the number of triggers. @returns the number of misclassified samples */
  findTriggers(
    logits: Int32Array,
    samples: number,
    classes: number,
    labels: Int32Array,
    margin: number,
    triggers: Uint32Array,
    counts: Uint32Array,
  ): number;
  /** @returns the number of steps */
  selectNeurons(
    preActivations: Int32Array,
    samples: number,
    neurons: number,
    listed: Uint32Array,
    listedCount: number,
    desiredWords: Uint32Array,
    targets: number,
    desiredRows: Int32Array,
    groupSize: number,
    stepSamples: Uint32Array,
    stepNeurons: Uint32Array,
    stepDirections: Int8Array,
  ): number;
  /** @returns the number of steps */
  selectRivals(
    logits: Int32Array,
    samples: number,
    classes: number,
    labels: Int32Array,
    listed: Uint32Array,
    listedCount: number,
    stepSamples: Uint32Array,
    stepNeurons: Uint32Array,
    stepDirections: Int8Array,
  ): number;
  /** @returns the number of visible weights that changed sign */
  applySteps(
    hidden: Int16Array,
    neurons: number,
    columns: number,
    visibleWords: Uint32Array,
    inputWords: Uint32Array,
    samples: number,
    stepSamples: Uint32Array,
    stepNeurons: Uint32Array,
    stepDirections: Int8Array,
    stepCount: number,
    bound: number,
  ): number;
  /** @returns the number of positions hit */
  reinforce(
    hidden: Int16Array,
    state: Int32Array,
    thresholds: Uint32Array,
    guide: Uint32Array,
    bound: number,
  ): number;
}

/** The compiled module. */
export interface Addon {
  /** Those that this machine can run, fastest first. */
  instructionSets(): InstructionSet[];
  /** Zeros, aligned to cache lines and next to what was allocated before. @throws RangeError when there is no memory */
  allocate(sizeBytes: number): ArrayBuffer;
  create(instructionSet: InstructionSet, threads: number, errorClass: typeof ArgumentError): RawKernels;
}

/** The compiled module, or the reason why it is not there. `$XNORLAB_NATIVE_ADDON` names another file. */
export function loadAddon(): { readonly addon: Addon } | { readonly unavailable: string } {
  const file = env.XNORLAB_NATIVE_ADDON ?? ADDON_FILE;
  if (!existsSync(file)) {
    return { unavailable: 'not compiled: install g++, make and python3, then run `npm run setup`' };
  }
  try {
    return { addon: createRequire(__filename)(file) as Addon };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { unavailable: `compiled for another system (${reason}): run \`npm run setup\` again` };
  }
}
