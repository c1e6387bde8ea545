import { env } from 'node:process';
import { BitMatrix, rowWordsFor } from '../../../core/bit-matrix.js';
import { checkChoice, checkInteger } from '../../../core/check.js';
import { ArgumentError, EnvironmentError } from '../../../core/errors.js';
import { Int16Matrix, Int32Matrix } from '../../../core/int-matrix.js';
import { bytesText, matrixEntries } from '../../../core/matrix-size.js';
import { fieldsOf, needsCount } from '../../../kernels/fields.js';
import { endOfCall, flatCall, sourceOf } from '../../../kernels/flat-call.js';
import type { BackendLoad, KernelOptions, Kernels } from '../../../kernels/kernels.js';
import { SampleList, StepList } from '../../../kernels/lists.js';
import {
  mapOperations,
  type Operation,
  type OperationName,
  type UntypedOperation,
} from '../../../kernels/operations.js';
import {
  type Addon,
  INSTRUCTION_SETS,
  type InstructionSet,
  loadAddon,
  type RawFloatKernels,
  type RawKernels,
} from './addon.js';
import { floatKernelsOf } from './float.js';

export type { InstructionSet };

/** Most threads that the addon starts. */
const MAXIMUM_THREADS = 64;

/** How the native backend is asked to run. */
export interface NativeOptions extends KernelOptions {
  /** Default: `$XNORLAB_NATIVE_ISA`, else the fastest that this machine can run. */
  readonly instructionSet?: InstructionSet;
  /** Whether threads share all that they can, even what they are slower with: for tests. Default: what is faster. */
  readonly alwaysShares?: boolean;
}

/**
 * The contract in C++ on vector instructions, computing on the caller's memory without copying.
 * @returns the reason where the addon is not compiled or the machine lacks the instruction set
 * @throws ArgumentError for an unknown instruction set or a number of threads outside [1, 64]
 */
export function nativeKernels(options: NativeOptions = {}): BackendLoad {
  const { threads = 1, instructionSet = env.XNORLAB_NATIVE_ISA, alwaysShares = false } = options;
  checkInteger('threads', threads, 1, MAXIMUM_THREADS);
  if (instructionSet !== undefined) checkChoice('instructionSet', instructionSet, INSTRUCTION_SETS);
  const loaded = loadAddon();
  if ('unavailable' in loaded) return loaded;
  const runnable = loaded.addon.instructionSets();
  const chosen = instructionSet ?? runnable[0];
  if (!runnable.includes(chosen)) {
    return { unavailable: `this machine does not run ${chosen}, only ${runnable.join(', ')}` };
  }
  const make = (): Kernels => {
    const description = `native (${chosen}, ${threads} ${threads === 1 ? 'thread' : 'threads'})`;
    const raw = loaded.addon.create(chosen, threads, ArgumentError, alwaysShares);
    return kernelsOf(loaded.addon, raw, description);
  };
  return { kernels: threads === 1 && !alwaysShares ? kept(loaded.addon, chosen, make) : make() };
}

/**
 * Kernels of one thread: they remember nothing but memory from call to call, so that all runs of a program can have the same, and with
 * them what the engine has optimised for the runs before.
 */
const ofOneThread = new WeakMap<Addon, Map<InstructionSet, Kernels>>();

function kept(addon: Addon, instructionSet: InstructionSet, make: () => Kernels): Kernels {
  const ofAddon = ofOneThread.get(addon) ?? new Map<InstructionSet, Kernels>();
  const kernels = ofAddon.get(instructionSet) ?? make();
  ofOneThread.set(addon, ofAddon.set(instructionSet, kernels));
  return kernels;
}

/** The instruction sets that this machine can run, fastest first; none where the addon is not compiled. */
export function instructionSets(): readonly InstructionSet[] {
  const loaded = loadAddon();
  return 'addon' in loaded ? loaded.addon.instructionSets() : [];
}

/** The class of a typed array. */
interface EntryType<Entries> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): Entries;
}

/** The contract on matrices, in terms of the addon's typed arrays and numbers. */
function kernelsOf(addon: Addon, raw: RawKernels & RawFloatKernels, description: string): Kernels {
  const allocate = <Entries>(
    type: EntryType<Entries>,
    rows: number,
    columns: number,
    rowEntries = columns,
  ): Entries => {
    const entries = matrixEntries(rows, columns, rowEntries, type.BYTES_PER_ELEMENT);
    return new type(buffer(addon, entries * type.BYTES_PER_ELEMENT));
  };
  return {
    backend: 'native',
    description,
    float: floatKernelsOf(raw),
    bitMatrix: (rows, columns) =>
      new BitMatrix(rows, columns, allocate(Uint32Array, rows, columns, rowWordsFor(columns))),
    int16Matrix: (rows, columns) => new Int16Matrix(rows, columns, allocate(Int16Array, rows, columns)),
    int32Matrix: (rows, columns) => new Int32Matrix(rows, columns, allocate(Int32Array, rows, columns)),
    sampleList: (capacity) => SampleList.withCapacity(capacity),
    stepList: (capacity) => StepList.withCapacity(capacity),
    ...mapOperations((name, operation) => marshalled(operation, raw[name])),
  };
}

/** @throws EnvironmentError when the system gives no more memory */
function buffer(addon: Addon, sizeBytes: number): ArrayBuffer {
  try {
    return addon.allocate(sizeBytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const problem = `the system has no ${bytesText(sizeBytes)} of memory for a matrix`;
    throw new EnvironmentError(problem, 'Use smaller layers or batches, or end other programs.', { cause });
  }
}

/** Hands the fields of a call to the addon, which checks them itself. */
function marshalled(operation: Operation, compute: RawKernels[OperationName]): UntypedOperation {
  const count = needsCount(operation) ? ['count'] : [];
  const values = [...fieldsOf(operation).map(sourceOf), ...count];
  const lines = [`const result = compute(${values.join(', ')});`, ...endOfCall(operation)];
  return flatCall(operation, lines, { compute, count: new Uint32Array(1) });
}
