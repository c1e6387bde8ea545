import {
  compareRows,
  type Figure,
  FormattedTable,
  formatMean,
  keyText,
  optionCurves,
  panels,
  type Row,
  type RunRecord,
  type StudyPart,
  studyRows,
  type TextCell,
} from 'xnorlab';
import { ALL_ZEROS, READINGS } from './compared.js';
import { LBES_CURVES } from './published.js';
import { number } from './tables.js';
import { summariesBy } from './verdicts.js';

const NETWORKS = [...new Set(LBES_CURVES.map(({ dataset, layers }) => `${dataset} ${layers}`))];

const EPOCHS = [...new Set(LBES_CURVES.map(({ epoch }) => epoch))];

/** Accuracies after some of the 50 epochs, published and ours. */
export const curves = {
  title: 'D. Epoch by epoch',
  description:
    'Accuracy on the samples held out and on those that train, after some of 50 epochs: the published means of ten runs and ours in both readings.',
  sweeps: ['sweep-sizes.yaml', 'sweep-zeros.yaml'],
  rows: curveRows,
  tables: (rows): Record<string, FormattedTable> => ({ epochs: epochTable(rows) }),
  figures: (rows): Record<string, Figure> => ({ epochs: epochFigure(rows) }),
} satisfies StudyPart;

function curveRows(records: readonly RunRecord[]): Row[] {
  const rows = records.flatMap((record): Row[] => {
    const [run] = studyRows([record], ['dataset', 'layers', 'seed'], { zeros: 'rule.zeros' });
    if (!NETWORKS.includes(`${run.dataset} ${run.layers}`)) return [];
    return record.epochs
      .filter(({ epoch }) => EPOCHS.includes(epoch))
      .map(({ epoch, testAccuracy, trainAccuracy }) => ({ ...run, epoch, testAccuracy, trainAccuracy }));
  });
  return rows.sort((one, other) => compareRows(one, other, ['dataset', 'layers', 'zeros', 'seed', 'epoch']));
}

const BY = ['dataset', 'layers', 'zeros', 'epoch'];

function epochTable(rows: readonly Row[]): FormattedTable {
  const [tests, trains] = ['testAccuracy', 'trainAccuracy'].map((value) => summariesBy(rows, BY, value));
  const body = LBES_CURVES.map((point): TextCell[] => {
    const { dataset, layers, epoch } = point;
    const cells = (summaries: typeof tests): TextCell[] =>
      READINGS.map(({ zeros }) => {
        const found = summaries.get(keyText({ dataset, layers, zeros, epoch }, BY));
        return number(found ? formatMean(found.mean, found.standardDeviation) : '–');
      });
    return [
      { text: dataset },
      { text: layers },
      number(String(epoch)),
      number(`${point.testAccuracy.toFixed(2)} ± ${point.spread.toFixed(2)}`),
      ...cells(tests),
      number(point.trainAccuracy.toFixed(2)),
      ...cells(trains),
    ];
  });
  const caption =
    'Accuracy (%) after so many epochs: held out, and in training; published mean ± population standard deviation of 10 runs, ours mean ± standard deviation.';
  const readings = READINGS.map(({ reading }) => reading);
  const headings = [
    ...['data', 'network', 'epoch', 'published', ...readings, 'training, published'],
    ...readings.map((reading) => `training, ${reading}`),
  ];
  return new FormattedTable({ caption, headings, headColumns: 3, body }, rows);
}

/** A panel for each network, of training accuracy, which varies less from run to run. */
function epochFigure(rows: readonly Row[]): Figure {
  const readingOf = (zeros: Row[string]): string =>
    zeros === ALL_ZEROS ? READINGS[1].reading : READINGS[0].reading;
  const shown: Row[] = [
    ...LBES_CURVES.map((row) => ({ ...row, series: 'published' })),
    ...rows.map((row) => ({ ...row, series: readingOf(row.zeros) })),
  ];
  const figures = NETWORKS.map((network) =>
    optionCurves(
      shown.filter(({ dataset, layers }) => `${dataset} ${layers}` === network),
      {
        ...{ option: 'epoch', value: 'trainAccuracy', series: 'series' },
        ...{ title: network, yTitle: 'training accuracy (%)' },
      },
    ),
  );
  return panels(figures, { title: 'Training accuracy, epoch by epoch' });
}
