import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';
import { cellOf, describeKey, keyText, numberOf, type RowGroup } from './group-rows.js';
import { repeatedRows } from './repeated-rows.js';

/** What the first and the second level have for the same seed. */
export type Pair = readonly [first: number, second: number];

/** What is paired, see `ComparisonOptions`. */
interface Pairing {
  readonly between: string;
  readonly levels: readonly [first: Cell, second: Cell];
  readonly pairedBy: string;
  readonly value: string;
}

/**
 * The values of two levels, paired.
 * @returns by rising difference and first value, so that the order of rows does not show in the last digits of sums
 * @throws ArgumentError when only one level has some value of `pairedBy`, or has it twice
 */
export function pairRows({ key, rows }: RowGroup, { between, levels, pairedBy, value }: Pairing): Pair[] {
  const [first, second] = levels.map((level) => {
    const own = rows.filter((row) => row[between] === level);
    return byPair({ key: { ...key, [between]: level }, rows: own }, pairedBy, value);
  });
  checkPaired([first, second], levels, pairedBy, key);
  return [...first]
    .map(([pair, row]): Pair => [numberOf(row, value), numberOf(second.get(pair) ?? {}, value)])
    .sort((one, other) => one[0] - one[1] - (other[0] - other[1]) || one[0] - other[0]);
}

function byPair({ key, rows }: RowGroup, pairedBy: string, value: string): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const pair = keyText(row, [pairedBy]);
    const twin = found.get(pair);
    if (twin) {
      const expected = `one row for each ${pairedBy}, and within to have the columns that tell others apart`;
      throw repeatedRows(
        'rows',
        expected,
        { ...key, [pairedBy]: cellOf(row, pairedBy) },
        [twin, row],
        [value],
      );
    }
    found.set(pair, row);
  }
  return found;
}

function checkPaired(
  [first, second]: readonly ReadonlyMap<string, Row>[],
  [firstLevel, secondLevel]: readonly Cell[],
  pairedBy: string,
  where: Row,
): void {
  const unpaired = [
    ...onlyIn(first, second, firstLevel, pairedBy),
    ...onlyIn(second, first, secondLevel, pairedBy),
  ];
  if (unpaired.length === 0) return;
  const place = describeKey(where);
  throw new ArgumentError(
    'rows',
    `the same values of ${pairedBy} for ${firstLevel} and ${secondLevel}${place && ` (${place})`}`,
    `${pairedBy} ${unpaired.join('; ')}`,
  );
}

function onlyIn(
  own: ReadonlyMap<string, Row>,
  other: ReadonlyMap<string, Row>,
  level: Cell,
  pairedBy: string,
): string[] {
  const alone = [...own].filter(([pair]) => !other.has(pair)).map(([, row]) => row[pairedBy]);
  return alone.length > 0 ? [`${alone.join(', ')} only for ${level}`] : [];
}
