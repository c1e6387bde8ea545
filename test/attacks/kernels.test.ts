import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { ArgumentError } from '../../src/core/errors.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import { BACKENDS } from '../../src/kernels/kernels.js';
import { backendStatuses, selectKernels } from '../../src/node/kernels/select.js';

const present = BACKENDS.filter((name) =>
  backendStatuses().some(({ backend, available }) => backend === name && available),
);

/** Gaps with something else in the place of a part: without these checks a loop goes back as far as it goes on. */
function gapsWith(part: object): GeometricGaps {
  const { state, thresholds, guide } = new GeometricGaps(RandomStream.named(1, 'gaps'));
  return { state, thresholds, guide, ...part } as GeometricGaps;
}

const hidden = (): Int16Matrix => new Int16Matrix(3, 5);

describe.each(present)('reinforce on %s', (backend) => {
  const { reinforce } = selectKernels(backend);

  it.each([
    [
      'a guide that leads backwards',
      { guide: new Int32Array(4096).fill(-1) },
      'gaps.guide: expected a Uint32Array, got ',
    ],
    [
      'no thresholds',
      { thresholds: new Uint32Array(0) },
      'gaps.thresholds: expected at least 1 entries, got ',
    ],
    [
      'thresholds of another kind',
      { thresholds: new Float64Array(4096) },
      'gaps.thresholds: expected a Uint32Array, got ',
    ],
    ['a short guide', { guide: new Uint32Array(7) }, "gaps.guide: expected 4096 entries, got '7 entries'"],
    ['a state of another kind', { state: new BigInt64Array(4) }, 'gaps.state: expected an Int32Array, got '],
    ['a list for a state', { state: [1, 2, 3, 4] }, 'gaps: expected GeometricGaps, got '],
  ])('refuses %s', (_, part, message) => {
    const call = () => reinforce(hidden(), gapsWith(part), 1);
    expect(call).toThrowError(ArgumentError);
    expect(call).toThrow(message);
  });

  it('refuses hidden weights of another kind', () => {
    const gaps = gapsWith({});
    expect(() => reinforce(new Int32Matrix(3, 5) as never, gaps, 1)).toThrow(
      'hidden.values: expected an Int16Array, got ',
    );
    for (const wrong of [
      undefined,
      7,
      { rows: Symbol('rows'), columns: 3 },
      new Proxy(hidden(), { get: () => undefined }),
    ]) {
      expect(() => reinforce(wrong as never, gaps, 1)).toThrow('hidden: expected an Int16Matrix, got ');
    }
  });

  it('takes what only looks like gaps, to the bit', () => {
    const [own, alike] = [hidden(), hidden()];
    reinforce(own, new GeometricGaps(RandomStream.named(1, 'gaps')), 5);
    reinforce(alike, gapsWith({}), 5);
    expect(alike.values).toEqual(own.values);
  });
});

describe.each(present)('product on %s', (backend) => {
  it('does not take signs whose memory was transferred away for signs that are left out', () => {
    const bits = (rows: number): BitMatrix => RandomStream.named(1, 'bits').signs(rows, 70);
    const signs = new BitMatrix(2, 3);
    structuredClone(signs.words, { transfer: [signs.words.buffer as ArrayBuffer] });
    const { product } = selectKernels(backend);
    expect(() => product(bits(2), bits(3), new Int32Matrix(2, 3), signs)).toThrow(
      "signs.words: expected 4 entries, got '0 entries'",
    );
  });
});
