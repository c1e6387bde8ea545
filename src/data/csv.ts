import { DataError } from '../core/errors.js';
import { type Shape, sizeOf, vector } from '../core/shape.js';
import { classesOfTexts, type LabelTexts, numberTexts } from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type CsvTable, parseCsvTable } from './csv-table.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { parseFloat32 } from './parse-float32.js';
import type { SourceFile } from './source-file.js';

/** How a CSV set is read. */
export interface CsvOptions {
  /** The column with the class. Default `label`. */
  readonly labelColumn?: string | undefined;
  /** What the columns mean, in file order. Default: a vector. */
  readonly shape?: Shape | undefined;
}

/** The tables of a data set. */
export interface CsvFiles {
  readonly train: SourceFile;
  readonly validation?: SourceFile | undefined;
  readonly test: SourceFile;
}

const DEFAULT_LABEL_COLUMN = 'label';

/**
 * A data set of comma-separated tables with a header. All columns but the label are numbers and become float32 features.
 *
 * If every training label is a whole number from 0, labels are class numbers. Otherwise (`cat`, `-1`, `01`) they are names, sorted by
 * code units. The classes are those that occur in training.
 * @throws DataError with file, line and column for anything that is not so, for labels that are missing or look alike, for files
 *   whose columns differ, and for everything `createDataset` refuses
 */
export function csvDataset(name: string, files: CsvFiles, options: CsvOptions = {}): Dataset {
  const labelColumn = options.labelColumn ?? DEFAULT_LABEL_COLUMN;
  const read = (file: SourceFile): LabelledTable => separateLabels(parseCsvTable(file), labelColumn);
  const train = read(files.train);
  const validation = files.validation && read(files.validation);
  const test = read(files.test);
  for (const table of [validation, test]) if (table) checkSameColumns(table, train);
  const { featureNames } = train;
  const shape = options.shape ?? vector(featureNames.length);
  if (sizeOf(shape) !== featureNames.length) {
    const expected = `${sizeOf(shape)}, as its shape says`;
    throw new DataError(
      train.file,
      `${featureNames.length} columns besides ${labelColumn}, expected ${expected}`,
    );
  }
  const classes = classesOfTexts(labelsOf(train));
  return createDataset({
    name,
    classes,
    shape,
    featureNames,
    train: toSplit(train, classes),
    validation: validation && toSplit(validation, classes),
    test: toSplit(test, classes),
    files: [train, validation, test].flatMap((table) => (table ? [table.file] : [])),
  });
}

/** Samples of a single file. */
export interface CsvSamples {
  readonly features: FeatureMatrix;
  /** Names of the columns, in file order. */
  readonly featureNames: readonly string[];
  /** Class numbers; absent where the file has no label column. */
  readonly labels?: Int32Array;
}

/**
 * Samples of a single comma-separated table. With a label column, labels become numbers of `classes`; without it, all columns are
 * features.
 * @param classes - class names; a label must be one of them
 * @throws DataError as `csvDataset`
 */
export function csvSamples(
  source: SourceFile,
  classes: readonly string[],
  { labelColumn = DEFAULT_LABEL_COLUMN }: Pick<CsvOptions, 'labelColumn'> = {},
): CsvSamples {
  const table = parseCsvTable(source);
  if (!table.header.includes(labelColumn)) {
    return { features: parseFeatures(table), featureNames: table.header };
  }
  const labelled = separateLabels(table, labelColumn);
  const { features, featureNames } = labelled;
  return { features, featureNames, labels: numberTexts(labelsOf(labelled), classes) };
}

interface LabelledTable extends CsvTable {
  readonly labelColumn: string;
  /** Position of the label in a row. */
  readonly labelIndex: number;
  /** The other columns, in file order. */
  readonly featureNames: readonly string[];
  readonly features: FeatureMatrix;
}

function separateLabels(table: CsvTable, labelColumn: string): LabelledTable {
  const { header, file } = table;
  const labelIndex = header.indexOf(labelColumn);
  if (labelIndex < 0) throw new DataError(file, noLabelColumn(header, labelColumn));
  const featureNames = header.filter((_, column) => column !== labelIndex);
  if (featureNames.length === 0) throw new DataError(file, `has no column besides ${labelColumn}`);
  return { ...table, labelColumn, labelIndex, featureNames, features: parseFeatures(table, labelIndex) };
}

function noLabelColumn(header: readonly string[], labelColumn: string): string {
  const shown = header.slice(0, 8).join(', ');
  const more = header.length > 8 ? ` and ${header.length - 8} more` : '';
  const problem = `has no column ${labelColumn} for the class; its columns are ${shown}${more}`;
  const separator =
    header.length === 1 && [';', '\t', '|'].find((character) => header[0].includes(character));
  if (separator) return `${problem}. Separate fields by commas, not by ${JSON.stringify(separator)}`;
  const twin = header.find((name) => name.toLowerCase() === labelColumn.toLowerCase());
  return twin === undefined ? problem : `${problem}. Say that it is ${twin} (--label-column ${twin})`;
}

function checkSameColumns(table: LabelledTable, train: LabelledTable): void {
  const columns = Math.max(table.featureNames.length, train.featureNames.length);
  for (let i = 0; i < columns; i++) {
    const [found, expected] = [table.featureNames[i] ?? 'no column', train.featureNames[i] ?? 'no column'];
    if (found === expected) continue;
    throw new DataError(table.file, `feature ${i + 1} is ${found}, but ${train.file} has ${expected} there`);
  }
}

function labelsOf({ rows, labelIndex, labelColumn, file }: LabelledTable): LabelTexts {
  return {
    file,
    texts: rows.map(({ fields }) => fields[labelIndex].trim()),
    placeOf: (i) => `line ${rows[i].line}, column ${labelColumn}`,
  };
}

function toSplit(table: LabelledTable, classes: readonly string[]): SplitSource {
  const { features, file } = table;
  return { features, labels: numberTexts(labelsOf(table), classes), featuresFile: file, labelsFile: file };
}

/** All columns but the label, if there is one. */
function parseFeatures(table: CsvTable, labelIndex?: number): FeatureMatrix {
  const { rows, header, file } = table;
  const columns = header.length - (labelIndex === undefined ? 0 : 1);
  const values = new Float32Array(rows.length * columns);
  let next = 0;
  for (const { fields, line } of rows) {
    fields.forEach((text, column) => {
      if (column !== labelIndex)
        values[next++] = parseFloat32(text, file, () => `line ${line}, column ${header[column]}`);
    });
  }
  return new FeatureMatrix(rows.length, columns, values);
}
