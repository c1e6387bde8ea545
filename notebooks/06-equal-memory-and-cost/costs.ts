import path from 'node:path';
import {
  configRow,
  type Figure,
  FormattedTable,
  formatMean,
  formatTable,
  keptRows,
  numberOf,
  paretoFront,
  type Row,
  type RunRecord,
  runRows,
  type StudyPart,
  type SweepSpec,
  sortDifferent,
  summarize,
  type TextCell,
  tradeOff,
} from 'xnorlab';
import { comparedNetworks, comparisonRuns, nameOf } from './comparison.js';

/**
 * A few epochs of each network of the comparison, to measure what an epoch takes. `iterative` is left out: its epochs get
 * cheaper as layer after layer becomes binary.
 */
const COSTS: SweepSpec = {
  name: 'epoch-costs',
  axes: [
    {
      cases: comparedNetworks()
        .filter(({ rule }) => rule.name !== 'iterative')
        .map((config) => ({ ...config, epochs: ['sgd', 'qat'].includes(config.rule.name) ? 4 : 10 })),
    },
  ],
};

/** What an accuracy costs in gates and in time: the runs of the comparison, with epochs as they were measured. */
export const epochCosts = {
  title: 'B. What an accuracy costs',
  description:
    'Boolean gates of all epochs of a run, by the model of the papers; and time: that of an epoch is measured on one thread ' +
    '(`--workers 1`), the fastest of all but the first two, and taken times the epochs. Gates and time of an epoch are ' +
    'multiples of those of `local-error` with the same widths.',
  sweeps: [COSTS],
  rows: (records) => sortDifferent(records.map(costOf), ['rule', 'batchNorm', 'layers']),
  tables: (rows): Record<string, FormattedTable> => {
    const { gates, time } = costedRuns(rows);
    const fashion = gates.filter(isFashion);
    return {
      ...multiplesTable('gates-of-an-epoch', rows, 'epochGates', 'Boolean gates'),
      ...multiplesTable('time-of-an-epoch', rows, 'epochSeconds', 'Time'),
      'front-gates': frontTable(fashion, 'booleanGates', (cost) => cost.toExponential(1)),
      ...(time.length > 0 ? { 'front-time': frontTable(time, 'trainSeconds', inSeconds) } : {}),
    };
  },
  figures: (rows): Record<string, Figure> => {
    const { gates, time } = costedRuns(rows);
    return {
      gates: drawGates(gates, 'Accuracy versus Boolean gates'),
      'gates-closer': drawGates(gates.filter(isClose), 'Accuracy versus Boolean gates, closer'),
      ...(time.length > 0 ? { time: drawTime(time) } : {}),
    };
  },
} satisfies StudyPart;

/** Gates and time of an epoch of a run. */
function costOf(record: RunRecord): Row {
  const [{ rule, layers, booleanGates, epochs }] = runRows([record]);
  const epochSeconds = Math.min(...record.epochs.slice(2).map(({ trainMs }) => trainMs)) / 1000;
  const { batchNorm } = configRow(record.config, { batchNorm: 'rule.batchNorm' });
  return { rule, batchNorm, layers, epochGates: booleanGates / epochs, epochSeconds };
}

const SAME_MEMORY = 'sgd, memory of A, 1 bit';

const isFashion = ({ dataset }: Row): boolean => dataset === 'fashion-mnist';

/** Without what stretches the scale. */
const isClose = ({ rule, batchNorm }: Row): boolean => rule !== 'committee' && batchNorm !== 'false';

/** Runs with their gates, and those of FashionMNIST with their time where an epoch of theirs was measured. */
function costedRuns(costs: readonly Row[]): { readonly gates: Row[]; readonly time: Row[] } {
  const sameMemory = keptRows(path.join(__dirname, 'rows', 'equal-memory.jsonl'));
  const gates = [
    ...comparisonRuns().map((row): Row => ({ ...row, epochs: 50, samples: 50_000 })),
    ...sameMemory
      .filter(({ pixelBits }) => pixelBits === 1)
      .map((row): Row => ({ ...row, batchNorm: null, series: SAME_MEMORY })),
  ];
  const time = gates
    .filter((row) => isFashion(row) && isClose(row))
    .flatMap((row): Row[] => {
      const cost = costs.find(
        ({ rule, batchNorm, layers }) =>
          rule === row.rule && batchNorm === row.batchNorm && layers === row.layers,
      );
      if (!cost) return [];
      const epochs = (numberOf(row, 'epochs') * numberOf(row, 'samples')) / 50_000;
      return [{ ...row, trainSeconds: epochs * numberOf(cost, 'epochSeconds') }];
    });
  return { gates, time };
}

function drawGates(runs: readonly Row[], title: string): Figure {
  return tradeOff(runs, {
    cost: 'booleanGates',
    series: 'series',
    xTitle: 'Boolean gates of training',
    title,
  });
}

function drawTime(runs: readonly Row[]): Figure {
  return tradeOff(runs, {
    cost: 'trainSeconds',
    series: 'series',
    xTitle: 'seconds of training',
    title: 'FashionMNIST: accuracy versus time',
  });
}

/** Of networks with two layers, as multiples of `local-error` in the same widths; no table where that was not measured. */
function multiplesTable(
  name: string,
  costs: readonly Row[],
  column: string,
  words: string,
): Record<string, FormattedTable> {
  const networks = costs.filter(
    ({ layers, rule }) => rule !== 'committee' && String(layers).split(',').length === 2,
  );
  const multiples = networks.flatMap((row): Row[] => {
    const base = networks.find(({ rule, layers }) => rule === 'local-error' && layers === row.layers);
    if (!base) return [];
    return [
      { series: nameOf(row), layers: row.layers, times: numberOf(row, column) / numberOf(base, column) },
    ];
  });
  if (multiples.length === 0) return {};
  const summary = summarize(multiples, { by: ['layers', 'series'], value: 'times' });
  const caption = `${words} of an epoch of 50,000 images, as a multiple of local-error`;
  return {
    [name]: formatTable(summary, { rows: ['layers'], columns: ['series'], bestPer: 'none', caption }),
  };
}

function inSeconds(cost: number): string {
  return String(Number(cost.toPrecision(2)));
}

/** What nothing cheaper reaches, by rising cost. */
function frontTable(runs: readonly Row[], cost: string, format: (cost: number) => string): FormattedTable {
  const by = ['series', 'layers'];
  const costs = summarize(runs, { by, value: cost });
  const points = summarize(runs, { by, value: 'testAccuracy' }).map((point, i) => ({
    ...point,
    [cost]: costs[i].mean,
  }));
  const front = paretoFront(points, { maximize: 'mean', minimize: cost });
  const body = front.map((point): TextCell[] => [
    { text: String(point.series) },
    { text: String(point.layers) },
    { text: formatMean(point.mean, point.standardDeviation), isNumber: true },
    { text: format(numberOf(point, cost)), isNumber: true },
  ]);
  const caption =
    'The front on FashionMNIST: what no cheaper run reaches. Test accuracy in percent, mean ± standard deviation over seeds.';
  const headings = ['rule', 'layers', 'test accuracy', cost === 'booleanGates' ? 'Boolean gates' : 'seconds'];
  return new FormattedTable({ caption, headings, headColumns: 2, body }, front);
}
