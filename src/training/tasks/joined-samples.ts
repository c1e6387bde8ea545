import { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { Inputs, LabelledInputs, RealRows } from '../../rules/rule.js';

/** Some rows of labelled inputs. */
export interface ChosenRows {
  readonly of: LabelledInputs;
  /** Row numbers, in the order in which they are wanted; each may come more than once. */
  readonly rows: Uint32Array;
}

/** Every row of labelled inputs, in its order. */
export function allRows(of: LabelledInputs): ChosenRows {
  return { of, rows: Uint32Array.from({ length: of.labels.length }, (_, row) => row) };
}

/**
 * Rows of one or more sets of labelled inputs as one, one after the other. Bits are copied; real rows are copied when they are made.
 * @throws ArgumentError when inputs differ in form or width, or there are none
 */
export function joinedSamples(parts: readonly ChosenRows[]): LabelledInputs {
  const labels = Int32Array.from(parts.flatMap(({ of, rows }) => Array.from(rows, (row) => of.labels[row])));
  if (labels.length === 0) throw new ArgumentError('parts', 'at least one row', 'none');
  return { inputs: joinedInputs(parts), labels };
}

function joinedInputs(parts: readonly ChosenRows[]): Inputs {
  const { columns } = parts[0].of.inputs;
  const other = parts.find(({ of }) => of.inputs.columns !== columns);
  if (other) throw new ArgumentError('parts', `${columns} columns in all`, other.of.inputs.columns);
  const packed = parts.flatMap(({ of: { inputs }, rows }) =>
    inputs instanceof BitMatrix ? [{ inputs, rows }] : [],
  );
  if (packed.length === parts.length) return joinedBits(packed, columns);
  if (packed.length > 0) throw new ArgumentError('parts', 'inputs of one form', 'packed ones and real ones');
  return joinedReal(parts, columns);
}

function joinedBits(
  parts: readonly { readonly inputs: BitMatrix; readonly rows: Uint32Array }[],
  columns: number,
): BitMatrix {
  const count = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const joined = new BitMatrix(count, columns);
  let at = 0;
  for (const { inputs, rows } of parts) {
    const { rowWords, words } = inputs;
    for (const row of rows) {
      joined.words.set(words.subarray(row * rowWords, (row + 1) * rowWords), at);
      at += rowWords;
    }
  }
  return joined;
}

function joinedReal(parts: readonly ChosenRows[], columns: number): RealRows {
  const places = parts.flatMap(({ of, rows }) =>
    Array.from(rows, (row) => ({ inputs: of.inputs as RealRows, row })),
  );
  return {
    rows: places.length,
    columns,
    copyRow(row, target, offset) {
      const place = places[row];
      place.inputs.copyRow(place.row, target, offset);
    },
  };
}
