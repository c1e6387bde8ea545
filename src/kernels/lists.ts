import { checkInteger } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';

/** Largest length of a list: that of a 32-bit integer. */
const MOST_CAPACITY = 2 ** 31 - 1;

/** @throws ArgumentError for what is no capacity of a list */
export function checkCapacity(capacity: number): void {
  checkInteger('capacity', capacity, 0, MOST_CAPACITY);
}

/** A growing list of sample indices within a batch, in memory that is allocated once. */
export class SampleList {
  /** Number of samples listed; the first `count` entries of `indices` are meaningful. */
  count = 0;

  /** @param indices - storage, one entry for each sample that the list can hold; not copied */
  constructor(readonly indices: Uint32Array) {}

  /** A list that holds up to `capacity` samples. */
  static withCapacity(capacity: number): SampleList {
    checkCapacity(capacity);
    return new SampleList(new Uint32Array(capacity));
  }

  get capacity(): number {
    return this.indices.length;
  }

  /** The listed samples, as a view. */
  listed(): Uint32Array {
    return this.indices.subarray(0, this.count);
  }
}

/** One ±2 step of a neuron's hidden weights: away from or towards a sample's inputs. */
export interface Step {
  /** Index of the sample within the batch. */
  readonly sample: number;
  /** Index of the neuron within the layer. */
  readonly neuron: number;
  /** +1 towards the sample's inputs, −1 away from them. */
  readonly direction: 1 | -1;
}

/** A growing list of steps, one array for each field, in memory that is allocated once. */
export class StepList {
  /** Number of steps listed; the first `count` entries of each array are meaningful. */
  count = 0;

  /** Arrays of equal length, not copied. @throws ArgumentError when the lengths differ */
  constructor(
    readonly samples: Uint32Array,
    readonly neurons: Uint32Array,
    readonly directions: Int8Array,
  ) {
    if (samples.length !== neurons.length || samples.length !== directions.length) {
      const lengths = [samples.length, neurons.length, directions.length];
      throw new ArgumentError('samples, neurons, directions', 'arrays of equal length', lengths);
    }
  }

  /** A list that holds up to `capacity` steps. */
  static withCapacity(capacity: number): StepList {
    checkCapacity(capacity);
    return new StepList(new Uint32Array(capacity), new Uint32Array(capacity), new Int8Array(capacity));
  }

  get capacity(): number {
    return this.samples.length;
  }

  /** Appends a step; the caller has made sure that there is room. */
  push(sample: number, neuron: number, direction: 1 | -1): void {
    this.samples[this.count] = sample;
    this.neurons[this.count] = neuron;
    this.directions[this.count] = direction;
    this.count++;
  }

  /** The listed steps as objects, for tests and for looking at them. */
  toArray(): Step[] {
    return Array.from({ length: this.count }, (_, i) => ({
      sample: this.samples[i],
      neuron: this.neurons[i],
      direction: this.directions[i] as 1 | -1,
    }));
  }
}
