import {
  ArgumentError,
  booleanGates,
  cellOf,
  checkChoice,
  checkDifferent,
  compareRows,
  type Figure,
  FormattedTable,
  formatMean,
  formatSigned,
  groupRows,
  type Row,
  type RunRecord,
  type Study,
  type StudyPart,
  studyRows,
  summarize,
  type TextCell,
  tradeOff,
} from 'xnorlab';
import { gradients } from './gradients.js';
import { PUBLISHED } from './published.js';

/** In the order of tables. */
const DATASETS = ['fashion-mnist', 'mnist'];

/** What stands in front of the layers, in the order of tables and legends. */
export const NETWORKS = [
  'nothing',
  'fields, random',
  'fields, exemplars',
  'shared, random',
  'shared, competitive',
  'shared, exemplars',
] as const;

/** What is compared with its control of equal size, by the same seeds. */
const CONTROLS = [
  { network: 'shared, exemplars', control: 'shared, random' },
  { network: 'shared, competitive', control: 'shared, random' },
  { network: 'fields, exemplars', control: 'fields, random' },
];

const networks = {
  sweeps: ['sweep-front-ends.yaml', 'sweep-best.yaml'],
  rows: (records) => {
    // One record at a time, as what it costs follows from more than a row has.
    const rows = records
      .flatMap((record) =>
        studyRows(
          [record],
          [
            'dataset',
            'rule',
            'layers',
            'seed',
            'testAccuracy',
            'validationAccuracy',
            'trainAccuracy',
            'epochs',
          ],
          {
            frontEnd: 'rule.frontEnd',
            shared: 'rule.shared',
            limitTrain: 'dataset.limitTrain',
            levels: 'binarizer.levels',
          },
        ).map((row) => ({ ...row, ...costOf(record) })),
      )
      .sort((one, other) => compareRows(one, other, Object.keys(one)));
    networkRuns(rows);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => {
    const runs = networkRuns(rows);
    return { accuracy: accuracyTable(runs), controls: controlsTable(runs), published: publishedTable() };
  },
  figures: (rows): Record<string, Figure> =>
    Object.fromEntries(
      groupRows(networkRuns(rows), ['dataset']).flatMap(({ key: { dataset }, rows: ofSet }) => [
        [`bits-${dataset}`, costFigure(ofSet, 'bits', 'bits of the network')],
        [`gates-${dataset}`, costFigure(ofSet, 'gates', 'Boolean gates for an image')],
      ]),
    ),
} satisfies StudyPart;

/** Convolutions of ±1 without gradients. */
export default {
  title: 'Convolutions: binary filters on windows of images',
  description:
    'Layers of local-error behind binary filters: none, local receptive fields, filters shared by all windows of an image. Random filters are the control of equal size. ' +
    'Budgets differ and stand in the table; n says how many seeds were run. Networks trained with gradients are a part of their own, with a budget of their own.',
  main: { part: 'networks', figure: 'bits-fashion-mnist' },
  parts: { networks, gradients },
} satisfies Study;

/** A run, with what it stands for. */
export interface NetworkRun extends Row {
  readonly dataset: string;
  /** One of NETWORKS. */
  readonly network: string;
  /** Training images and epochs. */
  readonly budget: string;
}

/**
 * With network and budget, in the order of tables.
 * @throws ArgumentError for a run of another kind
 */
export function networkRuns(rows: readonly Row[]): NetworkRun[] {
  const runs = rows.map((row): NetworkRun => {
    const dataset = String(cellOf(row, 'dataset'));
    checkChoice('dataset', dataset, DATASETS);
    const limit = cellOf(row, 'limitTrain');
    const images = limit === null ? 'all images' : `${Number(limit).toLocaleString('en')} images`;
    return { ...row, dataset, network: networkOf(row), budget: `${images}, ${cellOf(row, 'epochs')} epochs` };
  });
  checkDifferent(runs, ['dataset', 'budget', 'layers', 'network', 'seed']);
  const place = ({ network }: NetworkRun): number => (NETWORKS as readonly string[]).indexOf(network);
  return runs.sort(
    (a, b) =>
      compareRows(a, b, ['dataset', 'budget']) ||
      place(a) - place(b) ||
      compareRows(a, b, ['layers', 'seed']),
  );
}

function networkOf(row: Row): string {
  const rule = String(cellOf(row, 'rule'));
  checkChoice('rule', rule, ['local-error', 'local-error-conv']);
  if (rule === 'local-error') return 'nothing';
  const frontEnd = String(cellOf(row, 'frontEnd'));
  const source = frontEnd === 'exemplar' ? 'exemplars' : frontEnd;
  const network = `${cellOf(row, 'shared') === 'true' ? 'shared' : 'fields'}, ${source}`;
  checkChoice('network', network, NETWORKS);
  return network;
}

/** Bits that a network is, and gates that an image takes (docs/algorithms.md, §8). */
interface Cost {
  readonly bits: number;
  readonly gates: number;
}

interface Filters {
  readonly shared?: boolean;
  readonly filters?: number;
  readonly windowSize?: number;
  readonly padding?: number;
  readonly hiddenBits?: number;
  readonly layers: readonly number[];
}

/** Weights of a network that has been trained take one bit each, no longer those of a hidden weight. */
function costOf({ config, dataset, totals }: RunRecord): Cost {
  const { rule, binarizer } = config as { rule: Filters; binarizer?: { levels?: number } };
  const { hiddenBits = 16, layers, filters = 0, windowSize = 0, shared = true } = rule;
  const windowBits = windowSize * windowSize * (binarizer?.levels ?? 1);
  const padding = rule.padding ?? (shared ? Math.floor(windowSize / 2) : 0);
  const side = Math.sqrt(dataset.features) + 2 * padding - windowSize + 1;
  const products = filters * (shared ? side * side : 1);
  const compared = totals.parameters + dataset.classes * layers.reduce((sum, width) => sum + width, 0);
  return {
    bits: totals.modelBits - totals.parameters * (hiddenBits - 1),
    gates: booleanGates({
      xnorBits: compared + products * windowBits,
      popcountBits: compared + products * (windowBits + (filters > 0 ? 1 : 0)),
      stepBits: 0,
      floatOperations: 0,
    }),
  };
}

const number = (text: string, isBest = false): TextCell => ({
  text,
  isNumber: true,
  ...(isBest && { isBest }),
});

function accuracyTable(runs: readonly NetworkRun[]): FormattedTable {
  const by = ['dataset', 'budget', 'network', 'layers'];
  const [validation, test, bits, gates] = ['validationAccuracy', 'testAccuracy', 'bits', 'gates'].map(
    (value) => summarize(runs, { by, value }),
  );
  const body = validation.map((row, i): TextCell[] => [
    ...by.map((column) => ({ text: String(row[column]) })),
    number(formatMean(row.mean, row.standardDeviation)),
    number(formatMean(test[i].mean, test[i].standardDeviation)),
    number((bits[i].mean / 1e6).toFixed(2)),
    number((gates[i].mean / 1e6).toFixed(0)),
    number(String(row.n)),
  ]);
  const caption =
    'Accuracy in percent, mean ± standard deviation, by what stands in front of the layers; Mbit: millions of bits of the trained network, Mgates: millions of Boolean gates for an image';
  const headings = ['data set', 'budget', 'filters', 'network', 'validation', 'test', 'Mbit', 'Mgates', 'n'];
  const plain = validation.map((row, i) => ({
    ...Object.fromEntries(by.map((column) => [column, row[column]])),
    validation: row.mean,
    test: test[i].mean,
    n: row.n,
  }));
  return new FormattedTable({ caption, headings, headColumns: 4, body }, plain);
}

/** What filters are better by than random ones of the same number and size, for one seed. */
interface Worth extends Row {
  readonly dataset: string;
  readonly budget: string;
  readonly network: string;
  readonly difference: number;
}

function worth(runs: readonly NetworkRun[]): Worth[] {
  return CONTROLS.flatMap(({ network, control }) =>
    runs
      .filter((run) => run.network === network)
      .flatMap((run): Worth[] => {
        const twin = runs.find(
          (other) =>
            other.network === control &&
            (['dataset', 'budget', 'layers', 'seed'] as const).every(
              (column) => other[column] === run[column],
            ),
        );
        if (!twin) return [];
        const difference = Number(run.testAccuracy) - Number(twin.testAccuracy);
        return [{ dataset: run.dataset, budget: run.budget, network: `${network} − ${control}`, difference }];
      }),
  );
}

function controlsTable(runs: readonly NetworkRun[]): FormattedTable {
  const caption =
    'What filters are better by than random ones of the same number and size: points of test accuracy, mean over pairs of the same seed, and in standard errors of the mean';
  const headings = ['data set', 'budget', 'difference of', 'points', 'in SE', 'n'];
  const pairs = worth(runs);
  const summaries =
    pairs.length > 0 ? summarize(pairs, { by: ['dataset', 'budget', 'network'], value: 'difference' }) : [];
  const rows = summaries.map(({ dataset, budget, network, mean, standardDeviation, n }): Row => {
    const error = standardDeviation === null ? null : standardDeviation / Math.sqrt(n);
    return { dataset, budget, network, mean, standardErrors: error ? mean / error : null, n };
  });
  const body = rows.map(({ dataset, budget, network, mean, standardErrors, n }): TextCell[] => [
    ...[dataset, budget, network].map((text) => ({ text: String(text) })),
    number(formatSigned(Number(mean), 2), Number(standardErrors ?? 0) > 2),
    number(standardErrors === null ? '–' : formatSigned(Number(standardErrors), 1)),
    number(String(n)),
  ]);
  return new FormattedTable({ caption, headings, headColumns: 3, body }, rows);
}

function publishedTable(): FormattedTable {
  const caption = 'Published test accuracies in percent, each by its own protocol';
  const headings = ['data set', 'network', 'accuracy', 'protocol', 'source'];
  const body = PUBLISHED.map(({ dataset, network, accuracy, protocol, source }): TextCell[] => [
    { text: dataset },
    { text: network },
    number(accuracy.toFixed(2)),
    { text: protocol },
    { text: source },
  ]);
  return new FormattedTable(
    { caption, headings, headColumns: 2, body },
    PUBLISHED.map((row) => ({ ...row })),
  );
}

/** Test accuracy against a cost, with published accuracies as lines across. */
function costFigure(runs: readonly Row[], cost: string, xTitle: string): Figure {
  const [{ dataset }] = runs;
  const title = `What stands in front of the layers: ${dataset}`;
  const figure = tradeOff(runs, { cost, xTitle, series: 'network', point: 'budget', title });
  const lines = PUBLISHED.filter((row) => row.dataset === dataset);
  if (lines.length === 0) throw new ArgumentError('dataset', `one of ${DATASETS.join(', ')}`, dataset);
  const { layout = {} } = figure;
  return {
    ...figure,
    layout: {
      ...layout,
      shapes: lines.map(({ accuracy }) => ({
        type: 'line',
        xref: 'paper',
        x0: 0,
        x1: 1,
        y0: accuracy,
        y1: accuracy,
        line: { width: 1, dash: 'dot', color: '#999' },
      })),
      annotations: [
        ...(layout.annotations ?? []),
        ...lines.map(({ accuracy, network }) => ({
          xref: 'paper' as const,
          x: 1,
          xanchor: 'right' as const,
          y: accuracy,
          yanchor: 'bottom' as const,
          text: `${network}, ${accuracy.toFixed(2)}`,
          showarrow: false,
          font: { size: 9, color: '#777' },
        })),
      ],
    },
  };
}
