import { BitMatrix } from '../../core/bit-matrix.js';
import { FeatureMatrix } from '../../data/dataset.js';
import { SignRows, StandardizedRows } from '../../data/standardize.js';
import { transformerOf } from '../../data/transformation.js';
import type { Inputs, LabelledInputs } from '../../rules/rule.js';
import type { PreparedData } from '../../training/prepared-data.js';
import type { TaskData } from '../../training/task-data.js';

/** A BitMatrix or a FeatureMatrix as threads can hand it to each other. */
type SharedMatrix =
  | { readonly kind: 'bits'; readonly rows: number; readonly columns: number; readonly words: Uint32Array }
  | {
      readonly kind: 'features';
      readonly rows: number;
      readonly columns: number;
      readonly values: Uint8Array | Float32Array;
    };

interface SharedSamples {
  /** What the rule is shown, if that is packed ±1; else the features that its rows are made from on demand. */
  readonly source: SharedMatrix;
  readonly labels: Int32Array;
}

interface SharedTask extends Omit<TaskData, 'train' | 'validation' | 'test'> {
  readonly train: SharedSamples;
  readonly validation?: SharedSamples;
  readonly test: SharedSamples;
}

/** Prepared data as a plain object whose large arrays lie in shared memory: another thread gets no copy of them. */
export interface SharedData extends Omit<PreparedData, 'task' | 'further'> {
  readonly task: SharedTask;
  readonly further?: readonly SharedTask[];
  /** Shared memory that it takes. */
  readonly sizeBytes: number;
}

/** Copies prepared data into shared memory. */
export function shareData({ task, further, ...about }: PreparedData): SharedData {
  const memory = new SharedMemory();
  const shared = {
    task: shareTask(task, memory),
    ...(further && { further: further.map((one) => shareTask(one, memory)) }),
  };
  return { ...about, ...shared, sizeBytes: memory.sizeBytes };
}

function shareTask({ train, validation, test, ...form }: TaskData, memory: SharedMemory): SharedTask {
  const share = ({ inputs, labels }: LabelledInputs): SharedSamples => ({
    source: memory.copyMatrix(sourceOf(inputs)),
    labels: memory.copy(Int32Array, labels),
  });
  return {
    ...form,
    train: share(train),
    ...(validation && { validation: share(validation) }),
    test: share(test),
  };
}

/** The prepared data that was shared, on the same memory. */
export function attachData({ task, further, sizeBytes: _, ...about }: SharedData): PreparedData {
  return { ...about, task: attachTask(task), ...(further && { further: further.map(attachTask) }) };
}

function attachTask({ train, validation, test, ...form }: SharedTask): TaskData {
  // What was left out is not there any more.
  const transform = transformerOf({ ...form.transformation, leftOut: undefined });
  const attach = ({ source, labels }: SharedSamples): LabelledInputs => {
    const matrix = matrixOn(source);
    const isShown = form.inputForm === 'binarized' && matrix instanceof BitMatrix;
    return { inputs: isShown ? matrix : transform(matrix), labels };
  };
  return {
    ...form,
    train: attach(train),
    ...(validation && { validation: attach(validation) }),
    test: attach(test),
  };
}

/** What inputs are stored as. */
function sourceOf(inputs: Inputs): BitMatrix | FeatureMatrix {
  if (inputs instanceof BitMatrix) return inputs;
  if (inputs instanceof SignRows) return inputs.bits;
  if (inputs instanceof StandardizedRows) return inputs.features;
  throw new TypeError(`inputs of the class ${inputs.constructor.name} cannot be shared`);
}

function matrixOn(shared: SharedMatrix): BitMatrix | FeatureMatrix {
  const { rows, columns } = shared;
  return shared.kind === 'bits'
    ? new BitMatrix(rows, columns, shared.words)
    : new FeatureMatrix(rows, columns, shared.values);
}

/** Makes copies in shared memory and adds up their size. */
class SharedMemory {
  sizeBytes = 0;

  copyMatrix(matrix: BitMatrix | FeatureMatrix): SharedMatrix {
    const { rows, columns } = matrix;
    if (matrix instanceof BitMatrix) {
      return { kind: 'bits', rows, columns, words: this.copy(Uint32Array, matrix.words) };
    }
    const { values } = matrix;
    const copy =
      values instanceof Uint8Array ? this.copy(Uint8Array, values) : this.copy(Float32Array, values);
    return { kind: 'features', rows, columns, values: copy };
  }

  /** @param ViewClass - named, as bytes that were read from a file are of a subclass */
  copy<View extends Uint8Array | Uint32Array | Int32Array | Float32Array>(
    ViewClass: new (buffer: SharedArrayBuffer) => View,
    source: View,
  ): View {
    const copy = new ViewClass(new SharedArrayBuffer(source.byteLength));
    copy.set(source);
    this.sizeBytes += source.byteLength;
    return copy;
  }
}
