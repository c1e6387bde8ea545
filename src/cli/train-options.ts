import { isDeepStrictEqual } from 'node:util';
import { ArgumentError } from '../core/errors.js';
import { valueAt } from '../core/parse.js';
import { ConfigFile } from '../node/config-file.js';
import { datasetByName, parseTrainConfig, type TrainOptions } from '../training/config.js';

/** Text of the flags of `xnorlab train`, as they were typed. */
export type TrainFlags = Readonly<Record<string, string | boolean | undefined>>;

/** Where a flag's value goes in the configuration, and how its text is read. */
interface FlagTarget {
  readonly path: readonly string[];
  readonly read: (text: string) => unknown;
}

/** What the text says if it says that, else the text itself: the schema then names it in its error. */
const asNumber = (text: string): unknown =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
const asText = (text: string): unknown => text;
const asNumbers = (text: string): unknown => text.split(',').map(asNumber);
const asNumberOrNumbers = (text: string): unknown => (text.includes(',') ? asNumbers(text) : asNumber(text));

/** Widths, or a committee's `K1-K2`, which its schema reads. */
const asLayers = (text: string): unknown => (/^\d+-\d+$/.test(text) ? text : asNumbers(text));

const rule = (key: string, read = asNumber): FlagTarget => ({ path: ['rule', key], read });
const prototypes = (key: string): FlagTarget => ({ path: ['dataset', 'prototypes', key], read: asNumber });

/** Flag names are in camel case, as commander gives them. */
const TARGETS: Readonly<Record<string, FlagTarget>> = {
  dataset: { path: ['dataset', 'name'], read: asText },
  limitTrain: { path: ['dataset', 'limitTrain'], read: asNumber },
  flipProbability: prototypes('flipProbability'),
  datasetSeed: prototypes('seed'),
  binarizer: { path: ['binarizer'], read: readBinarizer },
  rule: rule('name', asText),
  layers: rule('layers', asLayers),
  groupSize: rule('groupSize', asNumberOrNumbers),
  robustness: rule('robustness'),
  reinforcement: rule('reinforcement'),
  hiddenBits: rule('hiddenBits'),
  initialDepth: rule('initialDepth'),
  flipThreshold: rule('flipThreshold'),
  classifier: rule('classifier', asText),
  output: rule('output', asText),
  readOut: rule('readOut', asText),
  majorityAfterEpochs: rule('majorityAfterEpochs'),
  epochsPerLayer: { path: ['rule', 'greedy', 'epochsPerLayer'], read: asNumber },
  inputFlipProbability: rule('inputFlipProbability'),
  gate: rule('gate'),
  patience: { path: ['rule', 'groupSchedule', 'patience'], read: asNumber },
  secondaryThreshold: { path: ['rule', 'secondary', 'threshold'], read: asNumber },
  secondaryProbability: { path: ['rule', 'secondary', 'probability'], read: asNumber },
  epochsPerStage: rule('epochsPerStage'),
  learningRate: rule('learningRate'),
  momentum: rule('momentum'),
  inputs: rule('inputs', asText),
  tasks: { path: ['tasks', 'count'], read: asNumber },
  epochs: { path: ['epochs'], read: asNumber },
  batchSize: { path: ['batchSize'], read: asNumber },
  modelSelection: { path: ['modelSelection'], read: asText },
  seed: { path: ['seed'], read: asNumber },
  backend: { path: ['backend'], read: asText },
};

/** Flags without a value: where they go, and what they say when they are given. */
const SWITCHES: Readonly<Record<string, { readonly path: readonly string[]; readonly value: boolean }>> = {
  trainClassifier: { path: ['rule', 'trainClassifier'], value: true },
  freezeFirstLayer: { path: ['rule', 'freezeFirstLayer'], value: true },
  batchNorm: { path: ['rule', 'batchNorm'], value: false },
  scaleProducts: { path: ['rule', 'scaleProducts'], value: true },
};

/**
 * The configuration that a file and flags say; flags win.
 * @throws ArgumentError when the file cannot be read or is not a YAML or JSON mapping, or for a configuration that is
 *   wrong: with line and column, if it is the file that says so
 */
export function trainOptions(flags: TrainFlags): TrainOptions {
  const file = typeof flags.config === 'string' ? ConfigFile.read(flags.config) : undefined;
  const options = datasetByName(structuredClone(file?.content ?? {}));
  for (const [flag, value] of Object.entries(flags)) {
    const isSwitched = flag in SWITCHES && value === SWITCHES[flag].value;
    if (isSwitched) assign(options, SWITCHES[flag].path, value);
    else if (flag in TARGETS && typeof value === 'string') {
      assign(options, TARGETS[flag].path, TARGETS[flag].read(value));
    }
  }
  const written = options as unknown as TrainOptions;
  try {
    parseTrainConfig(written);
    return written;
  } catch (error) {
    if (!file || !(error instanceof ArgumentError)) throw error;
    const isOfFile = isDeepStrictEqual(
      valueAt(options, error.path),
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
