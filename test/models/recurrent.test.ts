import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { transformerOf } from '../../src/data/transformation.js';
import { checkNetwork } from '../../src/layers/check-network.js';
import type { RecurrentNetwork } from '../../src/layers/network.js';
import { encodeExport } from '../../src/models/export/export-model.js';
import { joinNetwork, splitNetwork } from '../../src/models/network-arrays.js';
import { RecurrentPredictor } from '../../src/models/recurrent-predictor.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import { onnxRuntime } from '../../src/node/onnx-runtime.js';
import { train } from '../../src/node/train.js';
import { openSession } from '../../src/rules/float/runtime.js';
import { PRESENT_BACKENDS } from '../rules/binary/problem.js';
import { readNpz } from './export/plain-network.js';
import { DATASET } from './pictures.js';

const drawn = (seed: string, rows: number, columns: number): BitMatrix =>
  RandomStream.named(1, seed).signs(rows, columns);

function network(startState: RecurrentNetwork['startState'], hasExpansion: boolean): RecurrentNetwork {
  return {
    kind: 'recurrent',
    steps: 4,
    startState,
    ...(hasExpansion && { expansion: drawn('R', 40, 7) }),
    ofInputs: drawn('xs', 33, hasExpansion ? 40 : 7),
    ofState: drawn('ss', 33, 33),
    outputs: [drawn('sy', 20, 33), drawn('yy', 9, 20)],
    classifier: drawn('P', 3, 9),
  };
}

const sign = (x: number): number => (x < 0 ? -1 : 1);
const times = (weights: BitMatrix, x: readonly number[]): number[] =>
  Array.from({ length: weights.rows }, (_, row) =>
    weights.signs(row).reduce((sum, w, i) => sum + w * x[i], 0),
  );

/** Logits and states of a sequence, entry by entry. */
function plainly(of: RecurrentNetwork, x: readonly number[]): { logits: number[]; states: number[][] } {
  const n = x.length / of.steps;
  let state = new Array<number>(of.ofState.rows).fill(of.startState === 'plus' ? 1 : 0);
  const states = Array.from({ length: of.steps }, (_, t) => {
    const shown = x.slice(t * n, (t + 1) * n);
    const seen = of.expansion ? times(of.expansion, shown).map(sign) : shown;
    const fromState = times(of.ofState, state);
    state = times(of.ofInputs, seen).map((z, k) => sign(z + fromState[k]));
    return state;
  });
  const last = of.outputs.reduce((below, weights) => times(weights, below).map(sign), state);
  return { logits: times(of.classifier, last), states };
}

describe('a recurrent network', () => {
  it.each(['plus', 'zero'] as const)(
    'computes what its formula says, from %s, on every backend',
    async (startState) => {
      const inputs = drawn('inputs', 1203, 28);
      for (const hasExpansion of [true, false]) {
        const of = network(startState, hasExpansion);
        const rows = [0, 1, 700, 1202];
        const expected = rows.map((row) => plainly(of, [...inputs.signs(row)]));
        for (const backend of PRESENT_BACKENDS) {
          const predictor = new RecurrentPredictor(of, selectKernels(backend));
          const few = BitMatrix.fromSigns(rows.map((row) => inputs.signs(row)));
          const { values } = predictor.logits(few);
          expect(rows.map((_, i) => [...values.subarray(3 * i, 3 * i + 3)])).toEqual(
            expected.map(({ logits }) => logits),
          );
          const states = predictor.states(few);
          expect(states).toHaveLength(4);
          expect(states.map((state) => [...state.signs(2)])).toEqual(expected[2].states);
          const predictions = await predictor.predict(inputs);
          expect(rows.map((row) => predictions[row])).toEqual(
            expected.map(({ logits }) => logits.indexOf(Math.max(...logits))),
          );
        }
      }
    },
  );

  it('is an outline and arrays, and the same again', () => {
    for (const of of [network('plus', true), network('zero', false)]) {
      const { outline, arrays } = splitNetwork(of);
      expect(joinNetwork(JSON.parse(JSON.stringify(outline)), arrays)).toEqual(of);
      expect(checkNetwork(of)).toEqual({ inputs: 28, classes: 3 });
    }
  });

  it.each([
    [{ steps: 0 }, 'network.steps: expected an integer of at least 1, got 0'],
    [{ startState: 'minus' as 'plus' }, "network.startState: expected one of plus, zero, got 'minus'"],
    [{ ofInputs: drawn('xs', 33, 39) }, 'network.ofInputs.columns: expected an integer in [40, 40], got 39'],
    [{ ofState: drawn('ss', 32, 33) }, 'network.ofState.rows: expected an integer in [33, 33], got 32'],
    [{ ofState: drawn('ss', 33, 32) }, 'network.ofState.columns: expected an integer in [33, 33], got 32'],
    [
      { outputs: [drawn('sy', 9, 34)] },
      'network.outputs[0].columns: expected an integer in [33, 33], got 34',
    ],
    [{ classifier: drawn('P', 3, 8) }, 'network.classifier.columns: expected an integer in [9, 9], got 8'],
    [{ classifier: drawn('P', 1, 9) }, 'network.classifier.rows: expected an integer of at least 2, got 1'],
  ])('is refused where its parts do not fit %#', (part, problem) => {
    expect(() => checkNetwork({ ...network('plus', true), ...part })).toThrow(problem);
  });
});

describe('a recurrent network for other programs', () => {
  it('is the same in ONNX and NumPy, and what lies before its window is not asked for', async () => {
    for (const rule of [
      { name: 'bep-tt', layers: [12, 10], groupSize: 2, expansion: 9 },
      { name: 'bep-tt', layers: [12], groupSize: 2, expansion: 0, startState: 'zero' },
    ] as const) {
      const run = await train(
        { dataset: { name: DATASET.name, steps: 6, window: 4 }, rule, epochs: 2, batchSize: 20 },
        { dataset: { ...DATASET, shape: { kind: 'vector', size: 24 } } },
      );
      const plan = { prefix: 'net', cCode: () => '', onnxRuntime };
      const runtime = await onnxRuntime();
      const session = await openSession(runtime, await encodeExport(run, { ...plan, format: 'onnx' }));
      const { arrays, description } = readNpz(await encodeExport(run, { ...plan, format: 'npz' }));
      const features = arrays.get('golden.features');
      if (!features) throw new TypeError('there are golden vectors');
      expect(features.shape).toEqual([16, 16]); // 4 steps of 4 numbers
      const results = await session.run({
        features: new runtime.Tensor('float32', Float32Array.from(features.values), [16, 16]),
      });
      expect([...(results.logits.data as Float32Array)]).toEqual(arrays.get('golden.logits')?.values);
      expect([...(results.predictions.data as Int32Array)]).toEqual(arrays.get('golden.classes')?.values);
      expect(new Set(arrays.get('golden.classes')?.values).size).toBeGreaterThan(1);
      expect(description).toMatchObject({
        kind: 'recurrent',
        steps: 4,
        startState: 'zero' in rule ? 'zero' : expect.any(String),
      });
      expect(arrays.get('recurrent.state_weights')?.shape).toEqual([12, 2]);
      await session.release();
      await run.dispose();
    }
  });

  it('has no place in a header of C', async () => {
    const rule = { name: 'bep-tt', layers: [12], groupSize: 2 } as const;
    const run = await train({ dataset: DATASET.name, rule, epochs: 1, batchSize: 20 }, { dataset: DATASET });
    const plan = { format: 'h', prefix: 'net', cCode: () => '', onnxRuntime } as const;
    await expect(encodeExport(run, plan)).rejects.toThrow(
      "file: expected a name that ends in .npz, .safetensors or .onnx for a recurrent network, got '.h'",
    );
  });

  it('is shown what its transformation leaves over', async () => {
    const rule = { name: 'bep-tt', layers: [12], groupSize: 2 } as const;
    const dataset = { ...DATASET, shape: { kind: 'vector', size: 24 } as const };
    const run = await train(
      { dataset: { name: DATASET.name, steps: 6, window: 4 }, rule, epochs: 1, batchSize: 20 },
      { dataset },
    );
    expect(run.transformation.leftOut).toBe(8);
    const given = transformerOf(run.transformation)(DATASET.test.features);
    expect(given).toHaveProperty('columns', 160); // 16 numbers of 10 bits
    expect(() => transformerOf(run.transformation)(DATASET.test.features.rowRange(0, 1))).not.toThrow();
  });
});
