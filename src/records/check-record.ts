import { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import { parse } from '../core/parse.js';
import { type EpochRecord, RECORD_VERSION, type RunRecord } from './record.js';

const MAX_CLASSES = 1_000_000;
const MAX_LAYERS = 10_000;
const MAX_TASKS = 10_000;

const percent = z.number().min(0).max(100);
const count = z.int().min(0);
const ms = z.number().min(0);
const amount = z.number().min(0);

/** Short texts: names and what is said of a machine. */
function text(maxLength: number): z.ZodString {
  return z.string().max(maxLength);
}

const layerSchema = z.strictObject({
  triggerPercent: percent,
  flips: count,
  boundPercent: percent,
  // Of 16 bits and a few more.
  depthHistogram: z.array(count).max(64),
});

const epochSchema = z.strictObject({
  epoch: z.int().min(1),
  trainAccuracy: percent,
  validationAccuracy: percent.optional(),
  testAccuracy: percent,
  loss: z.number().optional(),
  flips: count.optional(),
  layers: z.array(layerSchema).max(MAX_LAYERS).optional(),
  tasks: z
    .array(
      z.strictObject({
        task: z.int().min(1),
        validationAccuracy: percent.optional(),
        testAccuracy: percent,
      }),
    )
    .max(MAX_TASKS)
    .optional(),
  trainMs: ms,
  elapsedMs: ms,
});

/** Shapes are as deep as sequences of sequences, and no deeper than anybody makes them. */
function shapeSchema(depth: number): z.ZodType {
  const size = z.int().min(1);
  return z.union([
    z.strictObject({ kind: z.literal('vector'), size, signs: count.optional() }),
    z.strictObject({
      kind: z.literal('image'),
      channels: size,
      height: size,
      width: size,
      interleaved: size.optional(),
    }),
    ...(depth === 0
      ? []
      : [z.strictObject({ kind: z.literal('sequence'), steps: size, of: shapeSchema(depth - 1) })]),
  ]);
}

const MAX_SHAPE_DEPTH = 8;

const recordSchema = z.strictObject({
  recordVersion: z.literal(RECORD_VERSION),
  config: z.looseObject({
    rule: z.looseObject({ name: text(200) }),
    dataset: z.looseObject({ name: text(4096) }),
    epochs: z.int().min(1),
    seed: z.number(),
    // The only one of which the key of a run says nothing.
    backend: text(200).optional(),
  }),
  rule: z.strictObject({ name: text(200), version: z.int().min(1), sha256: text(64).optional() }),
  architecture: text(100_000).optional(),
  seed: z.number(),
  dataset: z.strictObject({
    name: text(4096),
    sha256: text(64),
    classes: z.int().min(1).max(MAX_CLASSES),
    features: count,
    inputs: count,
    shape: shapeSchema(MAX_SHAPE_DEPTH).optional(),
    inputShape: shapeSchema(MAX_SHAPE_DEPTH).optional(),
    protocol: text(1000).optional(),
    trainSamples: count,
    validationSamples: count,
    testSamples: count,
  }),
  backend: z.strictObject({ name: text(200), description: text(2000) }),
  software: z.strictObject({ xnorlab: text(200), commit: text(200), node: text(200) }),
  startedAt: z.iso.datetime(),
  epochs: z.array(epochSchema).min(1),
  selectedEpoch: z.int().min(1),
  trainAccuracy: percent,
  validationAccuracy: percent.optional(),
  testAccuracy: percent,
  totals: z.strictObject({
    parameters: count,
    memoryBits: amount,
    modelBits: amount,
    activationBits: amount,
    dataBits: amount,
    booleanGates: amount,
    trainMs: ms,
    elapsedMs: ms,
  }),
});

/** What a record may take besides its epochs, and for each of them, as JSON. A network of a hundred layers takes a fifth of it. */
const RECORD_CHARACTERS = 1_000_000;
const EPOCH_CHARACTERS = 65_536;

/**
 * Checks a record that came from elsewhere: that it is one, and only that; sizes and ranges; and that it agrees with itself: epochs
 * follow each other, accuracies are those of the selected epoch, sums are what they are sums of.
 * @param argument - what it is called in messages
 * @returns the same object
 * @throws ArgumentError for the first thing that is wrong
 */
export function checkRecord(value: unknown, argument = 'record'): RunRecord {
  parse(recordSchema, value, argument);
  const record = value as RunRecord & { config: { epochs: number; seed: number; rule: { name: string } } };
  const { config, epochs, totals } = record;
  const equal = (name: string, received: unknown, expected: unknown, what: string): void => {
    if (!isNear(received, expected)) {
      throw new ArgumentError(`${argument}.${name}`, `${String(expected)}, ${what}`, received);
    }
  };
  equal('epochs.length', epochs.length, config.epochs, 'as its configuration says');
  const characters = JSON.stringify(record).length;
  const most = RECORD_CHARACTERS + EPOCH_CHARACTERS * epochs.length;
  if (characters > most) throw new ArgumentError(argument, `at most ${most} characters of JSON`, characters);
  equal('seed', record.seed, config.seed, 'as its configuration says');
  equal('rule.name', record.rule.name, config.rule.name, 'as its configuration says');
  epochs.forEach((epoch, i) => {
    equal(`epochs.${i}.epoch`, epoch.epoch, i + 1, 'as epochs follow each other');
    const { layers } = epoch;
    if (layers) equal(`epochs.${i}.flips`, epoch.flips, sumOf(layers, 'flips'), 'the sum over its layers');
  });
  if (record.selectedEpoch > epochs.length) {
    throw new ArgumentError(`${argument}.selectedEpoch`, `at most ${epochs.length}`, record.selectedEpoch);
  }
  const selected = epochs[record.selectedEpoch - 1];
  const measured = overTasks(selected);
  equal('trainAccuracy', record.trainAccuracy, selected.trainAccuracy, 'that of the selected epoch');
  for (const name of ['validationAccuracy', 'testAccuracy'] as const) {
    equal(name, record[name], measured[name], 'that of the selected epoch');
  }
  const { memoryBits, modelBits, activationBits, dataBits } = totals;
  equal('totals.memoryBits', memoryBits, modelBits + activationBits + dataBits, 'the sum of its parts');
  equal('totals.trainMs', totals.trainMs, sumOf(epochs, 'trainMs'), 'the sum over epochs');
  return record;
}

/** Over all tasks of an epoch, if there are any. */
function overTasks(epoch: EpochRecord): Pick<EpochRecord, 'validationAccuracy' | 'testAccuracy'> {
  const { tasks } = epoch;
  if (!tasks || tasks.length === 0) return epoch;
  const validation = tasks.flatMap(({ validationAccuracy }) => validationAccuracy ?? []);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...(validation.length > 0 && { validationAccuracy: mean(validation) }),
    testAccuracy: mean(tasks.map(({ testAccuracy }) => testAccuracy)),
  };
}

function sumOf<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((sum, item) => sum + item[key], 0);
}

/** Sums may be added up in another order. */
function isNear(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
