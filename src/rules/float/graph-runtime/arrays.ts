import type { Value } from './decode-model.js';

type Entries = Value['data'];

/**
 * The arrays that results are written to. Those of results that nobody reads any more are given again, the last ones first: values of a
 * graph are of few sizes, so that few arrays do for many, and stay in the processor's cache.
 */
export class Arrays {
  /** By class and length. */
  readonly #free = new Map<string, Entries[]>();
  /** What was asked for since the last `forgetOthers`. */
  readonly #sizes = new Set<string>();
  #taken: Entries[] = [];

  floats(length: number): Float32Array {
    return this.#take(Float32Array, length);
  }

  integers(length: number): Int32Array {
    return this.#take(Int32Array, length);
  }

  truths(length: number): Uint8Array {
    return this.#take(Uint8Array, length);
  }

  /** Ends an operation: what it took is free again, but for its result. */
  keepOnly(result: Entries): void {
    for (const array of this.#taken) if (array !== result) this.free(array);
    this.#taken = [];
  }

  /** Lets an array be given again. */
  free(array: Entries): void {
    const key = keyOf(array.constructor.name, array.length);
    const others = this.#free.get(key);
    if (others) others.push(array);
    else this.#free.set(key, [array]);
  }

  /** Drops free arrays of sizes that were not asked for since the last call: of batches of another size. */
  forgetOthers(): void {
    for (const key of this.#free.keys()) if (!this.#sizes.has(key)) this.#free.delete(key);
    this.#sizes.clear();
  }

  #take<Array extends Entries>(make: new (length: number) => Array, length: number): Array {
    const key = keyOf(make.name, length);
    this.#sizes.add(key);
    const array = (this.#free.get(key)?.pop() as Array | undefined) ?? new make(length);
    this.#taken.push(array);
    return array;
  }
}

function keyOf(name: string, length: number): string {
  return `${name} ${length}`;
}
