import { DataError } from '../core/errors.js';
import { vector } from '../core/shape.js';
import { type Attribute, type AttributeTable, parseAttributeTable } from './attribute-table.js';
import {
  classesOfTexts,
  distinctCategories,
  inOrder,
  type LabelTexts,
  numberNames,
  numberTexts,
} from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { checkFeatureSize } from './feature-size.js';
import { holdFifthOut } from './one-file.js';
import { parseFloat32 } from './parse-float32.js';
import type { SourceFile } from './source-file.js';
import { undeclaredKind } from './undeclared-column.js';

/** How a table is read. */
export interface TableOptions {
  /** The column with the class. Default: the one that the header calls an output, else the last. */
  readonly labelColumn?: string | undefined;
}

/** The tables of a data set: two, or one with all samples. */
export interface TableFiles {
  readonly train: SourceFile;
  /** Absent where the first holds all samples: a fifth of them is held out then, see `holdFifthOut`. */
  readonly test?: SourceFile | undefined;
}

/** A column of features: numbers, or categories, one column of ±1 for each. */
interface Feature {
  readonly name: string;
  readonly column: number;
  readonly categories?: readonly string[];
  /** What the categories are, for the error. */
  readonly whose: string;
  readonly range?: Attribute['range'];
}

/**
 * A data set of tables as KEEL and Weka (ARFF) write them, or without a header (`parseAttributeTable`). Columns of numbers become float32
 * features, in file order. Behind them come those of categories: each category is a column, +1 where a sample has it and −1 elsewhere
 * (`VectorShape.signs`), which binarizers and standardizers pass on. Without a header, a column is one of numbers if all its training entries
 * are (`undeclaredKind`). Categories are in the order of class names: with a header and without, a table is the same data.
 *
 * Classes are what the header declares, else those that occur in training, or in the only file.
 * @throws DataError with file, line and column for missing values, numbers outside the range of their attribute, categories that are not
 *   declared, do not occur in training or look alike, a class that is a real number, tables whose columns differ, and everything that
 *   `createDataset` refuses
 */
export function tableDataset(name: string, files: TableFiles, options: TableOptions = {}): Dataset {
  const train = parseAttributeTable(files.train);
  const test = files.test && parseAttributeTable(files.test);
  if (test) checkSameColumns(test, train);
  const label = labelColumn(train, options.labelColumn);
  const classes = classesOf(train, label);
  const features = featuresOf(train, label);
  const featureNames = [
    ...features.filter(({ categories }) => !categories).map((feature) => feature.name),
    ...features.flatMap(({ name, categories = [] }) => categories.map((category) => `${name}=${category}`)),
  ];
  const signs = features.reduce((sum, { categories = [] }) => sum + categories.length, 0);
  const split = (table: AttributeTable): SplitSource => ({
    features: new FeatureMatrix(
      table.rows.length,
      featureNames.length,
      valuesOf(table, features, featureNames.length),
    ),
    labels: labelNumbers(table, label, classes),
    featuresFile: table.file,
    labelsFile: table.file,
  });
  return createDataset({
    name,
    classes,
    shape: vector(featureNames.length, signs),
    featureNames,
    ...(test ? { train: split(train), test: split(test) } : holdFifthOut(split(train))),
    files: [train, test].flatMap((table) => (table ? [table.file] : [])),
  });
}

function textsOf(table: AttributeTable, column: number): LabelTexts {
  const { file, rows, names, attributes } = table;
  const name = attributes ? `column ${names[column]}` : names[column];
  return {
    file,
    texts: rows.map(({ fields }) => fields[column]),
    placeOf: (i) => `line ${rows[i].line}, ${name}`,
  };
}

/** Which column is the class. */
function labelColumn(table: AttributeTable, stated: string | undefined): number {
  const { file, names, outputs = [] } = table;
  if (stated === undefined && outputs.length > 1) {
    const problem = `has ${outputs.length} outputs (${outputs.join(', ')}), expected one class`;
    throw new DataError(file, `${problem}. Say which it is (--label-column ${outputs[0]})`);
  }
  const wanted = stated ?? outputs[0] ?? names[names.length - 1];
  const column = names.indexOf(wanted);
  if (column >= 0) return column;
  throw new DataError(file, `has no column ${wanted} for the class; its columns are ${names.join(', ')}`);
}

function classesOf(table: AttributeTable, label: number): readonly string[] {
  const texts = textsOf(table, label);
  const attribute = table.attributes?.[label];
  if (attribute?.categories) {
    const { file } = table;
    return inOrder(
      distinctCategories({
        file,
        texts: attribute.categories,
        placeOf: () => `line ${attribute.line}, attribute ${attribute.name}`,
      }),
    );
  }
  const real = texts.texts.findIndex((text) => /^[+-]?\d*\.\d*[1-9]/.test(text));
  if (attribute && real >= 0) {
    const problem = `${JSON.stringify(texts.texts[real])} in the place of a class`;
    const remedy = `attribute ${attribute.name} is a number to be predicted, and not a class`;
    throw new DataError(table.file, `${texts.placeOf(real)}: ${problem}: ${remedy}`);
  }
  return classesOfTexts(texts);
}

function labelNumbers(table: AttributeTable, label: number, classes: readonly string[]): Int32Array {
  const attribute = table.attributes?.[label];
  const texts = textsOf(table, label);
  return attribute?.categories
    ? numberNames(texts, classes, declaredBy(attribute))
    : numberTexts(texts, classes);
}

function declaredBy({ line }: Attribute): string {
  return `categories that line ${line} declares`;
}

/** All inputs but the class, in file order. */
function featuresOf(table: AttributeTable, label: number): readonly Feature[] {
  const { file, names, inputs, outputs = [], attributes } = table;
  const unknown = [...(inputs ?? []), ...outputs].find((input) => !names.includes(input));
  if (unknown !== undefined) {
    throw new DataError(
      file,
      `its header names ${unknown}, which is no attribute; those are ${names.join(', ')}`,
    );
  }
  const columns = names.flatMap((name, column) =>
    column !== label && (inputs?.includes(name) ?? true) ? [column] : [],
  );
  if (columns.length === 0) throw new DataError(file, `has no column besides ${names[label]}`);
  return columns.map((column): Feature => {
    const name = names[column];
    const attribute = attributes?.[column];
    if (!attribute)
      return { name, column, ...undeclaredKind(textsOf(table, column)), whose: 'categories of training' };
    const { categories, range, line } = attribute;
    if (!categories) return { name, column, whose: '', ...(range && { range }) };
    const declared = { file, texts: categories, placeOf: () => `line ${line}, attribute ${name}` };
    return { name, column, categories: distinctCategories(declared), whose: declaredBy(attribute) };
  });
}

/** Row after row: numbers, then ±1 for each category. */
function valuesOf(table: AttributeTable, features: readonly Feature[], width: number): Float32Array {
  const { rows, file } = table;
  checkFeatureSize(rows.length, width, Float32Array.BYTES_PER_ELEMENT, file);
  const values = new Float32Array(rows.length * width);
  let next = 0;
  for (const { column, range } of features.filter(({ categories }) => !categories)) {
    const { texts, placeOf } = textsOf(table, column);
    texts.forEach((text, row) => {
      const value = parseFloat32(text, file, () => placeOf(row));
      if (range) checkRange(text, range, file, () => placeOf(row));
      values[row * width + next] = value;
    });
    next++;
  }
  for (const { column, categories = [], whose } of features.filter((feature) => feature.categories)) {
    const numbers = numberNames(textsOf(table, column), categories, whose);
    numbers.forEach((number, row) => {
      const first = row * width + next;
      values.fill(-1, first, first + categories.length);
      values[first + number] = 1;
    });
    next += categories.length;
  }
  return values;
}

function checkRange(
  text: string,
  [least, largest]: NonNullable<Attribute['range']>,
  file: string,
  placeOf: () => string,
): void {
  if (Number(text) >= least && Number(text) <= largest) return;
  throw new DataError(
    file,
    `${placeOf()}: ${text}, expected one in [${least}, ${largest}], as its attribute says`,
  );
}

function checkSameColumns(test: AttributeTable, train: AttributeTable): void {
  const [found, expected] = [test, train].map(describeColumns);
  if (found.length !== expected.length) {
    throw new DataError(test.file, `has ${found.length} columns, but ${train.file} has ${expected.length}`);
  }
  found.forEach((one, column) => {
    const other = expected[column];
    if (one === other) return;
    throw new DataError(test.file, `column ${column + 1} is ${one}, but ${train.file} has ${other} there`);
  });
}

/** Names and kinds; the ranges of two files may differ. */
function describeColumns({ names, attributes }: AttributeTable): string[] {
  return names.map((name, column) => {
    const attribute = attributes?.[column];
    if (!attribute) return name;
    return `${name} ${attribute.categories ? `{${inOrder(attribute.categories).join(', ')}}` : 'of numbers'}`;
  });
}
