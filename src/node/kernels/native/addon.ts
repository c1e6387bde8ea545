import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { env } from 'node:process';
import type { ArgumentError } from '../../../core/errors.js';
import type { OperationName } from '../../../kernels/operations.js';
import { isInstalled, PACKAGE_ROOT } from '../../files/folders.js';
import { ADDON_FILE, PREBUILD_FILE } from './location.js';

/** Instruction sets that the addon has kernels for, fastest first. */
export const INSTRUCTION_SETS = ['avx512', 'avx2', 'neon', 'scalar'] as const;

/** Name of an instruction set that the addon has kernels for. */
export type InstructionSet = (typeof INSTRUCTION_SETS)[number];

/**
 * The operations as the addon takes them: the values of their fields and, where `needsCount`, a count (kernels/fields.ts). They check all of it themselves and throw ArgumentError, so that no call can
 * read or write outside its arrays. What they return means something where the table says so.
 */
export type RawKernels = Readonly<Record<OperationName, (...values: readonly unknown[]) => number>>;

/** The float operations as the addon takes them (float-kernels.ts); choices are numbers, what is left out is empty. They check all of it, too. */
export interface RawFloatKernels {
  multiply(
    left: Float32Array,
    right: Float32Array,
    out: Float32Array,
    addend: Float32Array,
    rows: number,
    columns: number,
    depth: number,
    transposed: number,
    scale: number,
  ): void;
  adamStep(
    values: Float32Array,
    gradient: Float32Array,
    mean: Float32Array,
    meanSquare: Float32Array,
    signs: Float32Array,
    rate: number,
    rootScale: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    bound: number,
  ): void;
  combine(operator: number, left: Float32Array, right: Float32Array, out: Float32Array): void;
  compare(operator: number, left: Float32Array, right: Float32Array, out: Uint8Array): void;
  choose(condition: Uint8Array, yes: Float32Array, no: Float32Array, out: Float32Array): void;
  meanOverRows(values: Float32Array, out: Float32Array): void;
  gather(values: Float32Array, places: Int32Array, size: number, width: number, out: Float32Array): void;
  sumRuns(values: Float32Array, width: number, out: Float32Array): void;
  standardize(
    bytes: Uint8Array,
    floats: Float32Array,
    rows: Uint32Array,
    mean: Float64Array,
    scale: Float64Array,
    out: Float32Array,
  ): void;
}

/** The compiled module. */
export interface Addon {
  /** Those that this machine can run, fastest first. */
  instructionSets(): InstructionSet[];
  /** Zeros, aligned to cache lines and next to what was allocated before. @throws RangeError when there is no memory */
  allocate(sizeBytes: number): ArrayBuffer;
  create(
    instructionSet: InstructionSet,
    threads: number,
    errorClass: typeof ArgumentError,
    alwaysShares: boolean,
  ): RawKernels & RawFloatKernels;
}

/**
 * The compiled module, or the reason why it is not there: what this checkout has built, else what came with the package.
 * `$XNORLAB_NATIVE_ADDON` names another file.
 */
export function loadAddon(): { readonly addon: Addon } | { readonly unavailable: string } {
  const file = env.XNORLAB_NATIVE_ADDON ?? [ADDON_FILE, PREBUILD_FILE].find((each) => existsSync(each));
  if (file === undefined || !existsSync(file)) return { unavailable: whyAbsent(file) };
  try {
    return { addon: createRequire(__filename)(file) as Addon };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      unavailable: `compiled for another system (${reason})${isPackaged ? '' : ': run `npm run setup` again'}`,
    };
  }
}

const isPackaged = isInstalled(PACKAGE_ROOT);

function whyAbsent(named: string | undefined): string {
  if (named !== undefined) return `XNORLAB_NATIVE_ADDON names ${named}, which is not there`;
  return isPackaged
    ? `this package brings none for ${process.platform} on ${process.arch}`
    : 'not compiled: install g++, make and python3, then run `npm run setup`';
}
