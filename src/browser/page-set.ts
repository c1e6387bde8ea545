import { gunzipSync, gzipSync, strFromU8, strToU8 } from 'fflate';
import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError, DataError } from '../core/errors.js';
import type { DatasetRecord } from '../records/record.js';
import { configuredRule } from '../rules/registry.js';
import type { LabelledInputs } from '../rules/rule.js';
import type { TrainConfig } from '../training/config.js';
import { type PreparedData, preparedDataKey } from '../training/prepared-data.js';
import type { TaskData } from '../training/task-data.js';

/**
 * A data set as a page brings it along: prepared bits, with all that is said of the data that they were made of. So a run on them gives the
 * record of a run on that data. As bytes, packed by gzip: the length of a header, the header as JSON, the words and labels of each split.
 */
export interface PageSet extends Omit<PreparedData, 'key'> {
  readonly binarizer: NonNullable<PreparedData['binarizer']>;
}

const SPLITS = ['train', 'validation', 'test'] as const;

interface Header {
  readonly description: DatasetRecord;
  readonly classes: readonly string[];
  readonly binarizer: PageSet['binarizer'];
  readonly input: TaskData['input'];
  readonly transformation: object;
  readonly thresholds?: readonly number[];
  readonly splits: readonly { readonly name: (typeof SPLITS)[number]; readonly rows: number }[];
}

/** @throws TypeError for data that is no bits */
export function encodePageSet({ description, classes, binarizer, task }: PageSet): Uint8Array {
  const { transformation, input } = task;
  if (transformation.inputForm !== 'binarized') throw new TypeError('a page is given bits');
  const { thresholds, ...fitted } = transformation;
  const splits = SPLITS.flatMap((name) => {
    const split = task[name];
    return split ? [{ name, split }] : [];
  });
  const header: Header = {
    description,
    classes,
    binarizer,
    input,
    transformation: fitted,
    ...(thresholds && { thresholds: Array.from(thresholds) }),
    splits: splits.map(({ name, split }) => ({ name, rows: split.labels.length })),
  };
  const text = strToU8(JSON.stringify(header));
  const parts = [Uint32Array.of(text.length), text, new Uint8Array(-text.length & 3)];
  const arrays = splits.flatMap(({ split }) => [(split.inputs as BitMatrix).words, split.labels]);
  return gzipSync(joined([...parts, ...arrays]), { level: 9, mtime: 0 });
}

/** @throws DataError for bytes that `encodePageSet` did not give */
export function decodePageSet(name: string, packed: Uint8Array): PageSet {
  try {
    const { buffer } = gunzipSync(packed).slice();
    const [length] = new Uint32Array(buffer, 0, 1);
    const header = JSON.parse(strFromU8(new Uint8Array(buffer, 4, length))) as Header;
    const { columns, rowWords } = new BitMatrix(0, header.description.inputs);
    let at = 4 + length + (-length & 3);
    const split = (rows: number): LabelledInputs => {
      const words = new Uint32Array(buffer, at, rows * rowWords);
      const labels = new Int32Array(buffer, at + words.byteLength, rows);
      at += words.byteLength + labels.byteLength;
      return { inputs: new BitMatrix(rows, columns, words), labels };
    };
    const splits = header.splits.map(({ name, rows }) => [name, split(rows)] as const);
    return {
      description: header.description,
      classes: header.classes,
      binarizer: header.binarizer,
      task: {
        ...(Object.fromEntries(splits) as Pick<TaskData, 'train' | 'validation' | 'test'>),
        input: header.input,
        inputForm: 'binarized',
        transformation: {
          ...header.transformation,
          inputForm: 'binarized',
          ...(header.thresholds && { thresholds: Float64Array.from(header.thresholds) }),
        } as TaskData['transformation'],
      },
    };
  } catch (cause) {
    throw new DataError(name, 'is damaged: it is not what this page was built with', { cause });
  }
}

/**
 * The set for a configuration.
 * @throws ArgumentError for one that wants the data in another form
 */
export function preparedFor(set: PageSet, config: TrainConfig): PreparedData {
  const { name, ...others } = config.dataset;
  if (name !== set.description.name) throw new ArgumentError('dataset', set.description.name, name);
  const further = Object.keys(others).find((option) => others[option as keyof typeof others] !== undefined);
  if (further !== undefined) {
    const expected = 'none in a page, whose digits are packed already';
    throw new ArgumentError(`dataset.${further}`, expected, others[further as keyof typeof others]);
  }
  const { binarizer = set.binarizer } = config;
  if (JSON.stringify(binarizer) !== JSON.stringify(set.binarizer)) {
    const expected = `${JSON.stringify(set.binarizer)}, as which its bits are packed`;
    throw new ArgumentError('binarizer', expected, binarizer);
  }
  if (configuredRule(config.rule).inputForm !== 'binarized') {
    throw new ArgumentError('rule.name', 'a rule on bits', config.rule.name);
  }
  return { ...set, key: preparedDataKey(config) };
}

function joined(parts: readonly (Uint8Array | Uint32Array | Int32Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}
