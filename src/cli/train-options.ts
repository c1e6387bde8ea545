import { isDeepStrictEqual } from 'node:util';
import { ArgumentError } from '../core/errors.js';
import { valueAt } from '../core/parse.js';
import { ConfigFile } from '../node/config-file.js';
import type { BackendOption } from '../node/train.js';
import { datasetByName, parseTrainConfig, type TrainOptions } from '../training/config.js';
import { asNumber, readFlag, ruleFlags } from './rule-flags.js';

/** Text of the flags of `xnorlab train`, as they were typed. */
export type TrainFlags = Readonly<Record<string, string | boolean | undefined>>;

/** Where a flag's value goes in the configuration, and how its text is read. */
interface FlagTarget {
  readonly path: readonly string[];
  readonly read: (text: string) => unknown;
}

const asText = (text: string): unknown => text;
const prototypes = (key: string): FlagTarget => ({ path: ['dataset', 'prototypes', key], read: asNumber });

/** Flag names are in camel case, as commander gives them. */
const TARGETS: Readonly<Record<string, FlagTarget>> = {
  dataset: { path: ['dataset', 'name'], read: asText },
  limitTrain: { path: ['dataset', 'limitTrain'], read: asNumber },
  steps: { path: ['dataset', 'steps'], read: asNumber },
  window: { path: ['dataset', 'window'], read: asNumber },
  flipProbability: prototypes('flipProbability'),
  datasetSeed: prototypes('seed'),
  binarizer: { path: ['binarizer'], read: readBinarizer },
  rule: { path: ['rule', 'name'], read: asText },
  tasks: { path: ['tasks', 'count'], read: asNumber },
  epochs: { path: ['epochs'], read: asNumber },
  batchSize: { path: ['batchSize'], read: asNumber },
  modelSelection: { path: ['modelSelection'], read: asText },
  seed: { path: ['seed'], read: asNumber },
  backend: { path: ['backend'], read: asText },
};

/** Flags of `xnorlab train` that are no options of rules; what rules call the same is `--rule-…`. */
export const RUN_FLAGS: ReadonlySet<string> = new Set([
  ...Object.keys(TARGETS).map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
  ...['config', 'rules', 'data-dir', 'match-memory', 'threads', 'checkpoint', 'save', 'save-model', 'json'],
]);

/**
 * The configuration that a file and flags say; flags win.
 * @throws ArgumentError when the file cannot be read or is not a YAML or JSON mapping, or for a configuration that is
 *   wrong: with line and column, if it is the file that says so
 */
export function trainOptions(flags: TrainFlags): TrainOptions & BackendOption {
  const file = typeof flags.config === 'string' ? ConfigFile.read(flags.config) : undefined;
  const options = datasetByName(structuredClone(file?.content ?? {}));
  for (const [flag, { path, read }] of Object.entries(TARGETS)) {
    const text = flags[flag];
    if (typeof text === 'string') assign(options, path, read(text));
  }
  const { backend, ...run } = options;
  for (const flag of ruleFlags(RUN_FLAGS)) {
    const given = flags[flag.key];
    const read = given === undefined ? undefined : readFlag(flag, valueAt(run, ['rule', 'name']), given);
    if (read) assign(run, ['rule', ...read.path], read.value);
  }
  try {
    // What it was checked to be; defaults are left to the run.
    parseTrainConfig(run);
    return { ...run, ...(backend !== undefined && { backend }) } as TrainOptions & BackendOption;
  } catch (error) {
    if (!file || !(error instanceof ArgumentError)) throw error;
    const isOfFile = isDeepStrictEqual(
      valueAt(run, error.path),
      valueAt(datasetByName(file.content), error.path),
    );
    throw isOfFile ? file.located(error) : error;
  }
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  assign(target[key] as Record<string, unknown>, rest, value);
}

/** `median:channel`, `thermometer:4:even`. Other text goes on to the schema, which names it. */
function readBinarizer(text: string): unknown {
  const [kind, first, second] = text.split(':');
  if (kind === 'median') return { kind, per: first };
  if (kind === 'thermometer') return { kind, levels: asNumber(first ?? ''), thresholds: second };
  return { kind };
}
