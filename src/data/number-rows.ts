import { FeatureMatrix } from './dataset.js';
import { valuesOf } from './npy-array.js';

/** Numbers of a .npy file as they come in: uint8 as they are, all others as float32. */
export class NumberRows {
  readonly features: FeatureMatrix;
  #next = 0;

  /** @param type - of the elements, as the header says it */
  constructor(
    rows: number,
    columns: number,
    private readonly type: string,
  ) {
    const values = new (type === 'u1' ? Uint8Array : Float32Array)(rows * columns);
    this.features = new FeatureMatrix(rows, columns, values);
  }

  /** The memory of the result where the bytes of the file are what it will hold, to be read into without a copy. */
  get room(): Uint8Array | undefined {
    const { values } = this.features;
    if (this.type !== 'u1' && this.type !== 'f4') return undefined;
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }

  /** Takes in the next bytes, of whole elements. */
  push(bytes: Uint8Array): void {
    const { values } = this.features;
    const elements = valuesOf(this.type, bytes);
    let next = this.#next;
    for (let i = 0; i < elements.length; i++) values[next++] = Number(elements[i]);
    this.#next = next;
  }
}
