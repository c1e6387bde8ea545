import {
  ArgumentError,
  accuracyVersusParameters,
  cellOf,
  checkChoice,
  checkDifferent,
  compareRows,
  FormattedTable,
  formatTable,
  groupRows,
  optionCurves,
  pick,
  type Row,
  type Study,
  type StudyPart,
  studyRows,
  summarize,
  type TextCell,
} from 'xnorlab';

/** In the order of tables. */
const DATASETS = ['fashion-mnist', 'mnist', 'prototypes'];

/** Networks in the order of tables and legends. */
const NETWORKS = [
  'trained layer, fixed classifier',
  'trained layer, trained classifier',
  'random layer, trained classifier',
  'trained layer, perceptron',
  'random layer, perceptron',
];

/** What is compared with what, by the same seeds. */
const COMPARISONS = [
  { readOut: 'trained classifier', trained: NETWORKS[1], random: NETWORKS[2] },
  { readOut: 'perceptron', trained: NETWORKS[3], random: NETWORKS[4] },
  { readOut: 'fixed classifier against perceptron', trained: NETWORKS[0], random: NETWORKS[4] },
];

const controls = {
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    const rows = studyRows(
      records,
      [
        ...(['rule', 'dataset', 'layers', 'seed'] as const),
        ...(['testAccuracy', 'validationAccuracy', 'trainAccuracy', 'parameters'] as const),
      ],
      {
        groupSize: 'rule.groupSize',
        trainClassifier: 'rule.trainClassifier',
        freezeLayers: 'rule.freezeLayers',
        margin: 'rule.perceptronReadOut.margin',
      },
    );
    // What does not belong is refused before it is kept.
    controlRuns(rows);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => {
    const runs = controlRuns(rows);
    const summary = summarize(runs, { by: ['dataset', 'width', 'network'], value: 'testAccuracy' });
    const caption = 'Test accuracy in percent, by the width of the hidden layer';
    const effects = worth(runs);
    return {
      accuracy: formatTable(summary, { rows: ['dataset', 'width'], columns: ['network'], caption }),
      ...(effects.length > 0 && { worth: worthTable(effects) }),
    };
  },
  figures: (rows) => {
    const runs = controlRuns(rows);
    const title = 'One hidden layer, trained or as drawn';
    return {
      accuracy: accuracyVersusParameters(runs, { x: 'width', series: 'network', title }),
      ...Object.fromEntries(
        groupRows(worth(runs), ['dataset']).map(({ key: { dataset }, rows: pairs }) => [
          `worth-${dataset}`,
          optionCurves(pairs, {
            option: 'width',
            value: 'difference',
            series: 'readOut',
            references: [{ name: 'as good', value: 0 }],
            xTitle: 'neurons of the hidden layer',
            yTitle: 'trained − random (points)',
            title: `What training the hidden layer is worth: ${dataset}`,
          }),
        ]),
      ),
    };
  },
} satisfies StudyPart;

/** What training the hidden layer is worth. */
export default {
  title: 'Controls: what is training the hidden layer worth?',
  description:
    'One hidden layer of local-error, trained or left as it was drawn at random, read out in the same way: by a trained ±1 classifier or by an ' +
    'averaged perceptron of integers; beside them the published network, a trained layer with a fixed classifier. FashionMNIST, MNIST and ' +
    'Random Prototypes with flip probability 0.46; 20 epochs, of which the last counts, three seeds.',
  main: { part: 'controls', figure: 'accuracy' },
  parts: { controls },
} satisfies Study;

/** A run, with what it stands for. */
export interface ControlRun extends Row {
  readonly dataset: string;
  /** Neurons of the hidden layer. */
  readonly width: number;
  /** One of NETWORKS. */
  readonly network: string;
}

/**
 * With width and network, in the order of tables.
 * @throws ArgumentError for a run that is no control
 */
export function controlRuns(rows: readonly Row[]): ControlRun[] {
  const runs = rows.map((row): ControlRun => {
    checkChoice('rule', String(cellOf(row, 'rule')), ['local-error']);
    const layers = String(cellOf(row, 'layers'));
    if (!/^\d+$/.test(layers)) throw new ArgumentError('layers', 'one hidden layer', layers);
    const dataset = String(cellOf(row, 'dataset'));
    checkChoice('dataset', dataset, DATASETS);
    return { ...row, dataset, width: Number(layers), network: networkOf(row) };
  });
  checkDifferent(runs, ['dataset', 'width', 'network', 'seed']);
  return runs.sort(
    (a, b) =>
      DATASETS.indexOf(a.dataset) - DATASETS.indexOf(b.dataset) ||
      a.width - b.width ||
      NETWORKS.indexOf(a.network) - NETWORKS.indexOf(b.network) ||
      compareRows(a, b, ['seed']),
  );
}

function networkOf(row: Row): string {
  const layer = cellOf(row, 'freezeLayers') === null ? 'trained' : 'random';
  const classifier = cellOf(row, 'trainClassifier') === 'true' ? 'trained classifier' : 'fixed classifier';
  const readOut = cellOf(row, 'margin') === null ? classifier : 'perceptron';
  const network = `${layer} layer, ${readOut}`;
  checkChoice('network', network, NETWORKS);
  return network;
}

/** What a trained layer is better by, for one seed. */
export interface Worth extends Row {
  readonly dataset: string;
  readonly width: number;
  /** Of COMPARISONS. */
  readonly readOut: string;
  readonly trained: number;
  readonly random: number;
  /** trained − random, in points. */
  readonly difference: number;
}

/** Pairs of runs with the same data set, width and seed. */
export function worth(runs: readonly ControlRun[]): Worth[] {
  return COMPARISONS.flatMap(({ readOut, trained, random }) =>
    runs
      .filter(({ network }) => network === trained)
      .flatMap((run) => {
        const other = runs.find(
          ({ dataset, width, seed, network }) =>
            dataset === run.dataset && width === run.width && seed === run.seed && network === random,
        );
        if (!other) return [];
        const [ofTrained, ofRandom] = [run, other].map((row) => Number(row.testAccuracy));
        const { dataset, width, seed } = run;
        const difference = ofTrained - ofRandom;
        return [{ dataset, width, readOut, seed, trained: ofTrained, random: ofRandom, difference }];
      }),
  );
}

const GROUPS = ['dataset', 'readOut', 'width'];
const HEADINGS = ['data set', 'read-out', 'width', 'trained', 'random', 'difference', '95 % interval', 'n'];

function worthTable(pairs: readonly Worth[]): FormattedTable {
  // In the same order, as all are of the same groups.
  const [trained, random, differences] = ['trained', 'random', 'difference'].map((value) =>
    summarize(pairs, { by: GROUPS, value }),
  );
  const groups = differences.map(({ n, mean, low95: low, high95: high, ...row }, i) => ({
    ...pick(row, GROUPS),
    trained: trained[i].mean,
    random: random[i].mean,
    mean,
    low,
    high,
    n,
  }));
  const body = groups.map((group): TextCell[] => {
    const { trained, random, mean, low, high, n } = group;
    const row: Row = group;
    const isBeyondZero = low !== null && high !== null && low * high > 0;
    return [
      ...GROUPS.map((column) => ({ text: String(row[column]) })),
      { text: trained.toFixed(2), isNumber: true },
      { text: random.toFixed(2), isNumber: true },
      { text: signed(mean), isNumber: true, isBest: isBeyondZero },
      { text: low === null || high === null ? '–' : `${signed(low)} to ${signed(high)}` },
      { text: String(n), isNumber: true },
    ];
  });
  const caption =
    'What a trained hidden layer is better by than a random one, in points of test accuracy: mean difference over seeds and its 95 % interval ' +
    "by Student's t, paired by seed. Bold: the interval leaves out zero.";
  return new FormattedTable({ caption, headings: HEADINGS, headColumns: 3, body }, groups);
}

function signed(points: number): string {
  const text = Math.abs(points).toFixed(2);
  return `${points < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
}
