import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import {
  OPERATION_NAMES,
  OPERATIONS,
  type Operation,
  type UntypedOperation,
} from '../../src/kernels/operations.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { wasmKernels } from '../../src/node/kernels/wasm/backend.js';
import { spoil } from '../node/kernels/hostile-calls.js';
import { describeConformance } from './conformance.js';
import { randomHidden } from './operands.js';
import { flatten, randomOperands, randomSizes, withValues } from './table-calls.js';
import { transpileTree } from './transpiled-sources.js';
import { rightOperands, wrongArguments } from './wrong-arguments.js';

const PROJECT = path.resolve(__dirname, '../..');
const BUILT = 'dist/kernels/wasm/kernels.wasm';

function makeKernels(): Kernels {
  const load = wasmKernels();
  if ('unavailable' in load) throw new Error(`the wasm backend is missing: ${load.unavailable}`);
  return load.kernels;
}

describeConformance('wasm', makeKernels);

describe('the wasm backend', () => {
  /** A project of JavaScript only, for what cannot read TypeScript. */
  let scratch: string;

  beforeAll(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'xnorlab-wasm-'));
    transpileTree('node/kernels/wasm/backend.ts', path.join(scratch, 'dist'));
  });

  afterAll(() => rmSync(scratch, { recursive: true }));

  it('was built from the present sources', () => {
    const check = spawnSync(process.execPath, ['src/kernels/wasm/build.mjs', '--check'], { cwd: PROJECT });
    expect(String(check.stderr)).toBe('');
    expect(check.status).toBe(0);
  });

  it('says what it is and uses one thread, however many it may', () => {
    expect(makeKernels()).toMatchObject({ backend: 'wasm', description: 'wasm (SIMD, 1 thread)' });
    expect(wasmKernels({ threads: 8 })).toMatchObject({ kernels: { description: 'wasm (SIMD, 1 thread)' } });
    expect(() => wasmKernels({ threads: 0 })).toThrow('threads: expected an integer of at least 1, got 0');
  });

  it('names the wrong argument of an allocation', () => {
    const kernels = makeKernels();
    expect(() => kernels.bitMatrix(-1, 5)).toThrow('rows: expected an integer of at least 0, got -1');
    expect(() => kernels.bitMatrix(1, 0)).toThrow('columns: expected an integer of at least 1, got 0');
    expect(() => kernels.int16Matrix(1.5, 2)).toThrow('rows: expected an integer of at least 0, got 1.5');
    expect(() => kernels.int32Matrix(2, Number.NaN)).toThrow(
      'columns: expected an integer of at least 1, got NaN',
    );
    expect(() => kernels.stepList(-1)).toThrow('capacity: expected an integer in [0, 2147483647], got -1');
  });

  it('works in a worker thread', async () => {
    const random = RandomStream.named(1, 'worker');
    const operands = [random.signs(10, 784), random.signs(20, 784)];
    const script = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { kernels } = require(workerData.backend).wasmKernels();
      const [inputs, weights] = workerData.operands.map(({ rows, columns, words }) => {
        const matrix = kernels.bitMatrix(rows, columns);
        matrix.words.set(words);
        return matrix;
      });
      const out = kernels.int32Matrix(inputs.rows, weights.rows);
      kernels.product(inputs, weights, out);
      parentPort.postMessage(Int32Array.from(out.values));
    `;
    const backend = path.join(scratch, 'dist/node/kernels/wasm/backend.js');
    cpSync(path.join(PROJECT, BUILT), path.join(scratch, BUILT));
    const worker = new Worker(script, { eval: true, workerData: { backend, operands } });
    const answer = await new Promise<Int32Array>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    await worker.terminate();
    const expected = new Int32Matrix(10, 20);
    referenceKernels.product(operands[0], operands[1], expected);
    expect(answer).toEqual(expected.values);
  });

  it('says why it cannot run, and how to build it', () => {
    const backend = path.join(scratch, 'dist/node/kernels/wasm/backend.js');
    const elsewhere = createRequire(__filename)(backend) as { wasmKernels: typeof wasmKernels };
    rmSync(path.join(scratch, BUILT), { force: true });
    expect(elsewhere.wasmKernels()).toEqual({
      unavailable: 'its WebAssembly module is not built; run `node src/kernels/wasm/build.mjs`',
    });
    writeFileSync(path.join(scratch, BUILT), 'damaged');
    expect(elsewhere.wasmKernels()).toEqual({
      unavailable: expect.stringMatching(/^this JavaScript engine cannot run it: .*magic/),
    });
  });
});

describe('the checks of the wasm backend', () => {
  it('name the argument that is wrong, as those of the native one do', () => {
    const kernels = makeKernels();
    for (const [name, field, value, message] of wrongArguments()) {
      const operands = withValues(OPERATIONS[name], rightOperands(OPERATIONS[name]), { [field]: value });
      const call = () => (kernels[name] as UntypedOperation)(...operands);
      expect(call, `${name} ${field}`).toThrowError(ArgumentError);
      expect(call, `${name} ${field}`).toThrowError(message);
    }
  });

  it('change nothing when an argument is wrong', () => {
    const operation: Operation = OPERATIONS.applySteps;
    const operands = rightOperands(operation);
    const call = flatten(operation, operands);
    const before = structuredClone(call);
    (call['steps.neurons'] as Uint32Array)[6] = 10_000;
    const apply = makeKernels().applySteps as UntypedOperation;
    expect(() => apply(...operands)).toThrowError(/^steps\.neurons: expected entries in/);
    expect(call['hidden.values']).toEqual(before['hidden.values']);
    expect(call['visible.words']).toEqual(before['visible.words']);
  });

  it('survive hostile calls', () => {
    const kernels = makeKernels();
    const random = RandomStream.named(1, 'hostile/wasm');
    const kept = kernels.bitMatrix(100, 64);
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      for (const name of OPERATION_NAMES) {
        const operation: Operation = OPERATIONS[name];
        const operands = randomOperands(operation, randomSizes(operation, random), random);
        const call = flatten(operation, operands);
        spoil(call, random);
        try {
          (kernels[name] as UntypedOperation)(...withValues(operation, operands, call));
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(300);
    expect(kept.words.every((word) => word === 0)).toBe(true);
  });
});

describe('memory of the wasm backend', () => {
  it('grows without losing the matrices handed out before', () => {
    const kernels = makeKernels();
    const random = RandomStream.named(1, 'growth');
    const inputs = kernels.bitMatrix(5, 784);
    inputs.words.set(random.signs(5, 784).words);
    const hidden = kernels.int16Matrix(9, 784);
    hidden.values.set(randomHidden(random, 9, 784, 127).values);
    const before = [inputs.words.slice(), hidden.values.slice()];
    const { buffer } = inputs.words;

    // The last one, of 160 MB, is far more than the memory holds by then.
    for (const rows of [10, 100, 1000, 40_000]) kernels.int32Matrix(rows, 1000);

    const weights = kernels.bitMatrix(9, 784);
    const out = kernels.int32Matrix(5, 9);
    expect(out.values.buffer).not.toBe(buffer);
    expect([inputs.words, hidden.values].map((view) => view.length)).toEqual(before.map((v) => v.length));
    expect(inputs.words.every((word, i) => word === before[0][i])).toBe(true);
    expect(hidden.values.every((value, i) => value === before[1][i])).toBe(true);
    kernels.packSigns(hidden, weights);
    kernels.product(inputs, weights, out);
    const expected = new Int32Matrix(5, 9);
    referenceKernels.product(inputs, weights, expected);
    expect(Array.from(out.values)).toEqual(Array.from(expected.values));
  });

  it('takes matrices of another instance, and large ones, through scratch memory', () => {
    const [kernels, others] = [makeKernels(), makeKernels()];
    const random = RandomStream.named(1, 'foreign');
    for (const rows of [1, 700, 3]) {
      const inputs = others.bitMatrix(rows, 9216);
      inputs.words.set(random.signs(rows, 9216).words);
      const weights = kernels.bitMatrix(4, 9216);
      weights.words.set(random.signs(4, 9216).words);
      const out = others.int32Matrix(rows, 4);
      kernels.product(inputs, weights, out);
      const expected = new Int32Matrix(rows, 4);
      referenceKernels.product(inputs, weights, expected);
      expect(Array.from(out.values)).toEqual(Array.from(expected.values));
    }
  });

  it('reuses scratch memory instead of growing with every call', () => {
    const kernels = makeKernels();
    const random = RandomStream.named(1, 'scratch');
    const [inputs, weights] = [random.signs(50, 784), random.signs(60, 784)];
    const out = new Int32Matrix(50, 60);
    const nextAddress = () => kernels.bitMatrix(1, 1).words.byteOffset;
    for (let warmUp = 0; warmUp < 3; warmUp++) kernels.product(inputs, weights, out);
    const address = nextAddress();
    for (let i = 0; i < 1000; i++) kernels.product(inputs, weights, out);
    expect(nextAddress() - address).toBe(128);
  });

  it('says what to do when it is full, and goes on working', () => {
    const kernels = makeKernels();
    expect(() => kernels.int32Matrix(32_768, 32_768)).toThrow(
      "the wasm backend's memory holds 0 MiB and has no room for 4096 MiB more. " +
        'Allocate matrices once instead of for every batch, and new kernels for every run: ' +
        'the memory is freed with the kernels and the matrices that they made.',
    );
    expect(kernels.bitMatrix(3, 70).words.every((word) => word === 0)).toBe(true);
  });

  it('is freed with the kernels and their matrices', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    let kept: Int32Array | undefined;
    const buffers = Array.from({ length: 20 }, (_, i) => {
      const { values } = makeKernels().int32Matrix(1000, 2000);
      values.fill(i);
      if (i === 7) kept = values.subarray(5, 8);
      return new WeakRef(values.buffer);
    });
    // A weak reference that was just made keeps its target until the current task ends.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    const alive = buffers.flatMap((buffer, i) => (buffer.deref() ? [i] : []));
    expect(alive).toEqual([7]);
    expect(Array.from(kept ?? [])).toEqual([7, 7, 7]);
  });
});
