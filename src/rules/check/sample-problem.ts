import { BitMatrix } from '../../core/bit-matrix.js';
import { randomStreams } from '../../core/random.js';
import type { InputForm, Inputs, LabelledInputs, RealRows } from '../rule.js';

const FLIPPED_SHARE = 0.2;

/** Samples of each class around a random ±1 pattern of its own: easy, not trivial. */
export function sampleData(
  form: InputForm,
  {
    samples,
    inputs,
    classes,
  }: { readonly samples: number; readonly inputs: number; readonly classes: number },
): LabelledInputs {
  const stream = randomStreams(7).stream('check/data');
  const patterns = stream.signs(classes, inputs);
  const bits = new BitMatrix(samples, inputs);
  const labels = Int32Array.from({ length: samples }, (_, row) => row % classes);
  for (let row = 0; row < samples; row++) {
    patterns.signs(labels[row]).forEach((sign, column) => {
      bits.set(row, column, stream.uniform() < FLIPPED_SHARE ? (-sign as 1 | -1) : (sign as 1 | -1));
    });
  }
  return { inputs: form === 'binarized' ? bits : realRows(bits), labels };
}

function realRows(bits: BitMatrix): RealRows {
  return {
    rows: bits.rows,
    columns: bits.columns,
    copyRow(row, target, offset) {
      target.set(bits.signs(row), offset);
    },
  };
}

/** A single row of inputs. */
export function oneRow(inputs: Inputs, row: number): Inputs {
  if (inputs instanceof BitMatrix) return inputs.rowRange(row, row + 1);
  return {
    rows: 1,
    columns: inputs.columns,
    copyRow: (_, target, offset) => inputs.copyRow(row, target, offset),
  };
}

/** The content of inputs as text. */
export function inputsText(inputs: Inputs): string {
  if (inputs instanceof BitMatrix) return inputs.words.join();
  const row = new Float32Array(inputs.columns);
  return Array.from({ length: inputs.rows }, (_, i) => {
    inputs.copyRow(i, row, 0);
    return row.join();
  }).join(';');
}
