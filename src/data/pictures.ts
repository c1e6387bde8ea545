import { DataError } from '../core/errors.js';
import type { ImageShape } from '../core/shape.js';
import { classesOfTexts, type LabelTexts, numberTexts } from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { checkFeatureSize } from './feature-size.js';
import { holdFifthOut } from './one-file.js';

/** A picture as it was decoded. */
export interface Picture {
  readonly file: string;
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** Row after row, the channels of a pixel side by side. */
  readonly pixels: Uint8Array;
}

/** Pictures of one split, with the class of each. */
export interface PictureSplit {
  /** The folder to name where no single picture is to blame. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Names of classes, one for each file. */
  readonly labels: readonly string[];
  readonly features: FeatureMatrix;
}

/** Puts pictures of one size together: as planes, the red one first. */
export class PictureRows {
  #first: Picture | undefined;
  #values = new Uint8Array(0);
  #rows = 0;

  /** @param count - of pictures that will be pushed @param like - a picture that they have to be like */
  constructor(
    private readonly count: number,
    like?: Picture,
  ) {
    this.#first = like;
  }

  /** @throws DataError for a picture of another size than the first, or a coloured one among grey ones */
  push(picture: Picture): void {
    this.#first ??= picture;
    checkSameForm(picture, this.#first);
    const { channels, height, width, pixels } = picture;
    const size = channels * height * width;
    if (this.#rows === 0) {
      checkFeatureSize(this.count, size, 1, picture.file);
      this.#values = new Uint8Array(this.count * size);
    }
    const start = this.#rows * size;
    for (let channel = 0; channel < channels; channel++) {
      const plane = start + channel * height * width;
      for (let pixel = 0; pixel < height * width; pixel++) {
        this.#values[plane + pixel] = pixels[pixel * channels + channel];
      }
    }
    this.#rows++;
  }

  /** Like which the next have to be; undefined before the first. */
  get first(): Picture | undefined {
    return this.#first;
  }

  /** All that were pushed; at least one. */
  get features(): FeatureMatrix {
    return new FeatureMatrix(this.#rows, this.#values.length / this.count, this.#values);
  }
}

function checkSameForm(picture: Picture, first: Picture): void {
  const [found, expected] = [picture, first].map(
    ({ channels, height, width }) => `${channels === 1 ? 'grey' : 'coloured'}, ${height}×${width}`,
  );
  if (found === expected) return;
  throw new DataError(
    picture.file,
    `is ${found}, but ${first.file} is ${expected}; expected pictures of one size and kind`,
  );
}

/**
 * A data set of pictures in folders of their classes. The classes are those that occur in training, or in the only part, of which a fifth
 * is held out then.
 * @param like - one of the pictures
 * @throws DataError for names of classes that look alike, a class that does not occur in training, and everything that `createDataset` refuses
 */
export function picturesDataset(
  name: string,
  splits: {
    readonly train: PictureSplit;
    readonly validation?: PictureSplit | undefined;
    readonly test?: PictureSplit | undefined;
  },
  { channels, height, width }: Picture,
): Dataset {
  const { train, validation, test } = splits;
  const classes = classesOfTexts(labelsOf(train));
  const source = (split: PictureSplit): SplitSource => ({
    features: split.features,
    labels: numberTexts(labelsOf(split), classes),
    featuresFile: split.folder,
    labelsFile: split.folder,
  });
  const shape: ImageShape = { kind: 'image', channels, height, width };
  return createDataset({
    name,
    classes,
    shape,
    ...(test ? { train: source(train), test: source(test) } : holdFifthOut(source(train))),
    validation: validation && source(validation),
    files: [train, validation, test].flatMap((split) => split?.files ?? []),
  });
}

function labelsOf({ folder, files, labels }: PictureSplit): LabelTexts {
  return { file: folder, texts: labels, placeOf: (i) => files[i].slice(folder.length + 1) };
}
