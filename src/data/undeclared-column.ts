import { DataError } from '../core/errors.js';
import { categoriesOfTexts, checkPresent, type LabelTexts } from './class-names.js';
import { isNumber } from './parse-float32.js';

/** More categories than this in a column are rather names of samples. */
const MOST_CATEGORIES = 256;

/** Among so many different numbers, a text is rather a slip than a category. */
const MOST_NUMBERS_AMONG_TEXTS = 16;

/**
 * What a column holds that no header declares: numbers, if all its entries are, else categories (`2, 3, 4, 5more`).
 * @param column - of the training samples
 * @throws DataError with the line of a missing value, of a single text in the first line, which seems to name the columns, and of a text among many
 *   numbers; for more categories than 256
 */
export function undeclaredKind(column: LabelTexts): { readonly categories?: readonly string[] } {
  const { texts, file, placeOf } = column;
  checkPresent(column, 'value');
  const numbers = texts.filter((text) => isNumber(text));
  if (numbers.length === texts.length) return {};
  const first = texts.findIndex((text) => !isNumber(text));
  const found = `${placeOf(first)}: ${JSON.stringify(texts[first])}`;
  if (first === 0 && numbers.length === texts.length - 1 && numbers.length > 1) {
    const remedy = 'Take the line out, or declare the columns with @attribute';
    throw new DataError(file, `${found}, and numbers below it: the names of the columns? ${remedy}`);
  }
  const different = new Set(numbers);
  const areQuantities =
    different.size > MOST_NUMBERS_AMONG_TEXTS || numbers.some((text) => /[.eE]/.test(text));
  if (areQuantities) {
    const remedy = 'If these are categories, declare them with @attribute';
    throw new DataError(file, `${found} among numbers, expected a number. ${remedy}`);
  }
  const categories = categoriesOfTexts(column);
  if (categories.length <= MOST_CATEGORIES) return { categories };
  const remedy = 'Leave it out, or declare its categories with @attribute';
  throw new DataError(
    file,
    `${placeOf(0)}: the column has ${categories.length} different texts, expected at most ${MOST_CATEGORIES} categories. ${remedy}`,
  );
}
