import { DataError } from '../core/errors.js';
import { isNumber } from './parse-float32.js';

const OTHER_SEPARATORS = [';', '\t', '|'];
/** Under this name, and others with the column's number, pandas reads a column without one, and saves it. */
const UNNAMED_BY_PANDAS = /^Unnamed: \d+$/;

/**
 * @param names - what stands in the first line, white space around it left out
 * @throws DataError when a name is empty or stands there twice, a column is a row index that was saved along, or the line is not one of
 *   names: Excel's `sep=`, or a sample
 */
export function checkHeader(names: readonly string[], file: string): void {
  const refuse = (problem: string): never => {
    throw new DataError(file, `line 1: ${problem}`);
  };
  if (/^sep=/i.test(names[0])) refuse('a note for Excel, not names of columns. Take the line out');
  if (looksLikeSample(names)) {
    const shown = names.slice(0, 3).join(', ');
    refuse(
      `seems to be a sample (${shown}${names.length > 3 ? ', …' : ''}), expected names of columns. Add a header`,
    );
  }
  const unnamed = names.indexOf('');
  if (unnamed >= 0) {
    const isLast = unnamed === names.length - 1 && unnamed > 0;
    const hint = isLast
      ? 'a comma too many at the ends of lines?'
      : 'a row index that was saved along? Save without it';
    refuse(`column ${unnamed + 1} has no name (${hint})`);
  }
  const rowIndex = names.find((name) => UNNAMED_BY_PANDAS.test(name));
  if (rowIndex !== undefined) {
    refuse(
      `column ${rowIndex} is how pandas calls one without a name: a row index that was saved along? Save with index=False`,
    );
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) refuse(`column ${name} stands there twice`);
    seen.add(name);
  }
}

/** So many numbers do not go one way by chance. */
const FEWEST_IN_ORDER = 6;

/**
 * Numbers but for one, the label. Those are names that ascend in whole numbers, positions (0, 1, 2), and longer rows of any that ascend
 * or descend, wavelengths (400.5, 401, …).
 */
function looksLikeSample(names: readonly string[]): boolean {
  const numbers = names.filter((name) => isNumber(name)).map(Number);
  if (numbers.length < 2 || numbers.length < names.length - 1) return false;
  const steps = numbers.slice(1).map((number, i) => Math.sign(number - numbers[i]));
  const isInOrder = steps[0] !== 0 && steps.every((step) => step === steps[0]);
  if (numbers.length >= FEWEST_IN_ORDER) return !isInOrder;
  return !(isInOrder && steps[0] > 0 && numbers.every(Number.isInteger));
}

/** What a row of another length than the header may come from; empty, or to be said after the lengths. */
export function rowLengthHint(names: readonly string[], fields: readonly string[]): string {
  const [header, row] = [names.join(','), fields.join(',')];
  const count = (text: string, separator: string): number => text.split(separator).length - 1;
  const separator = OTHER_SEPARATORS.find(
    (one) => count(header, one) > 0 && count(header, one) === count(row, one),
  );
  if (separator !== undefined) {
    return `. Separate fields by commas, not by ${JSON.stringify(separator)}, and write decimals with a point`;
  }
  if (names.length === 1) return '. Does something stand before the header? Take it out';
  if (fields.length === names.length + 1) {
    return '. A comma too many at the end, or names of rows that were saved along?';
  }
  return '';
}
