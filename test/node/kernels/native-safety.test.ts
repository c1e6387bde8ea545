import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { RandomStream } from '../../../src/core/random.js';
import { OPERATION_NAMES, type OperationName } from '../../../src/kernels/operations.js';
import {
  type Addon,
  type InstructionSet,
  loadAddon,
  type RawKernels,
} from '../../../src/node/kernels/native/addon.js';
import { nativeKernels } from '../../../src/node/kernels/native/backend.js';
import { ADDON_FILE } from '../../../src/node/kernels/native/location.js';
import { type FlatCall, randomFlatCall } from '../../kernels/table-calls.js';
import { rightCall, wrongArguments } from '../../kernels/wrong-arguments.js';
import { inSharedMemory, isArray, type Numbers, PLACES, spoil } from './hostile-calls.js';

/**
 * The raw addon, past the wrappers: whatever it is handed it computes or throws, and it never touches memory outside
 * its arrays. `scripts/sanitize-native.sh` runs this file on an addon built with AddressSanitizer and UBSan.
 */
const loaded = loadAddon();
const addon = 'addon' in loaded ? loaded.addon : undefined;
const sets = addon?.instructionSets() ?? [];

/** Hostile calls of each operation and instruction set. */
const ROUNDS = Number(process.env.XNORLAB_FUZZ_ROUNDS ?? 300);

const SEED = Number(process.env.XNORLAB_FUZZ_SEED ?? 1);

/** Zeros from the addon. */
function allocated(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array((addon as Addon).allocate(sizeBytes));
  expect(Buffer.from(bytes.buffer).equals(Buffer.alloc(sizeBytes))).toBe(true);
  return bytes;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe.skipIf(!addon)('the native addon', () => {
  it('allocates zeros that nothing else uses, whatever has been collected', () => {
    const sizes = Array.from({ length: 200 }, (_, i) => (i * 7919) % 20_011);
    const fill = (): (Uint8Array | undefined)[] => sizes.map((size, i) => allocated(size).fill(i + 1));
    const kept = fill();
    for (let i = 0; i < kept.length; i += 2) kept[i] = undefined;
    collectGarbage();
    fill();
    const large = allocated(17_000_001);
    large.fill(255);
    for (const [i, bytes] of kept.entries()) {
      if (bytes) expect([bytes.length, ...new Set(bytes)]).toEqual([sizes[i], i + 1]);
    }
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 32 + 1, '8', undefined])('allocates no %s bytes', (size) => {
    const message = 'allocate: expected a number of bytes in [0, 2^32]';
    expect(() => addon?.allocate(size as number)).toThrowError(new RangeError(message));
  });

  it.each(sets)('names the argument that is wrong (%s)', (set) => {
    const kernels = create(set);
    for (const [operation, argument, value, message] of wrongArguments()) {
      const call = rightCall(operation);
      expect(Object.keys(call)).toContain(argument);
      expect(() => invoke(kernels, operation, { ...call, [argument]: value })).toThrowError(ArgumentError);
      expect(() => invoke(kernels, operation, { ...call, [argument]: value })).toThrowError(message);
    }
  });

  it.each(sets)('changes nothing when an argument is wrong (%s)', (set) => {
    const kernels = create(set);
    const call = rightCall('applySteps');
    const before = structuredClone(call);
    (call['steps.neurons'] as Uint32Array)[(call['steps.count'] as number) - 1] = 10_000;
    expect(() => invoke(kernels, 'applySteps', call)).toThrowError(/^steps\.neurons: expected entries in/);
    expect(call['hidden.values']).toEqual(before['hidden.values']);
    expect(call['visible.words']).toEqual(before['visible.words']);
  });

  it.each(sets)('computes on shared, resizable and misaligned memory (%s)', (set) => {
    const kernels = create(set);
    for (const operation of OPERATION_NAMES) {
      const call = randomFlatCall(operation, RandomStream.named(SEED, 'memory'));
      const expected = structuredClone(call);
      const result = invoke(kernels, operation, expected);
      for (const place of PLACES) {
        const placed = Object.fromEntries(
          Object.entries(call).map(([name, value]) => [name, isArray(value) ? place(value) : value]),
        );
        expect(invoke(kernels, operation, placed)).toBe(result);
        for (const [name, value] of Object.entries(placed)) {
          if (isArray(value)) expect(Array.from(value)).toEqual(Array.from(expected[name] as Numbers));
        }
      }
    }
  });

  it.each(sets.flatMap((set) => [1, 3].map((threads) => [set, threads] as const)))(
    'survives hostile calls (%s, %i threads)',
    (set, threads) => {
      const kernels = create(set, threads);
      const random = RandomStream.named(SEED, `hostile/${set}/${threads}`);
      let refused = 0;
      for (let round = 0; round < ROUNDS; round++) {
        for (const operation of OPERATION_NAMES) {
          const call = randomFlatCall(operation, random);
          spoil(call, random);
          try {
            invoke(kernels, operation, call);
          } catch (error) {
            expect(error).toBeInstanceOf(ArgumentError);
            refused++;
          }
        }
      }
      expect(refused).toBeGreaterThan(ROUNDS);
    },
    120_000,
  );

  it('survives lists that another thread changes during the call', async () => {
    const kernels = create(sets[0], 2);
    const call = rightCall('applySteps');
    const names = ['steps.neurons', 'steps.samples'] as const;
    const shared = names.map((name) => inSharedMemory(call[name] as Numbers) as Uint32Array);
    names.forEach((name, i) => {
      call[name] = shared[i];
    });
    const source = `
      const { workerData } = require('node:worker_threads');
      for (;;) for (const list of workerData) for (let i = 0; i < list.length; i++) list[i] = i % 7 ? i % 3 : 2 ** 31 + i;
    `;
    const worker = new Worker(source, { eval: true, workerData: shared });
    let calls = 0;
    const end = Date.now() + 300;
    while (Date.now() < end) {
      try {
        invoke(kernels, 'applySteps', call);
      } catch (error) {
        expect(error).toBeInstanceOf(ArgumentError);
      }
      if (++calls % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await worker.terminate();
    expect(calls).toBeGreaterThan(100);
  });

  it('works in worker threads, which may be stopped at any time', async () => {
    const source = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { file, set } = workerData;
      const kernels = require(file).create(set, 2, Error, true);
      const [inputs, weights, out] = [new Uint32Array(200 * 26), new Uint32Array(800 * 26), new Int32Array(200 * 800)];
      for (let i = 0; ; i++) {
        kernels.product(inputs, 200, 800, weights, 800, out, new Uint32Array(0));
        if (i === 0) parentPort.postMessage(out[0]);
      }
    `;
    const file = process.env.XNORLAB_NATIVE_ADDON ?? ADDON_FILE;
    for (let i = 0; i < 3; i++) {
      const worker = new Worker(source, { eval: true, workerData: { file, set: sets[0] } });
      const first = await new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      expect(first).toBe(800);
      await worker.terminate();
    }
  });
});

describe('nativeKernels', () => {
  it('names an instruction set or a number of threads that does not exist', () => {
    expect(() => nativeKernels({ instructionSet: 'mmx' as InstructionSet })).toThrowError(
      /^instructionSet: expected one of avx512, avx2, neon, scalar/,
    );
    expect(() => nativeKernels({ threads: 0 })).toThrowError(
      /^threads: expected an integer in \[1, 64\], got 0/,
    );
  });

  it.skipIf(!addon)('says which instruction sets the machine has when another is asked for', () => {
    const foreign = sets.includes('neon') ? 'avx512' : 'neon';
    const load = nativeKernels({ instructionSet: foreign });
    expect(load).toEqual({ unavailable: `this machine does not run ${foreign}, only ${sets.join(', ')}` });
  });

  it.skipIf(!addon)('describes what runs', () => {
    const load = nativeKernels({ instructionSet: 'scalar', threads: 2 });
    expect(load).toMatchObject({ kernels: { backend: 'native', description: 'native (scalar, 2 threads)' } });
  });
});

function create(set: InstructionSet, threads = 1): RawKernels {
  if (!addon) throw new Error('the addon is not compiled');
  return addon.create(set, threads, ArgumentError, true);
}

function invoke(kernels: RawKernels, operation: OperationName, call: FlatCall): unknown {
  return kernels[operation](...Object.values(call));
}
