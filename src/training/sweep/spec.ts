import { z } from 'zod';
import { parse } from '../../core/parse.js';
import type { DeepReadonly, TrainOptions } from '../config.js';
import { isTrainField } from './train-fields.js';

/** A field of a training run by its path: `rule.layers`, `dataset.limitTrain`, `seed`. */
export const fieldPath = z.string().refine(isTrainField, {
  error: 'Invalid input: expected a field of a training run, such as rule.name or seed',
});

/** Any part of the options of a run: what `base` and cases say. Checked when it is complete. */
export type TrainPart = DeepPartial<TrainOptions>;

type DeepPartial<T> = T extends string | readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

export const trainPart = z.record(z.string(), z.unknown()) as unknown as z.ZodType<TrainPart, TrainPart>;

/** Values that depend on another field. */
const divisorsConfig = z.strictObject({
  divisorsOf: fieldPath.describe(
    'A field set by base or an earlier axis: an integer, or integers to divide all of.',
  ),
  min: z.int().min(1).default(1).describe('The least divisor that counts.'),
  max: z.int().min(1).optional().describe('The largest divisor that counts. Default: no limit.'),
});

/** Divisors of what another field says. */
export type Divisors = z.output<typeof divisorsConfig>;

const list = z.array(z.unknown()).min(1);

const values = z.union([list, divisorsConfig], 'a list of values, or { divisorsOf: field }');

const range = z
  .strictObject({
    min: z.number().describe('The least value.'),
    max: z.number().describe('The largest value.'),
    scale: z
      .enum(['linear', 'log'])
      .default('linear')
      .describe('Whether the value or its logarithm is uniform.'),
    integer: z.boolean().default(false).describe('Integers in [min, max], both included.'),
  })
  .refine(({ min, max }) => min <= max, { error: 'Invalid input: expected min of at most max' })
  .refine(({ min, scale }) => scale === 'linear' || min > 0, {
    error: 'Invalid input: expected min above 0 on a log scale',
  })
  .refine(({ min, max, integer }) => !integer || (Number.isInteger(min) && Number.isInteger(max)), {
    error: 'Invalid input: expected integers for min and max',
  });

/** An interval to draw from. */
export type RandomRange = z.output<typeof range>;

/** A list of values, or what they follow from. */
export type FieldValues = z.output<typeof values>;

/** What the values of a field are drawn from. */
export type RandomValues = RandomRange | FieldValues;

/** More runs than anybody trains: a slip of the pen. */
export const MAX_RUNS = 100_000;

const randomAxis = z.strictObject({
  samples: z
    .int()
    .min(1)
    .max(MAX_RUNS)
    .describe('How many points are drawn, each with a value for every field.'),
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe('Determines the draws; has nothing to do with the seeds of the runs.'),
  fields: z
    .record(
      fieldPath,
      z.union([list, range, divisorsConfig], 'a list, { min, max }, or { divisorsOf: field }'),
    )
    .describe('Fields and what to draw them from.'),
});

/** Points drawn at random. */
export type RandomAxis = z.output<typeof randomAxis>;

const AXIS_KINDS = ['grid', 'paired', 'cases', 'random', 'seeds'] as const;

const axis = z
  .strictObject({
    grid: z.record(fieldPath, values).optional().describe('Fields and their values: every combination.'),
    paired: z
      .record(fieldPath, list)
      .refine((fields) => new Set(Object.values(fields).map(({ length }) => length)).size <= 1, {
        error: 'Invalid input: expected lists of the same length',
      })
      .optional()
      .describe('Fields that move together: the first values, then the second ones, ….'),
    cases: z
      .array(trainPart)
      .min(1)
      .optional()
      .describe('Parts of a configuration, laid over it; another rule replaces the whole rule.'),
    random: randomAxis.optional().describe('Points drawn at random.'),
    seeds: z
      .union(
        [z.int().min(1).max(MAX_RUNS), z.array(z.int().min(0)).min(1)],
        `how many seeds (1, 2, …, at most ${MAX_RUNS}), or a list of seeds`,
      )
      .optional()
      .describe('Seeds of the runs: how many, from 1 on, or a list.'),
    when: z
      .record(fieldPath, z.unknown())
      .optional()
      .describe('The axis concerns only configurations with these values; a list means any of them.'),
  })
  .refine((given) => AXIS_KINDS.filter((kind) => given[kind] !== undefined).length === 1, {
    error: `Invalid input: expected exactly one of ${AXIS_KINDS.join(', ')}`,
  });

/** One axis of a sweep. */
export type Axis = z.output<typeof axis>;

const successiveHalving = z.strictObject({
  kind: z.literal('successive-halving').describe('Train many briefly, and the better ones longer.'),
  eta: z
    .int()
    .min(2)
    .default(3)
    .describe('η: one in so many candidates goes on, with so many times the epochs.'),
  minEpochs: z.int().min(1).default(1).describe('Epochs of the first rung.'),
});

/** Settings of successive halving. */
export type SuccessiveHalving = z.output<typeof successiveHalving>;

const ruleFiles = z.union([z.string().min(1), z.array(z.string().min(1))], 'a file, or a list of files');

/** A sweep: the runs that follow from a base configuration and axes. */
export const sweepConfig = z.strictObject({
  name: z.string().min(1).optional().describe('What its runs are marked with in the store.'),
  rules: ruleFiles
    .optional()
    .describe('Files that register rules of your own, beside this one. Default: none.'),
  base: trainPart.optional().describe('What all runs have in common.'),
  axes: z
    .array(axis)
    .default([])
    .describe('Each multiplies the runs so far; later ones vary fastest and win over earlier ones.'),
  search: z
    .discriminatedUnion('kind', [successiveHalving])
    .optional()
    .describe('Spend epochs on what does well on validation data only. Default: train every run to its end.'),
});

/** A sweep as written. */
export type SweepSpec = DeepReadonly<z.input<typeof sweepConfig>>;

/**
 * Files of rules that a sweep names: to be loaded first, as fields may be of their rules.
 * @param spec - not checked otherwise
 * @throws ArgumentError for what names no files
 */
export function rulesNamed(spec: unknown): string[] {
  const { rules = [] } = parse(z.looseObject({ rules: ruleFiles.optional() }), spec);
  return [rules].flat();
}
