import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';

/** What a figure reads of every row. */
export interface ColumnsRead {
  /** Columns of any cells that the caller names, by the option that does. */
  readonly named?: Readonly<Record<string, string | readonly string[]>>;
  /** Columns of texts. */
  readonly texts?: readonly string[];
  /** Columns of finite numbers. */
  readonly numbers?: readonly string[];
  /** Columns of finite numbers and null. */
  readonly nullableNumbers?: readonly string[];
}

/**
 * @param argument - what the rows are called in messages
 * @throws ArgumentError for an option that names no column of a row, and a cell of another kind
 */
export function checkColumns(
  argument: string,
  rows: readonly Row[],
  { named = {}, texts = [], numbers = [], nullableNumbers = [] }: ColumnsRead,
): void {
  rows.forEach((row, i) => {
    for (const [option, column] of entriesOf(named)) {
      if (row[column] !== undefined) continue;
      throw new ArgumentError(
        option,
        `a column of ${argument}[${i}] (${Object.keys(row).join(', ')})`,
        column,
      );
    }
    const check = (columns: readonly string[], expected: string, isKind: (cell: Cell) => boolean): void => {
      const wrong = columns.find((column) => !isKind(row[column]));
      if (wrong !== undefined) throw new ArgumentError(`${argument}[${i}].${wrong}`, expected, row[wrong]);
    };
    check(texts, 'a text', (cell) => typeof cell === 'string');
    check(numbers, 'a finite number', Number.isFinite);
    check(nullableNumbers, 'a finite number or null', (cell) => cell === null || Number.isFinite(cell));
  });
}

function entriesOf(
  named: Readonly<Record<string, string | readonly string[]>>,
): (readonly [string, string])[] {
  return Object.entries(named).flatMap(([option, columns]) =>
    [columns].flat().map((column) => [option, column] as const),
  );
}
