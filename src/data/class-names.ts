import { DataError } from '../core/errors.js';
import { isNumber } from './parse-float32.js';

/** Labels as they stand in a file, not checked yet. */
export interface LabelTexts {
  readonly file: string;
  /** One per sample, white space at both ends left out. */
  readonly texts: readonly string[];
  /** Where label i stands: `line 3, column label`. */
  readonly placeOf: (i: number) => string;
}

const CLASS_NUMBER = /^(0|[1-9]\d*)$/;

/** More classes than this in a label column mean that it holds something else. */
const MAX_CLASSES = 65_536;

/** What stands for a missing value in tables, in lower case: what pandas takes for one, spreadsheets, KEEL and UCI. */
const MISSING: ReadonlySet<string> = new Set([
  ...[
    '',
    '?',
    '-',
    '--',
    '---',
    '.',
    '*',
    'na',
    'n/a',
    'n.a.',
    '<na>',
    '#na',
    '#n/a',
    '#n/a n/a',
    '#value!',
    '#ref!',
  ],
  ...[
    'nan',
    '-nan',
    '1.#ind',
    '-1.#ind',
    '1.#qnan',
    '-1.#qnan',
    'null',
    '<null>',
    '(null)',
    'nil',
    'none',
    'missing',
  ],
]);

/**
 * The classes of training labels. Whole numbers from 0 are class numbers, and the classes are those that occur, ascending. If any label is
 * none (`cat`, `-1`, `01`), all are names, and the classes are in code-unit order.
 * @throws DataError for a label that stands for a missing value or holds a line break, for names so alike that they look like one class, and for labels
 *   that are all of one class
 */
export function classesOfTexts(labels: LabelTexts): readonly string[] {
  checkPresent(labels);
  const { texts, file } = labels;
  if (texts.every((text) => CLASS_NUMBER.test(text)))
    return classesOfNumbers(texts.map(Number), file, labels.placeOf);
  const firsts = firstsOf(labels);
  checkCount(firsts.size, file);
  checkTwins(firsts, labels);
  return [...firsts.keys()].sort();
}

/**
 * The categories of a column, each once: ascending where all are whole numbers, in code-unit order elsewhere.
 * @throws DataError for a text that stands for a missing value or holds a line break, and for texts so alike that they look like one category
 */
export function categoriesOfTexts(column: LabelTexts): readonly string[] {
  checkPresent(column, 'category');
  return distinctCategories(column);
}

/** The same of texts that a header declares, of which none is a missing value. */
export function distinctCategories(column: LabelTexts): readonly string[] {
  const firsts = firstsOf(column);
  checkTwins(firsts, column, 'categories');
  return inOrder([...firsts.keys()]);
}

/** Names ascending where all are whole numbers, in code-unit order elsewhere. */
export function inOrder(names: readonly string[]): readonly string[] {
  const areNumbers = names.every((name) => CLASS_NUMBER.test(name));
  return [...names].sort(areNumbers ? (a, b) => Number(a) - Number(b) : undefined);
}

/** Each text, with where it stands first. */
function firstsOf({ texts }: LabelTexts): Map<string, number> {
  const firsts = new Map<string, number>();
  texts.forEach((text, i) => {
    if (!firsts.has(text)) firsts.set(text, i);
  });
  return firsts;
}

/**
 * The classes of training labels that are numbers: those that occur, ascending.
 * @throws DataError for a number that is none of a class (of `MAX_CLASSES`), and for labels that are all of one class
 */
export function classesOfNumbers(
  labels: ArrayLike<number>,
  file: string,
  placeOf: LabelTexts['placeOf'] = positionOf,
): readonly string[] {
  const seen = new Set<number>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < MAX_CLASSES)) {
      const expected = `expected a class number in [0, ${MAX_CLASSES - 1}]`;
      throw new DataError(file, `${placeOf(i)}: label ${label}, ${expected}`);
    }
    seen.add(label);
  }
  checkCount(seen.size, file);
  return [...seen].sort((a, b) => a - b).map(String);
}

/**
 * Labels as numbers of their classes.
 * @throws DataError with the place of one that is missing, or is none of the classes, naming the class that it resembles
 */
export function numberTexts(labels: LabelTexts, classes: readonly string[]): Int32Array {
  checkPresent(labels);
  return numberNames(labels, classes, 'training classes');
}

/**
 * Texts as numbers of names, one of which each is.
 * @param whose - what the names are, for the error: `training classes`
 * @throws DataError with the place of one that is none of them, naming the one that it resembles
 */
export function numberNames(labels: LabelTexts, classes: readonly string[], whose: string): Int32Array {
  const numbers = new Map(classes.map((name, number) => [name, number]));
  return Int32Array.from(labels.texts, (text, i) => {
    const number = numbers.get(text);
    if (number !== undefined) return number;
    const twin = classes.find((name) => twinKey(name) === twinKey(text));
    const missing = MISSING.has(text.toLowerCase()) ? '; a missing value? Leave such samples out' : '';
    const hint =
      twin === undefined ? missing : `; it looks like ${JSON.stringify(twin)}, but is another text`;
    const problem = `${JSON.stringify(text)} is none of the ${classes.length} ${whose}${hint}`;
    throw new DataError(labels.file, `${labels.placeOf(i)}: ${problem}`);
  });
}

/**
 * Labels that are numbers as numbers of their classes.
 * @throws DataError with the position of one that is none of the classes
 */
export function numberNumbers(
  labels: ArrayLike<number>,
  classes: readonly string[],
  file: string,
): Int32Array {
  const numbers = new Map(classes.map((name, number) => [Number(name), number]));
  return Int32Array.from(labels, (label, i) => {
    const number = numbers.get(label);
    if (number !== undefined) return number;
    const problem = `label ${label} is none of the ${classes.length} training classes`;
    throw new DataError(file, `${positionOf(i)}: ${problem}`);
  });
}

function positionOf(i: number): string {
  return `position ${i} (counted from 0)`;
}

/** Neither missing, nor several lines that a quote holds together: the samples of all but the first would be lost. */
export function checkPresent({ texts, placeOf, file }: LabelTexts, what = 'class'): void {
  const broken = texts.findIndex((text) => /[\n\r]/.test(text));
  if (broken >= 0) {
    const problem = `${JSON.stringify(texts[broken])} in the place of a ${what}: a quote that is not closed on its line?`;
    throw new DataError(file, `${placeOf(broken)}: ${problem}`);
  }
  const missing = texts.findIndex((text) => MISSING.has(text.toLowerCase()));
  if (missing < 0) return;
  const problem = `${JSON.stringify(texts[missing])} in the place of a ${what}: a missing value?`;
  const remedy = `Leave such samples out, or give the ${what} another name`;
  throw new DataError(file, `${placeOf(missing)}: ${problem} ${remedy}`);
}

function checkCount(classes: number, file: string): void {
  if (classes === 1) throw new DataError(file, 'all samples are of one class, expected two');
  if (classes <= MAX_CLASSES) return;
  throw new DataError(file, `${classes} different labels: more than ${MAX_CLASSES} classes. Another column?`);
}

/** @param firsts - each name, with where it stands first */
function checkTwins(
  firsts: ReadonlyMap<string, number>,
  { placeOf, file }: LabelTexts,
  what = 'classes',
): void {
  const names = new Map<string, string>();
  for (const [name, first] of firsts) {
    const twin = names.get(twinKey(name));
    if (twin !== undefined) {
      const pair = `the ${what} ${shown(twin, name)} and ${shown(name, twin)}`;
      const remedy = `Give them one name if they are one ${what === 'classes' ? 'class' : 'category'}, or names further apart if they are two`;
      throw new DataError(file, `${placeOf(first)}: ${pair} look alike. ${remedy}`);
    }
    names.set(twinKey(name), name);
  }
}

/** The same for names that differ in case, white space, invisible characters, Unicode form, or how a number is written. */
function twinKey(name: string): string {
  if (isNumber(name)) return String(Number(name));
  return name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '');
}

/** A name in quotes; with escapes where it would look the same as another. */
function shown(name: string, other: string): string {
  const quoted = JSON.stringify(name);
  if (name.normalize('NFC') !== other.normalize('NFC') && !/[\p{Cf}\p{Cc}\u00a0]/u.test(name)) return quoted;
  return quoted.replace(/[^ -~]/gu, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}
