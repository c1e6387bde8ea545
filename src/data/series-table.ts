import { DataError } from '../core/errors.js';
import { vector } from '../core/shape.js';
import { classesOfTexts, type LabelTexts, numberTexts } from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { decodeText } from './decode-text.js';
import { refuseForeignFormat } from './foreign-format.js';
import { parseFloat32 } from './parse-float32.js';
import type { SourceFile } from './source-file.js';

interface SeriesTable extends LabelTexts {
  /** One row per series, one column per step. */
  readonly features: FeatureMatrix;
}

/**
 * A data set of the UCR time series archive, as published in 2018: two tables without a header, separated by tabs, one series of one
 * variable a line, its class first. The classes are those that occur in training.
 * @throws DataError with line and column for anything else: series of different lengths and missing values (`NaN`), too
 */
export function seriesDataset(
  name: string,
  files: { readonly train: SourceFile; readonly test: SourceFile },
): Dataset {
  const [train, test] = [files.train, files.test].map(parseSeriesTable);
  const classes = classesOfTexts(train);
  const toSplit = (table: SeriesTable): SplitSource => ({
    features: table.features,
    labels: numberTexts(table, classes),
    featuresFile: table.file,
    labelsFile: table.file,
  });
  return createDataset({
    name,
    classes,
    shape: { kind: 'sequence', steps: train.features.columns, of: vector(1) },
    train: toSplit(train),
    test: toSplit(test),
    files: [train.file, test.file],
  });
}

function parseSeriesTable(source: SourceFile): SeriesTable {
  const { file } = source;
  refuseForeignFormat(source, 'a table of time series');
  const rows = decodeText(source)
    .split('\n')
    .map((text, i) => ({ line: i + 1, fields: text.split('\t') }))
    .filter(({ fields }) => fields.length > 1 || fields[0].trim() !== '');
  if (rows.length === 0) throw new DataError(file, 'holds no series');
  const columns = rows[0].fields.length - 1;
  if (columns === 0) throw new DataError(file, `line ${rows[0].line}: a class, but no series after a tab`);
  const values = new Float32Array(rows.length * columns);
  rows.forEach(({ fields, line }, row) => {
    if (fields.length !== columns + 1) {
      const first = `line ${rows[0].line} has ${columns}`;
      throw new DataError(file, `line ${line}: a series of ${fields.length - 1} steps, but ${first}`);
    }
    for (let step = 1; step <= columns; step++) {
      values[row * columns + step - 1] = parseFloat32(fields[step], file, () => `line ${line}, step ${step}`);
    }
  });
  return {
    file,
    texts: rows.map(({ fields }) => fields[0].trim()),
    placeOf: (i) => `line ${rows[i].line}`,
    features: new FeatureMatrix(rows.length, columns, values),
  };
}
