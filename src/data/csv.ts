import { DataError } from '../core/errors.js';
import { type Shape, sizeOf, vector } from '../core/shape.js';
import { classesOfTexts, type LabelTexts, numberTexts } from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type CsvTable, parseCsvTable } from './csv-table.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { refuseForeignFormat } from './foreign-format.js';
import { parseFloat32 } from './parse-float32.js';
import { parsePlainTable } from './plain-table.js';
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
  const read = (file: SourceFile): LabelledTable => {
    const table = readTable(file, labelColumn);
    if (isLabelled(table)) return table;
    throw new DataError(table.file, noLabelColumn(table.header, labelColumn));
  };
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
  const classes = classesOfTexts(train.labels);
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
  const table = readTable(source, labelColumn);
  const { featureNames } = table;
  const labels = table.labels && numberTexts(table.labels, classes);
  return { features: table.features, featureNames, ...(labels && { labels }) };
}

interface NumberTable {
  readonly file: string;
  readonly header: readonly string[];
  /** All columns but the label, if there is one, in file order. */
  readonly featureNames: readonly string[];
  /** Read when they are asked for: of a table that lacks something else, that is to be said first. */
  readonly features: FeatureMatrix;
  /** Absent where no column has the label's name. */
  readonly labels?: LabelTexts;
}

type LabelledTable = NumberTable & Required<Pick<NumberTable, 'labels'>>;

function isLabelled(table: NumberTable): table is LabelledTable {
  return table.labels !== undefined;
}

/** From its bytes where the table is plain, in the general way where it is not, or where something is wrong. */
function readTable(source: SourceFile, labelColumn: string): NumberTable {
  const { file } = source;
  refuseForeignFormat(source, 'comma-separated text');
  const plain = parsePlainTable(source, labelColumn);
  if (!plain) return readGeneralTable(source, labelColumn);
  const { header, features, labels: texts, lines } = plain;
  const placeOf = (i: number): string => `line ${lines[i]}, column ${labelColumn}`;
  const featureNames = texts ? header.filter((name) => name !== labelColumn) : header;
  return { file, header, featureNames, features, ...(texts && { labels: { file, texts, placeOf } }) };
}

function readGeneralTable(source: SourceFile, labelColumn: string): NumberTable {
  const table = parseCsvTable(source);
  const { header, file, rows } = table;
  const labelIndex = header.indexOf(labelColumn);
  if (labelIndex < 0)
    return {
      file,
      header,
      featureNames: header,
      get features() {
        return parseFeatures(table);
      },
    };
  const featureNames = header.filter((_, column) => column !== labelIndex);
  if (featureNames.length === 0) throw new DataError(file, `has no column besides ${labelColumn}`);
  const labels = {
    file,
    texts: rows.map(({ fields }) => fields[labelIndex].trim()),
    placeOf: (i: number) => `line ${rows[i].line}, column ${labelColumn}`,
  };
  return { file, header, featureNames, features: parseFeatures(table, labelIndex), labels };
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

function toSplit(table: LabelledTable, classes: readonly string[]): SplitSource {
  const { features, file } = table;
  return { features, labels: numberTexts(table.labels, classes), featuresFile: file, labelsFile: file };
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
