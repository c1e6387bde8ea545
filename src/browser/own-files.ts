import { gunzipSync } from 'fflate';
import { DataError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { csvDataset } from '../data/csv.js';
import type { Dataset } from '../data/dataset.js';
import { dottedIdxName, IDX_FILES, idxDataset } from '../data/idx-dataset.js';
import { type NpySplit, npyDataset, statedNpyFeatures } from '../data/npy.js';
import { npzDataset } from '../data/npz.js';
import { parseShapeFile, type StatedShape } from '../data/shape-file.js';
import type { SourceFile } from '../data/source-file.js';
import { tableDataset } from '../data/table-dataset.js';

const EXPECTED =
  'expected train.csv and test.csv, features.npy and labels.npy under train/ and test/, one .npz, ' +
  'the four IDX files of the MNIST family, or one .dat, .data or .arff table';

/**
 * A data set of files that were handed over, read as those in a folder of that name are by `loadDataset`: the same files in the same places,
 * the same parsers, the same errors.
 * @param files - each called by its path below the folder; those that end in `.gz` are unpacked
 * @throws DataError for files that are no set, and for all that their parsers refuse
 */
export function ownDataset(name: string, files: readonly SourceFile[]): Dataset {
  const sources = files.map(unpacked);
  const names = files.map(({ file }) => file.replace(/\.gz$/, ''));
  const find = (file: string): SourceFile | undefined => sources[names.indexOf(file)];
  const findBy = (ending: RegExp): SourceFile | undefined =>
    sources[names.findIndex((file) => ending.test(file))];
  const need = (file: string): SourceFile => {
    const found = find(file);
    if (found) return found;
    throw new DataError(file, 'is missing');
  };
  const shapeFile = find('shape.json');
  const stated = shapeFile && parseShapeFile(shapeFile);
  if (find('train.csv')) {
    const tables = { train: need('train.csv'), validation: find('validation.csv'), test: need('test.csv') };
    return csvDataset(name, tables, { shape: statedOfTables(stated) });
  }
  if (find('train/features.npy')) {
    const split = (part: string): NpySplit => ({
      features: statedNpyFeatures(need(`${part}/features.npy`), stated ?? {}),
      labels: need(`${part}/labels.npy`),
    });
    const hasValidation = findBy(/^validation\//) !== undefined;
    return npyDataset(name, {
      train: split('train'),
      validation: hasValidation ? split('validation') : undefined,
      test: split('test'),
    });
  }
  const idxFile = (file: string): SourceFile | undefined => find(file) ?? find(dottedIdxName(file));
  if (IDX_FILES.some(idxFile)) return idxDataset(name, (file) => idxFile(file) ?? need(file));
  const archive = findBy(/\.npz$/);
  if (archive) return npzDataset(name, archive, stated);
  const table = findBy(/\.(dat|data|arff)$/);
  if (table) return tableDataset(name, { train: table });
  throw new DataError(names.join(', ') || name, `is no data set; ${EXPECTED}`);
}

function statedOfTables(stated: StatedShape | undefined): Shape | undefined {
  if (stated?.packed === undefined) return stated?.shape;
  throw new DataError('shape.json', 'packed: expected beside .npy arrays only, found beside tables');
}

/** As the command line unpacks: a file keeps its name. */
function unpacked({ file, bytes }: SourceFile): SourceFile {
  if (bytes.length === 0) throw new DataError(file, 'is empty');
  if (!file.endsWith('.gz')) return { file, bytes };
  try {
    return { file, bytes: gunzipSync(bytes) };
  } catch (cause) {
    throw new DataError(file, `damaged gzip data (${(cause as Error).message})`, { cause });
  }
}
