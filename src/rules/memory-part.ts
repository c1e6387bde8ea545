/** Memory that something takes in training, known from sizes alone, and the option that decides on it. */
export interface MemoryPart {
  /** Where the option stands in the configuration of a run: `['rule', 'layers', 1]`. */
  readonly path: readonly PropertyKey[];
  /** In words: `weights [255, 784]`. */
  readonly what: string;
  /** All of it. */
  readonly bytes: number;
  /** The largest matrix of it. */
  readonly matrixBytes: number;
}
