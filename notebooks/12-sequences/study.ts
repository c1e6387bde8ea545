import {
  ArgumentError,
  cellOf,
  checkChoice,
  checkDifferent,
  compareRows,
  type Figure,
  FormattedTable,
  formatMean,
  formatSigned,
  formatTable,
  optionCurves,
  type Row,
  type Study,
  type StudyPart,
  studyRows,
  summarize,
  type TextCell,
} from 'xnorlab';
import {
  PUBLISHED_DIGITS,
  PUBLISHED_SERIES,
  PUBLISHED_SERIES_RUNS,
  type PublishedSeries,
} from './published.js';

/** Sets beside the paper's table. */
const besidePaper = (title: string, description: string, sweep: string) =>
  ({
    title,
    description,
    sweeps: [sweep],
    rows: (records) => {
      const rows = studyRows(
        records,
        ['dataset', 'rule', 'seed', 'testAccuracy', 'trainAccuracy', 'epochs'],
        {
          fold: 'dataset.protocol.fold',
          window: 'dataset.window',
          steps: 'dataset.steps',
          levels: 'binarizer.levels',
        },
      );
      seriesRuns(rows);
      return rows;
    },
    tables: (rows): Record<string, FormattedTable> => ({ accuracy: seriesTable(seriesRuns(rows)) }),
  }) satisfies StudyPart;

const series = besidePaper(
  'Time series of the UCR and UEA archives',
  'All series of a set in three folds, three runs of each; n says how many of these nine there are so far. Window lengths were chosen on validation parts of the training folds, ' +
    'the other options are those that the paper names; γ stays 15, as a schedule would need validation series of its own. The neurons that a sample corrects are chosen by the sum of ' +
    'their stabilities over the steps.',
  'sweep-series.yaml',
);

const lastStep = besidePaper(
  'The same, neurons chosen by the last step',
  'As above, but for the stability that chooses the neurons that a sample corrects: that of the last step, the other reading of the paper.',
  'sweep-series-last.yaml',
);

const rivals = {
  title: 'Other ways to train it',
  description:
    'One small network, 105 neurons in both layers, on some of the sets, one run of each of three folds: what does it lose when nothing is carried back through time, and what do ' +
    'gradients make of it? Learning rates are the defaults, nothing was chosen.',
  sweeps: ['sweep-rivals.yaml'],
  rows: (records) => {
    const rows = studyRows(records, ['dataset', 'rule', 'seed', 'testAccuracy', 'trainAccuracy', 'epochs'], {
      fold: 'dataset.protocol.fold',
      window: 'dataset.window',
      batchNorm: 'rule.batchNorm',
      localTargets: 'rule.localTargets',
    });
    checkDifferent(withMethods(rows), ['dataset', 'method', 'fold', 'seed']);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => ({
    accuracy: formatTable(
      summarize(withMethods(rows), { by: ['dataset', 'method'], value: 'testAccuracy' }),
      {
        rows: ['dataset'],
        columns: ['method'],
        caption:
          'Test accuracy in percent of a recurrent network of 105, 105 neurons, three folds: errors carried back through time (bep-tt); local targets at the last or at every step; quantization-aware training (QAT) through time without and with batch normalization (BN); floats',
      },
    ),
  }),
} satisfies StudyPart;

const windows = {
  title: 'Windows, and whose stability chooses neurons',
  description:
    'Validation accuracy on a quarter of the training part of fold 1, seed 1, 25 epochs. The sweep of the sets has the best window of each, of equal ones the shortest; ' +
    'of MelbournePedestrian one was tried. `tuning/windows.jsonl` has earlier trials, with the stability of the last step.',
  sweeps: ['tuning/series.yaml'],
  rows: (records) => {
    const rows = studyRows(records, ['dataset', 'rule', 'seed', 'validationAccuracy', 'epochs'], {
      window: 'dataset.window',
      stability: 'rule.stability',
    });
    checkDifferent(rows, ['dataset', 'window', 'stability']);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => ({
    accuracy: formatTable(
      summarize(rows, { by: ['dataset', 'stability', 'window'], value: 'validationAccuracy' }).sort(
        (one, other) =>
          Number(one.window) - Number(other.window) || compareRows(one, other, ['dataset', 'stability']),
      ),
      {
        rows: ['dataset', 'stability'],
        columns: ['window'],
        caption:
          'Validation accuracy in percent, by the number of last steps and the stability that chooses neurons',
      },
    ),
  }),
} satisfies StudyPart;

const digits = {
  title: 'Sequential MNIST',
  description:
    'The 784 pixels of a digit in so many steps, for several widths of the gate ν. The paper has 50,000 digits, 50 epochs and a group schedule; here are ' +
    '10,000 digits, 5 epochs, γ = 15 and one seed, a hundredth of the budget: only orders can be compared. A setting that was not run is a gap.',
  sweeps: ['sweep-digits.yaml'],
  rows: (records) => {
    const rows = studyRows(
      records,
      ['dataset', 'rule', 'seed', 'validationAccuracy', 'trainAccuracy', 'epochs'],
      {
        steps: 'dataset.steps',
        gate: 'rule.gate',
        limitTrain: 'dataset.limitTrain',
      },
    );
    digitRuns(rows);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => {
    const all = besidePublished(digitRuns(rows));
    return {
      accuracy: formatTable(summarize(all, { by: ['steps', 'whose', 'gate'], value: 'validationAccuracy' }), {
        rows: ['steps', 'whose'],
        columns: ['gate'],
        caption:
          'Validation accuracy in percent, by steps and gate ν. Ours: 10,000 digits, 5 epochs; published: 50,000 digits, 50 epochs',
      }),
    };
  },
  figures: (rows): Record<string, Figure> => ({
    steps: optionCurves(besidePublished(digitRuns(rows)), {
      option: 'steps',
      value: 'validationAccuracy',
      series: ['whose', 'gate'],
      xTitle: 'steps that a digit is cut into',
      yTitle: 'validation accuracy (%)',
      title: 'Sequential MNIST',
    }),
  }),
} satisfies StudyPart;

/** Recurrent networks of ±1, trained without gradients. */
export default {
  title: 'Sequences: recurrent binary networks without gradients',
  description:
    'Binary errors carried back through time (`bep-tt`): sets of the time series archives beside the table of the paper, and digits shown piece by piece.',
  main: { part: 'digits', figure: 'steps' },
  parts: { series, lastStep, rivals, windows, digits },
} satisfies Study;

/** A run on time series. */
interface SeriesRun extends Row {
  readonly dataset: string;
  /** Steps that the network is shown: the last ones, or as many as a sample was cut into. */
  readonly window: number;
  readonly levels: number;
}

/** @throws ArgumentError for a run that is none of the table */
function seriesRuns(rows: readonly Row[]): SeriesRun[] {
  const names = PUBLISHED_SERIES.map(({ dataset }) => dataset);
  const runs = rows.map((row): SeriesRun => {
    checkChoice('rule', String(cellOf(row, 'rule')), ['bep-tt']);
    const dataset = String(cellOf(row, 'dataset'));
    checkChoice('dataset', dataset, names);
    const window = Number(cellOf(row, 'window') ?? cellOf(row, 'steps'));
    return { ...row, dataset, window, levels: Number(cellOf(row, 'levels')) };
  });
  checkDifferent(runs, ['dataset', 'fold', 'seed']);
  return runs;
}

/** How runs were trained, in the order of tables. */
const METHODS = ['bep-tt', 'local, last step', 'local, every step', 'QAT', 'QAT with BN', 'floats'];

/** Rows with how they were trained, in the order of tables. @throws ArgumentError for a rule that is none of these */
function withMethods(rows: readonly Row[]): Row[] {
  return rows
    .map((row): Row & { readonly method: string } => ({ ...row, method: methodOf(row) }))
    .sort(
      (one, other) =>
        METHODS.indexOf(one.method) - METHODS.indexOf(other.method) ||
        compareRows(one, other, ['dataset', 'fold', 'seed']),
    );
}

function methodOf(row: Row): string {
  const rule = String(cellOf(row, 'rule'));
  checkChoice('rule', rule, ['bep-tt', 'qat', 'adam']);
  if (rule === 'adam') return 'floats';
  if (rule === 'qat') return cellOf(row, 'batchNorm') === 'true' ? 'QAT with BN' : 'QAT';
  const local = cellOf(row, 'localTargets');
  return local === null ? 'bep-tt' : `local, ${String(local)} step`;
}

const HEADINGS = [
  ...['data set', 'steps', 'bits', 'ours', 'n', 'published', 'difference', 'in SE'],
  ...['QAT', 'QAT with BN', '1-NN'],
];

/** Ours beside the paper's, one line a set. */
function seriesTable(runs: readonly SeriesRun[]): FormattedTable {
  const summaries = summarize(runs, { by: ['dataset', 'window', 'levels'], value: 'testAccuracy' });
  const rows = PUBLISHED_SERIES.map((published) => {
    const own = summaries.find(({ dataset }) => dataset === published.dataset);
    return { published, own, ...(own && differenceOf(own, published)) };
  });
  const number = (text: string): TextCell => ({ text, isNumber: true });
  const body = rows.map(({ published, own, difference, standardErrors }): TextCell[] => [
    { text: published.dataset },
    number(own ? String(own.window) : '–'),
    number(own ? String(own.levels) : '–'),
    number(own ? formatMean(own.mean, own.standardDeviation) : '–'),
    number(own ? String(own.n) : '0'),
    number(formatMean(published.bep, published.spread)),
    {
      ...number(difference === undefined ? '–' : formatSigned(difference, 2)),
      isBest: (standardErrors ?? -3) >= -2,
    },
    number(standardErrors === undefined ? '–' : formatSigned(standardErrors, 1)),
    number(published.qat.toFixed(2)),
    number(published.qatWithNorm.toFixed(2)),
    number(published.nearestNeighbour.toFixed(2)),
  ]);
  const plain = rows.map(
    ({ published: { dataset, bep, spread }, own, difference, standardErrors }): Row => ({
      dataset,
      published: bep,
      spread,
      n: own?.n ?? 0,
      mean: own?.mean ?? null,
      difference: difference ?? null,
      standardErrors: standardErrors ?? null,
    }),
  );
  const caption =
    'Test accuracy in percent, mean ± standard deviation: `bep-tt` here and in the paper, and its quantization-aware training (QAT), with and without batch ' +
    'normalization. 1-NN: the nearest training series by Euclidean distance, whole series, computed here on the same divisions. Steps: the last ones of each series. Bold: not more than 2 standard errors below the paper.';
  return new FormattedTable({ caption, headings: HEADINGS, headColumns: 1, body }, plain);
}

/** Ours less the paper's, and that in standard errors: of both means, by the standard deviation of the runs. */
export function differenceOf(
  {
    mean,
    n,
    standardDeviation,
  }: { readonly mean: number; readonly n: number; readonly standardDeviation: number | null },
  { bep, spread }: PublishedSeries,
): { readonly difference: number; readonly standardErrors?: number } {
  const difference = mean - bep;
  if (standardDeviation === null) return { difference };
  const error = Math.sqrt(standardDeviation ** 2 / n + spread ** 2 / PUBLISHED_SERIES_RUNS);
  return { difference, standardErrors: difference / error };
}

/** A run on digits in pieces. */
interface DigitRun extends Row {
  readonly steps: number;
  readonly gate: number;
}

/** @throws ArgumentError for a run that is no sequential MNIST */
function digitRuns(rows: readonly Row[]): DigitRun[] {
  const runs = rows.map((row): DigitRun => {
    checkChoice('rule', String(cellOf(row, 'rule')), ['bep-tt']);
    checkChoice('dataset', String(cellOf(row, 'dataset')), ['mnist']);
    const [steps, gate] = ['steps', 'gate'].map((column) => Number(cellOf(row, column)));
    if (!(steps > 0)) throw new ArgumentError('steps', 'a number of pieces', cellOf(row, 'steps'));
    return { ...row, steps, gate };
  });
  checkDifferent(runs, ['steps', 'gate', 'seed']);
  return runs;
}

/** Runs, and what is published of their settings, in the order of tables. */
function besidePublished(runs: readonly DigitRun[]): Row[] {
  const published = PUBLISHED_DIGITS.filter(({ steps, gate }) =>
    runs.some((run) => run.steps === steps && run.gate === gate),
  );
  return [
    ...runs.map((run): Row => ({ ...run, whose: 'ours' })),
    ...published.map(
      ({ accuracy, ...setting }): Row => ({ ...setting, validationAccuracy: accuracy, whose: 'published' }),
    ),
  ].sort((one, other) => compareRows(one, other, ['steps', 'whose', 'gate']));
}
