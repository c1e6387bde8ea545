import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { ArgumentError } from '../bits/errors.js';
import type { TrainOptions } from '../experiments/config.js';

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
  layers: rule('layers', asNumbers),
  groupSize: rule('groupSize', asNumberOrNumbers),
  robustness: rule('robustness'),
  reinforcement: rule('reinforcement'),
  hiddenBits: rule('hiddenBits'),
  initialDepth: rule('initialDepth'),
  classifier: rule('classifier', asText),
  output: rule('output', asText),
  gate: rule('gate'),
  patience: { path: ['rule', 'groupSchedule', 'patience'], read: asNumber },
  epochsPerStage: rule('epochsPerStage'),
  learningRate: rule('learningRate'),
  momentum: rule('momentum'),
  inputs: rule('inputs', asText),
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
};

/**
 * The configuration that a file and flags say; flags win. Not checked yet: `train` does that.
 * @throws ArgumentError when the file cannot be read or is not a YAML or JSON mapping
 */
export function trainOptions(flags: TrainFlags): TrainOptions {
  const options = typeof flags.config === 'string' ? readConfigFile(flags.config) : {};
  for (const [flag, value] of Object.entries(flags)) {
    const isSwitched = flag in SWITCHES && value === SWITCHES[flag].value;
    if (isSwitched) assign(options, SWITCHES[flag].path, value);
    else if (flag in TARGETS && typeof value === 'string') {
      assign(options, TARGETS[flag].path, TARGETS[flag].read(value));
    }
  }
  return options as unknown as TrainOptions;
}

function readConfigFile(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArgumentError('config', `a readable YAML or JSON file (${reason})`, file);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ArgumentError('config', `a file with a mapping of options in ${file}`, content);
  }
  const options = content as Record<string, unknown>;
  if (typeof options.dataset === 'string') options.dataset = { name: options.dataset };
  return options;
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
