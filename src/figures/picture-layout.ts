import { channelColumns, type SequenceShape, type Shape, sizeOf } from '../core/shape.js';

/** How a sample of a shape is drawn. */
export interface PictureLayout {
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** The column of the sample that each pixel shows, row by row. */
  readonly columns: Uint32Array;
}

/**
 * Where a sample's columns stand in its picture: an image as it is, further channels below; the numbers of a vector in a row; the steps of a
 * sequence from left to right, each with its numbers from top to bottom, or its image.
 */
export function pictureLayout(shape: Shape): PictureLayout {
  switch (shape.kind) {
    case 'vector':
      return { height: 1, width: shape.size, columns: Uint32Array.from({ length: shape.size }, (_, i) => i) };
    case 'image':
      return {
        height: shape.channels * shape.height,
        width: shape.width,
        columns: Uint32Array.from(channelColumns(shape).flatMap((columns) => [...columns])),
      };
    case 'sequence':
      return stepsAside(shape);
  }
}

function stepsAside({ steps, of }: SequenceShape): PictureLayout {
  const row = pictureLayout(of);
  const step = of.kind === 'vector' ? { ...row, height: row.width, width: 1 } : row;
  const width = steps * step.width;
  const columns = new Uint32Array(step.height * width);
  for (let pixel = 0; pixel < columns.length; pixel++) {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    const inStep = y * step.width + (x % step.width);
    columns[pixel] = Math.floor(x / step.width) * sizeOf(of) + step.columns[inStep];
  }
  return { height: step.height, width, columns };
}
