import {
  ArgumentError,
  type Cell,
  cellOf,
  checkChoice,
  compare,
  depthOverEpochs,
  depthRows,
  FormattedTable,
  forgetting,
  formatTable,
  groupRows,
  optionCurves,
  type Row,
  type RunRecord,
  type SequenceRow,
  type StudyPart,
  type SummaryRow,
  sequenceRows,
  sortDifferent,
  summarize,
  type TextCell,
  taskAccuracyRows,
  taskEpochRows,
  tradeOff,
} from 'xnorlab';

const LOCAL_ERROR = 'local-error';

const QAT = 'qat';

/** Ways to protect weights, in the order of legends: what a configuration calls them, and the field with their strength. */
const PROTECTIONS = {
  m: 'rule.consolidation.m',
  threshold: 'rule.consolidation.threshold',
  halving: 'rule.consolidation.halving',
  probability: 'rule.consolidation.probability',
  elastic: 'rule.elastic.lambda',
  path: 'rule.path.strength',
} as const;

const NONE = 'none';

/** How depth can protect, and thus what a best setting is chosen among; the probability is a control. */
const BY_DEPTH = ['m', 'threshold', 'halving'];

const IDENTITY = [
  ...['rule', 'layers', 'epochs', 'protection', 'strength', 'initialDepth', 'reinforcement', 'stream'],
];

/** What local-error starts from where nothing else is said. */
const DEFAULTS = { initialDepth: 64, reinforcement: 0.5 } as const;

const KEY = [...IDENTITY, 'seed', 'step', 'task'];

/** A task is held while the network is right on so many percent of its test samples. */
const HELD_PERCENT = 80;

/** What learns less is not drawn where settings are traded. */
const LEARNING_PERCENT = 80;

const MEASURES: Readonly<Record<string, string>> = {
  averageAccuracy: 'average accuracy',
  learningAccuracy: 'just after learning',
  averageForgetting: 'forgotten',
  held: `tasks above ${HELD_PERCENT} %`,
  averageValidationAccuracy: 'average, validation',
};

/** Part of a configuration at a path; undefined where there is none. */
function fieldOf(config: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, config);
}

function numberAt(config: unknown, path: string): number | null {
  const value = fieldOf(config, path);
  return typeof value === 'number' ? value : null;
}

/** What protects weights in a run, by how much, and how its tasks come. */
function settingOf({ config, rule, architecture = '' }: RunRecord): Row {
  checkChoice('rule', rule.name, [LOCAL_ERROR, QAT]);
  const found = Object.entries(PROTECTIONS).flatMap(([name, path]): [string, number][] => {
    const strength = fieldOf(config, path);
    return typeof strength === 'number' ? [[name, strength]] : [];
  });
  if (found.length > 1) throw new ArgumentError('records', 'runs with one protection', config);
  const [protection, strength] = found[0] ?? [NONE, null];
  const isShuffled = [PROTECTIONS.m, PROTECTIONS.elastic].some(
    (path) => fieldOf(config, path.replace(/\.\w+$/, '.shuffled')) === true,
  );
  const replay = fieldOf(config, 'tasks.replay');
  const isInterleaved = fieldOf(config, 'tasks.order') === 'interleaved';
  return {
    rule: rule.name,
    layers: architecture,
    epochs: Number(fieldOf(config, 'epochs')),
    protection: isShuffled ? `${protection}, shuffled` : protection,
    strength,
    initialDepth: numberAt(config, 'rule.initialDepth'),
    reinforcement: numberAt(config, 'rule.reinforcement'),
    stream: isInterleaved ? 'interleaved' : typeof replay === 'number' ? `replay ${replay}` : 'in turn',
  };
}

/** The outcome of a sequence, with the number of tasks that are held after the last. */
function outcomesOf(rows: readonly Row[]): (SequenceRow & { readonly held: number })[] {
  const sorted = sortDifferent(rows, KEY);
  const held = groupRows(sorted, [...IDENTITY, 'seed']).map(({ rows: ofRun }) => {
    const last = Math.max(...ofRun.map(({ step }) => Number(step)));
    return ofRun.filter(({ step, accuracy }) => step === last && Number(accuracy) > HELD_PERCENT).length;
  });
  return sequenceRows(sorted).map((row, i) => ({ ...row, held: held[i] }));
}

const inTurn = ({ stream }: Row): boolean => stream === 'in turn';

/** Whether hidden weights start, and are pushed deeper, as they do by default. */
const isByDefault = ({ rule, initialDepth, reinforcement }: Row): boolean =>
  rule !== LOCAL_ERROR ||
  (initialDepth === DEFAULTS.initialDepth && reinforcement === DEFAULTS.reinforcement);

/** What average validation accuracy likes best, of what was run with most seeds. */
function bestOf(outcomes: readonly Row[]): Row | undefined {
  if (outcomes.length === 0) return undefined;
  const summary = summarize(outcomes, { by: IDENTITY, value: 'averageValidationAccuracy' });
  const mostSeeds = Math.max(...summary.map(({ n }) => n));
  const complete = summary.filter(({ n }) => n === mostSeeds);
  return complete.reduce((best, row) => (row.mean > best.mean ? row : best));
}

/** How a setting is called in figures. */
function nameOf({ rule, protection, strength, stream }: Row): string {
  const ways: Readonly<Record<string, string>> = {
    none: 'none',
    threshold: `θ = ${strength}`,
    halving: `halved every ${strength}`,
    probability: `p = ${strength}`,
    elastic: `EWC, λ = ${strength}`,
    path: `SI, c = ${strength}`,
  };
  const way = ways[String(protection)] ?? `${String(protection).replace('m', 'm =')} ${strength}`;
  return `${rule}, ${stream === 'in turn' ? way : stream}`;
}

/** What a protection changes, by protocol. */
interface Gain extends Row {
  readonly rule: string;
  readonly layers: string;
  readonly epochs: number;
  readonly setting: string;
}

/** Best settings by validation accuracy beside none, by the same seeds. */
function gainsOf(outcomes: readonly Row[]): Gain[] {
  const sequences = outcomes.filter((row) => inTurn(row) && isByDefault(row));
  return groupRows(sequences, ['rule', 'layers', 'epochs']).flatMap(({ key, rows }) => {
    const plain = rows.filter(({ protection }) => protection === NONE);
    if (plain.length === 0) return [];
    const ways = groupRows(
      rows.filter(({ protection }) => protection !== NONE),
      ['protection'],
    );
    return ways.flatMap(({ rows: ofWay }): Gain[] => {
      const best = bestOf(ofWay);
      if (!best) return [];
      const chosen = ofWay.filter(({ strength }) => strength === best.strength);
      const seeds = new Set(chosen.map(({ seed }) => seed));
      const pairs = [...plain.filter(({ seed }) => seeds.has(seed)), ...chosen];
      if (seeds.size < 2 || pairs.length !== 2 * seeds.size) return [];
      const differences = Object.keys(MEASURES)
        .slice(0, 3)
        .map((value) => {
          const named = pairs.map((row) => ({ ...row, way: row.protection === NONE ? NONE : 'best' }));
          const [{ meanDifference: difference, low95, high95 }] = compare(named, {
            between: 'way',
            value,
            baseline: NONE,
          });
          return [value, { difference, low95, high95 }] as const;
        });
      const flat = differences.flatMap(([value, { difference, low95, high95 }]): [string, Cell][] => [
        [value, difference],
        [`${value}Low`, low95],
        [`${value}High`, high95],
      ]);
      return [
        {
          rule: String(key.rule),
          layers: String(key.layers),
          epochs: Number(key.epochs),
          setting: nameOf(best).replace(`${key.rule}, `, ''),
          n: seeds.size,
          none: meanOf(
            plain.filter(({ seed }) => seeds.has(seed)),
            'averageAccuracy',
          ),
          best: meanOf(chosen, 'averageAccuracy'),
          ...Object.fromEntries(flat),
        },
      ];
    });
  });
}

function meanOf(rows: readonly Row[], value: string): number {
  return summarize(rows, { by: [], value })[0].mean;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** A difference with its interval; bold where that leaves out zero. */
function difference(gain: Row, value: string): TextCell[] {
  const [mean, low, high] = ['', 'Low', 'High'].map((end) => cellOf(gain, `${value}${end}`));
  const isKnown = typeof low === 'number' && typeof high === 'number';
  return [
    { text: signed(Number(mean)), isNumber: true, isBest: isKnown && low * high > 0 },
    { text: isKnown ? `${signed(low)} to ${signed(high)}` : '–' },
  ];
}

function gainsTable(gains: readonly Gain[]): FormattedTable {
  const body = gains.map((gain): TextCell[] => [
    ...[gain.rule, gain.layers, String(gain.epochs), gain.setting].map((text) => ({ text })),
    { text: Number(gain.none).toFixed(2), isNumber: true },
    { text: Number(gain.best).toFixed(2), isNumber: true },
    ...difference(gain, 'averageAccuracy'),
    ...difference(gain, 'averageForgetting'),
    ...difference(gain, 'learningAccuracy'),
    { text: String(gain.n), isNumber: true },
  ]);
  const caption =
    'Six tasks: what the strength of each protection that average validation accuracy likes best changes against none, in points, paired by seed, with the 95 % interval by ' +
    "Student's t. Bold: the interval leaves out zero";
  const headings = [
    'rule',
    'layers',
    'epochs',
    'setting',
    'none',
    'best',
    'gain',
    '95 %',
    'forgotten',
    '95 %',
    'learned',
    '95 %',
    'n',
  ];
  return new FormattedTable({ caption, headings, headColumns: 4, body }, gains);
}

/** The best start and reinforcement without consolidation, beside the best consolidation, both by validation accuracy. */
function olderTable(outcomes: readonly Row[]): Record<string, FormattedTable> {
  const sequences = outcomes.filter(
    (row) => row.rule === LOCAL_ERROR && row.layers === '512,512' && row.epochs === 30 && inTurn(row),
  );
  const older = bestOf(sequences.filter(({ protection }) => protection === NONE));
  const newer = bestOf(sequences.filter(({ protection }) => BY_DEPTH.includes(String(protection))));
  if (!older || !newer) return {};
  const isOf = (setting: Row) => (row: Row) => IDENTITY.every((column) => row[column] === setting[column]);
  const pairs = [
    ...sequences.filter(isOf(older)).map((row) => ({ ...row, way: 'older' })),
    ...sequences.filter(isOf(newer)).map((row) => ({ ...row, way: 'newer' })),
  ];
  const differences = ['averageAccuracy', 'averageForgetting', 'learningAccuracy'].map((value) => {
    const [{ firstMean, secondMean, meanDifference, low95, high95 }] = compare(pairs, {
      ...{ between: 'way', value, baseline: 'older' },
    });
    return {
      measure: value,
      older: secondMean,
      newer: firstMean,
      mean: meanDifference,
      meanLow: low95,
      meanHigh: high95,
    };
  });
  const body = differences.map((row): TextCell[] => [
    { text: MEASURES[row.measure] },
    { text: row.older.toFixed(2), isNumber: true },
    { text: row.newer.toFixed(2), isNumber: true },
    ...difference(row, 'mean'),
  ]);
  const name = nameOf(newer).replace(`${LOCAL_ERROR}, `, '');
  const caption =
    `Layers 512,512, five epochs for each task: the best start and reinforcement without consolidation (${older.initialDepth} and ${older.reinforcement}) beside ${name} at the usual start, ` +
    "each the best by average validation accuracy; difference paired by seed, 95 % interval by Student's t, three seeds";
  const headings = ['measure', 'without', 'consolidated', 'difference', '95 %'];
  return { older: new FormattedTable({ caption, headings, headColumns: 1, body }, differences) };
}

function settingsTable(outcomes: readonly Row[]): FormattedTable {
  const summary = Object.keys(MEASURES).flatMap((measure): SummaryRow[] =>
    summarize(outcomes, { by: IDENTITY, value: measure }).map((row) => ({ ...row, measure })),
  );
  return formatTable(summary, {
    rows: IDENTITY,
    columns: ['measure'],
    bestPer: 'none',
    label: (column, cell) => (column === 'measure' ? MEASURES[String(cell)] : String(cell ?? '')),
    caption: 'Six tasks of permuted MNIST: accuracies in percent, forgetting in points',
  });
}

/** What the figures of consolidation show; each without what was not run. */
export interface ConsolidationFigureRows {
  /** local-error by m and by θ, none at the end where all steps are taken. */
  readonly byM: readonly Row[];
  readonly byThreshold: readonly Row[];
  /** Accuracies task by task of some settings, called `panel`. */
  readonly panels: readonly Row[];
  /** Every setting of one protocol: `kind`, and `setting` within it. */
  readonly points: readonly Row[];
  /** None and the best setting by depth, at every width. */
  readonly byWidth: readonly Row[];
  /** local-error at 512,512 with and without consolidation, wherever it starts. */
  readonly traded: readonly Row[];
}

/** The protocol that all rivals share. */
const isOfRivals = ({ epochs, layers }: Row): boolean => epochs === 18 && layers === '512,512';

export function consolidationFigureRows(rows: readonly Row[]): ConsolidationFigureRows {
  const accuracies = sortDifferent(rows, KEY);
  const outcomes = outcomesOf(accuracies);
  const ours = outcomes.filter((row) => row.rule === LOCAL_ERROR && inTurn(row) && isByDefault(row));
  const long = ours.filter(({ epochs }) => epochs === 30);
  const along = (protection: string, none: number): Row[] =>
    long
      .filter((row) => row.protection === protection || row.protection === NONE)
      .map((row) => ({ ...row, strength: row.protection === NONE ? none : row.strength }));
  const ofRivals = outcomes.filter((row) => isOfRivals(row) && isByDefault(row));
  const isTraded = (row: Row): boolean =>
    row.rule === LOCAL_ERROR && row.layers === '512,512' && row.epochs === 30 && inTurn(row);
  const shown = [
    ...groupRows(ofRivals.filter(inTurn), ['rule', 'protection']).map(({ rows: ofWay }) => bestOf(ofWay)),
    ...groupRows(
      ofRivals.filter((row) => !inTurn(row) && row.protection === NONE),
      ['rule', 'stream'],
    ).map(({ rows: ofWay }) => bestOf(ofWay)),
  ].flatMap((setting) => (setting ? [setting] : []));
  const isOf = (setting: Row) => (row: Row) => IDENTITY.every((column) => row[column] === setting[column]);
  const panels = shown
    .filter(({ protection, stream }) => stream === 'in turn' && !String(protection).includes('shuffled'))
    .flatMap((setting) =>
      accuracies.filter(isOf(setting)).map((row) => ({ ...row, panel: nameOf(setting) })),
    );
  const byWidth = groupRows(ours, ['layers', 'epochs']).flatMap(({ rows: ofWidth }) => {
    const best = bestOf(ofWidth.filter(({ protection }) => BY_DEPTH.includes(String(protection))));
    const width = { width: Number(String(ofWidth[0].layers).split(',')[0]) };
    const plain = ofWidth.filter(({ protection }) => protection === NONE);
    const chosen = best ? ofWidth.filter(isOf(best)) : [];
    return [
      ...plain.map((row) => ({ ...row, ...width, kind: `none, ${Number(row.epochs) / 6} epochs each` })),
      ...chosen.map((row) => ({ ...row, ...width, kind: `best, ${Number(row.epochs) / 6} epochs each` })),
    ];
  });
  return {
    byM: along('m', 0),
    byThreshold: along('threshold', 32767),
    panels,
    points: ofRivals.map((row) => ({
      ...row,
      dataset: 'mnist',
      kind: inTurn(row) ? `${row.rule}, ${row.protection}` : `${row.rule}, ${row.stream}`,
      setting: `${row.protection} ${row.strength ?? ''}`,
    })),
    byWidth,
    // Settings that hardly learn forget nothing: they would take all the room.
    traded: outcomes
      .filter((row) => isTraded(row) && row.learningAccuracy > LEARNING_PERCENT)
      .map((row) => ({
        ...row,
        dataset: 'mnist',
        kind:
          row.protection === NONE
            ? `none, reinforcement ${row.reinforcement}`
            : `consolidated, ${row.protection}`,
        setting: row.protection === NONE ? `start ${row.initialDepth}` : String(row.strength),
      })),
  };
}

/** Consolidation in permuted tasks, and its rivals. */
export const consolidation = {
  title: 'Consolidation, and its rivals',
  description:
    'Six tasks of permuted MNIST in turn, the first 10,000 training samples. `local-error` in groups of 64, with depth protecting weights from steps towards zero: with ' +
    'probability 1 − tanh²(m·|h|), up to a depth θ, halved every so many depths, or, as a control, with a probability that does not look at depth. `qat` with batch ' +
    'normalization that all tasks share: metaplasticity of Laborieux et al. (m), elastic weight consolidation (λ), synaptic intelligence (c). Interleaved shows all tasks ' +
    'all the time, replay ten samples of each class of every task before.',
  sweeps: [
    'sweep-consolidation.yaml',
    'sweep-consolidation-forms.yaml',
    'sweep-consolidation-wide.yaml',
    'sweep-consolidation-start.yaml',
    'sweep-rivals.yaml',
  ],
  rows: (records) =>
    sortDifferent(
      records.flatMap((record) =>
        taskAccuracyRows([record]).map(({ seed, step, task, accuracy, validationAccuracy }): Row => {
          return { ...settingOf(record), seed, step, task, accuracy, validationAccuracy };
        }),
      ),
      KEY,
    ),
  tables: (rows) => {
    const outcomes = outcomesOf(rows);
    const gains = gainsOf(outcomes);
    return {
      ...(gains.length > 0 && { gains: gainsTable(gains) }),
      ...olderTable(outcomes),
      settings: settingsTable(outcomes),
    };
  },
  figures: (rows) => {
    const { byM, byThreshold, panels, points, byWidth, traded } = consolidationFigureRows(rows);
    const series = { series: 'layers', yTitle: 'average accuracy (%)', value: 'averageAccuracy' };
    return {
      'average-accuracy-by-m': optionCurves(byM, {
        ...series,
        option: 'strength',
        xTitle: 'm (0: none)',
        title: 'After six tasks, by m',
      }),
      'average-accuracy-by-threshold': optionCurves(byThreshold, {
        ...series,
        option: 'strength',
        xTitle: 'θ (32767: none)',
        title: 'After six tasks, by threshold',
      }),
      'average-accuracy-by-width': optionCurves(byWidth, {
        ...series,
        option: 'width',
        series: 'kind',
        xTitle: 'neurons of each layer',
        title: 'After six tasks, by width',
      }),
      'tasks-held-by-width': optionCurves(byWidth, {
        option: 'width',
        value: 'held',
        series: 'kind',
        xTitle: 'neurons of each layer',
        yTitle: `tasks above ${HELD_PERCENT} %`,
        title: 'Tasks held, by width',
      }),
      'tasks-by-protection': forgetting(panels, {
        series: 'panel',
        title: 'Accuracy on old tasks, by protection',
      }),
      'learning-versus-forgetting-consolidated': tradeOff(traded, {
        cost: 'averageForgetting',
        value: 'learningAccuracy',
        scale: 'linear',
        series: 'kind',
        point: 'setting',
        xTitle: 'average forgetting (points)',
        yTitle: 'learning accuracy (%)',
        title: 'Learning versus forgetting, with and without consolidation',
      }),
      'learning-versus-forgetting-of-rivals': tradeOff(points, {
        cost: 'averageForgetting',
        value: 'learningAccuracy',
        scale: 'linear',
        series: 'kind',
        point: 'setting',
        xTitle: 'average forgetting (points)',
        yTitle: 'learning accuracy (%)',
        title: 'Learning versus forgetting, all rivals',
      }),
    };
  },
} satisfies StudyPart;

const STREAM_IDENTITY = ['rule', 'first', 'second', 'protection', 'strength'];

const STREAM_KEY = [...STREAM_IDENTITY, 'seed', 'step', 'task'];

/** What is left of the first data set, and what is learned of the second. */
function streamOutcomes(rows: readonly Row[]): Row[] {
  return groupRows(sortDifferent(rows, STREAM_KEY), [...STREAM_IDENTITY, 'seed']).map(
    ({ key, rows: ofRun }) => {
      const last = Math.max(...ofRun.map(({ step }) => Number(step)));
      const at = (step: number, task: number): number =>
        Number(ofRun.find((row) => row.step === step && row.task === task)?.accuracy);
      return { ...key, learned: at(last / 2, 1), kept: at(last, 1), second: at(last, 2) };
    },
  );
}

const STREAM_MEASURES: Readonly<Record<string, string>> = {
  learned: 'first set, just learned',
  kept: 'first set, in the end',
  secondAccuracy: 'second set, in the end',
};

/** Two data sets in turn. */
export const datasets = {
  title: 'MNIST and FashionMNIST in turn',
  description:
    'Ten epochs of one, then ten of the other, 10,000 training samples each, layers 512,512, one output of ten classes for both; measured after every epoch. ' +
    'Published (Laborieux et al., figure 1, a binary network of 4096,4096 trained with gradients, 50 epochs each): MNIST falls from 97 to about 20 % while FashionMNIST reaches 85 %.',
  sweeps: ['sweep-datasets.yaml'],
  rows: (records) =>
    sortDifferent(
      records.flatMap((record) =>
        taskEpochRows([record]).map(({ seed, step, task, accuracy }): Row => {
          const { rule, protection, strength } = settingOf(record);
          const [second] = fieldOf(record.config, 'tasks.others') as string[];
          return {
            rule,
            first: record.dataset.name,
            second,
            protection,
            strength,
            seed,
            step,
            task,
            accuracy,
          };
        }),
      ),
      STREAM_KEY,
    ),
  tables: (rows) => {
    const outcomes = streamOutcomes(rows).map(({ second, ...row }) => ({ ...row, secondAccuracy: second }));
    const by = ['rule', 'first', 'protection', 'strength'];
    const summary = Object.keys(STREAM_MEASURES).flatMap((measure): SummaryRow[] =>
      summarize(outcomes, { by, value: measure }).map((row) => ({ ...row, measure })),
    );
    return {
      outcomes: formatTable(summary, {
        rows: by,
        columns: ['measure'],
        bestPer: 'none',
        label: (column, cell) => (column === 'measure' ? STREAM_MEASURES[String(cell)] : String(cell ?? '')),
        caption: 'Two data sets in turn: test accuracy in percent',
      }),
    };
  },
  figures: (rows) =>
    Object.fromEntries(
      groupRows(sortDifferent(rows, STREAM_KEY), ['first']).map(({ key: { first }, rows: inOrder }) => [
        `over-time-from-${first}`,
        forgetting(
          inOrder.map((row) => ({ ...row, panel: nameOf({ ...row, stream: 'in turn' }) })),
          { series: 'panel', xTitle: 'epochs', title: `${first}, then the other` },
        ),
      ]),
    ),
} satisfies StudyPart;

const DEPTH_KEY = ['protection', 'epoch', 'layer', 'depth'];

/** Where hidden weights lie while tasks follow each other. */
export const depthsOfTasks = {
  title: 'Where hidden weights lie',
  description:
    'Depth of the hidden weights of `local-error`, layers 512,512, epoch by epoch through six tasks of five epochs each, seed 1: without consolidation, with m = 0.002 and with θ = 127.',
  sweeps: ['sweep-consolidation.yaml'],
  rows: (records) => {
    const shown = records.filter((record) => {
      const { layers, strength } = settingOf(record);
      return (
        record.seed === 1 && layers === '512,512' && [null, 0.002, 127].includes(strength as number | null)
      );
    });
    const rows = shown.flatMap((record) =>
      depthRows([record]).map(({ epoch, layer, depth, percent }): Row => {
        const { protection } = settingOf(record);
        return { protection, epoch, layer, depth, percent: Number(percent.toFixed(2)) };
      }),
    );
    return sortDifferent(rows, DEPTH_KEY);
  },
  tables: (rows) => {
    const ends = sortDifferent(rows, DEPTH_KEY).filter(({ epoch }) => epoch === 5 || epoch === 30);
    const deep = groupRows(ends, ['protection', 'layer', 'epoch']).map(({ key, rows: depths }) => ({
      ...key,
      percent: depths.reduce((sum, row) => sum + (Number(row.depth) >= 128 ? Number(row.percent) : 0), 0),
    }));
    return {
      deep: formatTable(summarize(deep, { by: ['protection', 'layer', 'epoch'], value: 'percent' }), {
        rows: ['protection', 'layer'],
        columns: ['epoch'],
        bestPer: 'none',
        label: (column, cell) => (column === 'epoch' ? `after task ${Number(cell) / 5}` : String(cell)),
        caption: "Hidden weights at least 128 deep, in percent of a layer's, seed 1",
      }),
    };
  },
  figures: (rows) =>
    Object.fromEntries(
      groupRows(sortDifferent(rows, DEPTH_KEY), ['protection']).map(({ key: { protection }, rows: own }) => [
        `depth-over-tasks-${protection}`,
        depthOverEpochs(own, { title: `Depth of hidden weights through six tasks: ${protection}` }),
      ]),
    ),
} satisfies StudyPart;
