/** Matrices, shapes, random streams, errors, rows: what everything else is made of. */
export { BitMatrix } from './bit-matrix.js';
export { checkChoice } from './check.js';
export {
  ArgumentError,
  CheckpointError,
  DataError,
  EnvironmentError,
  InterruptedError,
  XnorlabError,
} from './errors.js';
export { Float32Matrix } from './float-matrix.js';
export type { IntMatrix } from './int-matrix.js';
export { Int16Matrix, Int32Matrix } from './int-matrix.js';
export type { NamedArrays } from './named-arrays.js';
export { RandomStream, type RandomStreams, randomStreams } from './random.js';
export type { Cell, Row } from './row.js';
export {
  type ImageShape,
  type SequenceShape,
  type Shape,
  shapeText,
  sizeOf,
  type VectorShape,
} from './shape.js';
export { sign } from './sign.js';
export { TernaryMatrix } from './ternary-matrix.js';
