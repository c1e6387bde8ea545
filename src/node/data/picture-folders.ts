import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { largest } from '../../core/extremes.js';
import type { Dataset } from '../../data/dataset.js';
import { type Picture, PictureRows, type PictureSplit, picturesDataset } from '../../data/pictures.js';
import { decodePicture } from './decode-picture.js';
import { isFolder, readSource, visibleIn } from './file-access.js';

const PICTURE = /\.(png|jpe?g)$/i;

interface Labelled {
  readonly file: string;
  readonly className: string;
}

interface Splits {
  readonly train: string;
  readonly validation?: string | undefined;
  readonly test?: string | undefined;
}

/** Whether a folder holds pictures in folders of their classes, in `train/` or all together. */
export async function holdsPictures(folder: string): Promise<boolean> {
  const inTrain = join(folder, 'train');
  const parent = (await isFolder(inTrain)) ? inTrain : folder;
  const [first] = await foldersIn(parent);
  if (first === undefined) return false;
  const [file] = await visibleIn(join(parent, first));
  return file !== undefined && PICTURE.test(file);
}

/** All pictures of a set. */
export async function pictureFiles(folder: string): Promise<string[]> {
  const { train, validation, test } = await splitsOf(folder);
  const splits = [train, validation, test].filter((split) => split !== undefined);
  const found = await Promise.all(splits.map(picturesIn));
  return found.flat().map(({ file }) => file);
}

/**
 * Reads pictures in folders of their classes: `train/CLASS/`, `test/CLASS/` and, if it is there, `validation/CLASS/`, or `CLASS/` alone, of which a
 * fifth is held out. In a split, classes take turns, the pictures of each in the order of their names. What begins with a dot is left out.
 * @throws DataError for anything else than pictures in a folder of a class, and for everything that `decodePicture` and `picturesDataset` refuse
 */
export async function loadPictures(name: string, folder: string): Promise<Dataset> {
  const { train, validation, test } = await splitsOf(folder);
  let like: Picture | undefined;
  const read = async (split: string): Promise<PictureSplit> => {
    const found = await picturesIn(split);
    const rows = new PictureRows(found.length, like);
    for (const { file } of found) rows.push(await decodePicture(await readSource(file)));
    like = rows.first;
    return {
      folder: split,
      files: found.map(({ file }) => file),
      labels: found.map(({ className }) => className),
      features: rows.features,
    };
  };
  const splits = {
    train: await read(train),
    validation: validation === undefined ? undefined : await read(validation),
    test: test === undefined ? undefined : await read(test),
  };
  if (!like) throw new DataError(folder, 'holds no pictures');
  return picturesDataset(name, splits, like);
}

async function splitsOf(folder: string): Promise<Splits> {
  const [train, validation, test] = ['train', 'validation', 'test'].map((split) => join(folder, split));
  if (!(await isFolder(train))) return { train: folder };
  if (!(await isFolder(test))) throw new DataError(test, 'is missing');
  return { train, validation: (await isFolder(validation)) ? validation : undefined, test };
}

/** The pictures of a split, classes taking turns: the first so many of them are not of one class. */
async function picturesIn(split: string): Promise<Labelled[]> {
  const classes = await Promise.all(
    (await foldersIn(split)).map((className) => picturesOf(split, className)),
  );
  if (classes.length === 0) throw new DataError(split, 'holds no folders of classes');
  const longest = largest(classes.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => classes.flatMap((pictures) => pictures[i] ?? [])).flat();
}

async function picturesOf(split: string, className: string): Promise<Labelled[]> {
  const folder = join(split, className);
  const names = await visibleIn(folder);
  const other = names.find((name) => !PICTURE.test(name));
  if (other !== undefined) {
    const expected = 'expected .png, .jpg or .jpeg in a folder of a class, or a name that begins with a dot';
    throw new DataError(join(folder, other), `is no picture by its name, ${expected}`);
  }
  if (names.length === 0) throw new DataError(folder, 'holds no pictures, expected those of a class');
  return names.map((name) => ({ file: join(folder, name), className }));
}

async function foldersIn(parent: string): Promise<string[]> {
  const names = await visibleIn(parent);
  const areFolders = await Promise.all(names.map((name) => isFolder(join(parent, name))));
  return names.filter((_, i) => areFolders[i]);
}
