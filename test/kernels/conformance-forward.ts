import { expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { type Agrees, SHAPES } from './agreement.js';
import { randomIntegers } from './operands.js';

/** What no table knows of product: cases made by hand. */
export function describeForward(agrees: Agrees): void {
  it('multiplies', () => {
    const neurons = [1, 2, 3, 5, 10, 33];
    const cases = SHAPES.map((shape, i) => ({ ...shape, neurons: neurons[i % neurons.length] }));
    cases.push({ rows: 257, columns: 129, neurons: 131 }, { rows: 0, columns: 64, neurons: 3 });
    for (const { rows, columns, neurons } of cases) {
      agrees(`product ${rows} × ${columns} × ${neurons}`, (place, random) => {
        const inputs = place.bits(random.signs(rows, columns));
        const weights = place.bits(random.signs(neurons, columns));
        const out = place.int32(randomIntegers(random, rows, neurons, 1e6));
        const signs = place.bits(random.signs(rows, neurons));
        place.kernels.product(inputs, weights, out);
        const alone = out.values.slice();
        place.kernels.product(inputs, weights, out, signs);
        return { inputs: inputs.words, weights: weights.words, alone, out: out.values, signs: signs.words };
      });
    }
  });

  it('multiplies rows of which none, some or all is 0', () => {
    for (const columns of [1, 64, 513, 784, 9216, 70_001]) {
      agrees(`extreme ternary product of ${columns}`, (place) => {
        const ones = new BitMatrix(2, columns);
        const half = new BitMatrix(2, columns);
        for (let c = 0; c < columns; c++) {
          ones.set(0, c, 1);
          if (c % 2 === 1) half.set(1, c, 1);
        }
        const [inputs, weights] = [place.bits(ones), place.bits(ones)];
        const [zeros, inputZeros] = [place.bits(ones), place.bits(half)];
        const outs = [
          [undefined, undefined],
          [inputZeros, undefined],
          [undefined, zeros],
          [inputZeros, zeros],
        ].map(([ofInputs, ofWeights]) => {
          const out = place.int32(new Int32Matrix(2, 2));
          place.kernels.ternaryProduct(inputs, weights, out, ofInputs, ofWeights);
          return [...out.values];
        });
        const some = Math.ceil(columns / 2);
        expect(outs).toEqual([
          [columns, -columns, -columns, columns],
          [columns, -columns, -some, some],
          [0, -columns, 0, columns],
          [0, -columns, 0, some],
        ]);
        return { outs: outs.flat() };
      });
    }
  });

  it('multiplies rows that are all equal or all opposite', () => {
    for (const columns of [1, 64, 513, 784, 9216, 70_001]) {
      agrees(`extreme product of ${columns}`, (place) => {
        const ones = new BitMatrix(2, columns);
        for (let c = 0; c < columns; c++) ones.set(0, c, 1);
        const inputs = place.bits(ones);
        const weights = place.bits(ones);
        const out = place.int32(new Int32Matrix(2, 2));
        place.kernels.product(inputs, weights, out);
        expect(Array.from(out.values)).toEqual([columns, -columns, -columns, columns]);
        return { out: out.values };
      });
    }
  });
}
