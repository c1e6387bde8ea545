import { join } from 'node:path';
import { DataError } from '../core/errors.js';
import { vector } from '../core/shape.js';
import { isFile } from '../node/data/file-access.js';
import { classNumbersUpTo } from './class-numbers.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type CsvTable, readCsvTable } from './csv-table.js';
import { type Dataset, FeatureMatrix } from './dataset.js';

/** How a CSV set is read. */
export interface CsvOptions {
  /** The column with the class. Default `label`. */
  readonly labelColumn?: string | undefined;
}

const DEFAULT_LABEL_COLUMN = 'label';
const CLASS_NUMBER = /^(0|[1-9]\d*)$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads a data set of comma-separated files with a header: `train.csv`, `test.csv` and, if it is there,
 * `validation.csv`. All columns but the label are numbers and become float32 features.
 *
 * If every training label is a whole number from 0, labels are class numbers and the classes are 0 … the largest
 * one. Otherwise (`cat`, `-1`, `01`) labels are names, and the classes are the training names in code-unit order.
 * @throws DataError with file, line and column for anything that is not so, for files whose columns differ, and
 *   for everything `createDataset` refuses
 */
export async function loadCsvDataset(
  name: string,
  folder: string,
  options: CsvOptions = {},
): Promise<Dataset> {
  const labelColumn = options.labelColumn ?? DEFAULT_LABEL_COLUMN;
  const read = async (split: string): Promise<LabelledTable> =>
    separateLabels(await readCsvTable(join(folder, `${split}.csv`)), labelColumn);
  const train = await read('train');
  const validation = (await isFile(join(folder, 'validation.csv'))) ? await read('validation') : undefined;
  const test = await read('test');
  for (const table of [validation, test]) if (table) checkSameColumns(table, train);
  const classes = classNames(train);
  return createDataset({
    name,
    classes,
    shape: vector(train.featureNames.length),
    featureNames: train.featureNames,
    train: toSplit(train, classes),
    validation: validation && toSplit(validation, classes),
    test: toSplit(test, classes),
    files: [train, validation, test].flatMap((table) => (table ? [table.file] : [])),
  });
}

/**
 * Reads a single comma-separated file of samples. With a label column, labels become numbers of `classes`; without it,
 * all columns are features.
 * @param classes - class names; a label must be one of them
 * @throws DataError as `loadCsvDataset`
 */
export async function readCsvSamples(
  file: string,
  classes: readonly string[],
  { labelColumn = DEFAULT_LABEL_COLUMN }: CsvOptions = {},
): Promise<{ readonly features: FeatureMatrix; readonly labels?: Int32Array }> {
  const table = await readCsvTable(file);
  if (!table.header.includes(labelColumn)) return { features: parseFeatures(table) };
  const labelled = separateLabels(table, labelColumn);
  return { features: parseFeatures(labelled), labels: numberLabels(labelled, classes) };
}

interface LabelledTable extends CsvTable {
  readonly labelColumn: string;
  /** Position of the label in a row. */
  readonly labelIndex: number;
  /** The other columns, in file order. */
  readonly featureNames: readonly string[];
}

function separateLabels(table: CsvTable, labelColumn: string): LabelledTable {
  const labelIndex = table.header.indexOf(labelColumn);
  if (labelIndex < 0) {
    const columns = table.header.slice(0, 8).join(', ');
    throw new DataError(table.file, `has no column ${labelColumn} for the class; its columns are ${columns}`);
  }
  const featureNames = table.header.filter((_, column) => column !== labelIndex);
  if (featureNames.length === 0) throw new DataError(table.file, `has no column besides ${labelColumn}`);
  return { ...table, labelColumn, labelIndex, featureNames };
}

function checkSameColumns(table: LabelledTable, train: LabelledTable): void {
  const columns = Math.max(table.featureNames.length, train.featureNames.length);
  for (let i = 0; i < columns; i++) {
    const [found, expected] = [table.featureNames[i] ?? 'no column', train.featureNames[i] ?? 'no column'];
    if (found === expected) continue;
    throw new DataError(table.file, `feature ${i + 1} is ${found}, but ${train.file} has ${expected} there`);
  }
}

function classNames({ rows, labelIndex, file }: LabelledTable): readonly string[] {
  const labels = rows.map(({ fields }) => fields[labelIndex]);
  if (labels.every((label) => CLASS_NUMBER.test(label))) return classNumbersUpTo(labels.map(Number), file);
  return [...new Set(labels)].sort();
}

function toSplit(table: LabelledTable, classes: readonly string[]): SplitSource {
  const { file } = table;
  const labels = numberLabels(table, classes);
  return { features: parseFeatures(table), labels, featuresFile: file, labelsFile: file };
}

function numberLabels(
  { rows, labelIndex, labelColumn, file }: LabelledTable,
  classes: readonly string[],
): Int32Array {
  const numbers = new Map(classes.map((name, number) => [name, number]));
  return Int32Array.from(rows, ({ fields, line }) => {
    const label = numbers.get(fields[labelIndex]);
    if (label !== undefined) return label;
    const problem = `${JSON.stringify(fields[labelIndex])} is none of the ${classes.length} training classes`;
    throw new DataError(file, `line ${line}, column ${labelColumn}: ${problem}`);
  });
}

/** All columns but the label, if there is one. */
function parseFeatures(table: CsvTable & Partial<LabelledTable>): FeatureMatrix {
  const { rows, labelIndex, header } = table;
  const columns = header.length - (labelIndex === undefined ? 0 : 1);
  const values = new Float32Array(rows.length * columns);
  let next = 0;
  for (const { fields, line } of rows) {
    fields.forEach((text, column) => {
      if (column !== labelIndex) values[next++] = parseNumber(text, table, line, column);
    });
  }
  return new FeatureMatrix(rows.length, columns, values);
}

function parseNumber(text: string, table: CsvTable, line: number, column: number): number {
  const trimmed = text.trim();
  const value = NUMBER.test(trimmed) ? Math.fround(Number(trimmed)) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const expected = 'expected a finite number that fits float32';
  const place = `line ${line}, column ${table.header[column]}`;
  throw new DataError(table.file, `${place}: ${JSON.stringify(text)}, ${expected}`);
}
