import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { inputsText, oneRow, sampleData } from '../../../src/rules/check/sample-problem.js';
import type { Inputs } from '../../../src/rules/rule.js';

const SIZE = { samples: 300, inputs: 200, classes: 3 };

/** Rows of ±1 of either form. */
function rowsOf(inputs: Inputs): number[][] {
  return Array.from({ length: inputs.rows }, (_, row) => {
    if (inputs instanceof BitMatrix) return Array.from(inputs.signs(row));
    const values = new Float32Array(inputs.columns + 2);
    inputs.copyRow(row, values, 1);
    // Nothing beside the row is written.
    expect([values[0], values.at(-1)]).toEqual([0, 0]);
    return Array.from(values.subarray(1, -1));
  });
}

/** Share of entries in which two rows differ. */
const distance = (a: readonly number[], b: readonly number[]): number =>
  a.filter((value, i) => value !== b[i]).length / a.length;

describe('data that rules are tried on', () => {
  const { inputs, labels } = sampleData('binarized', SIZE);
  const rows = rowsOf(inputs);
  /** By majority: with a hundred samples of each class, it is what they were made of. */
  const patterns = [0, 1, 2].map((label) =>
    rows[0].map((_, column) =>
      Math.sign(rows.reduce((sum, row, i) => sum + (labels[i] === label ? row[column] : 0), 0)),
    ),
  );

  it('has the classes in turn', () => {
    expect([inputs.rows, inputs.columns]).toEqual([300, 200]);
    expect([...labels]).toEqual(Array.from({ length: 300 }, (_, row) => row % 3));
  });

  it('lies around a pattern of each class, of whose bits a fifth is flipped', () => {
    const flipped = rows.map((row, i) => distance(row, patterns[labels[i]]));
    expect(flipped.reduce((sum, share) => sum + share, 0) / rows.length).toBeCloseTo(0.2, 2);
    expect(Math.min(...flipped)).toBeGreaterThan(0.05);
    expect(Math.max(...flipped)).toBeLessThan(0.35);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(Math.abs(distance(patterns[a], patterns[b]) - 0.5)).toBeLessThan(0.15);
    }
  });

  it('is the same each time and in both forms', () => {
    expect(rowsOf(sampleData('binarized', SIZE).inputs)).toEqual(rows);
    const real = sampleData('full-precision', SIZE);
    expect(real.inputs).not.toBeInstanceOf(BitMatrix);
    expect([real.inputs.rows, real.inputs.columns]).toEqual([300, 200]);
    expect(rowsOf(real.inputs)).toEqual(rows);
    expect(real.labels).toEqual(labels);
  });

  it('gives a single row in both forms', () => {
    for (const form of ['binarized', 'full-precision'] as const) {
      const alone = oneRow(sampleData(form, SIZE).inputs, 7);
      expect([alone.rows, alone.columns]).toEqual([1, 200]);
      expect(rowsOf(alone)).toEqual([rows[7]]);
    }
  });
});

describe('inputs as text', () => {
  it('tells rows, columns and values apart', () => {
    const bits = new BitMatrix(2, 33);
    const before = inputsText(bits);
    bits.set(1, 32, 1);
    expect(inputsText(bits)).not.toBe(before);
    const real: Inputs = {
      rows: 2,
      columns: 3,
      copyRow: (row, target, offset) => target.set([row, 0.5, -row], offset),
    };
    expect(inputsText(real)).toBe('0,0.5,0;1,0.5,-1');
  });
});
