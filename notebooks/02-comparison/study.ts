import path from 'node:path';
import {
  ArgumentError,
  accuracyVersusParameters,
  captionWithLeftOut,
  cellFigures,
  cellOf,
  checkDifferent,
  compareCells,
  compareSameSeeds,
  FormattedTable,
  formatComparison,
  formatSigned,
  formatTable,
  groupRows,
  keyText,
  numberOf,
  type Row,
  type Study,
  type StudyPart,
  type SummaryRow,
  studyRows,
  summarize,
  type TextCell,
} from 'xnorlab';
import { PUBLISHED } from './published.js';

/** Its cells make the figures. */
const NOTEBOOK = path.join(__dirname, '02-comparison.ipynb');

const comparison = {
  sweeps: ['sweep-binary.yaml', 'sweep-float.yaml'],
  rows: (records) =>
    studyRows(
      records,
      [
        ...(['dataset', 'rule', 'layers', 'seed', 'testAccuracy', 'validationAccuracy'] as const),
        ...(['parameters', 'memoryMegabytes', 'booleanGates'] as const),
      ],
      { batchNorm: 'rule.batchNorm' },
    ),
  tables: (rows): Record<string, FormattedTable> => {
    const runs = beside(seriesRuns(rows));
    const summary = summarize(runs, { by: ['dataset', 'layers', 'series'], value: 'testAccuracy' });
    const datasets = groupRows(summary, ['dataset']).map((group) => [
      String(group.key.dataset),
      accuracyTable(String(group.key.dataset), group.rows, runs),
    ]);
    return { ...Object.fromEntries(datasets), ...differenceTable(summary), ...pairedTests(runs) };
  },
  figures: (rows) =>
    cellFigures(NOTEBOOK, ['accuracy', 'closer'], { accuracyVersusParameters, ...figureRows(rows) }),
} satisfies StudyPart;

const TITLE = 'Comparison of the rules';

/** The rules of the papers, accuracy over size, with the published values. */
export default {
  title: TITLE,
  description:
    'Test accuracy of every rule over the sizes of the papers: FashionMNIST and Random Prototypes with flip probability ' +
    '0.46, 50 epochs, options chosen on validation data for each size (`tuning/`), the epoch with the best validation ' +
    'accuracy. iterative: 15 epochs, and the last, as the network is binary throughout only then. Published values: ' +
    '`published.json`.',
  main: { part: 'comparison', figure: 'accuracy' },
  parts: { comparison },
} satisfies Study;

const BASELINE = 'local-error';

const COMMITTEE = 'committee';

/** In the order of columns and legends. */
const SERIES = [
  { rule: BASELINE, batchNorm: null, series: BASELINE },
  { rule: 'bep', batchNorm: null, series: 'bep' },
  { rule: COMMITTEE, batchNorm: null, series: COMMITTEE },
  { rule: 'qat', batchNorm: 'true', series: 'qat with batchNorm' },
  { rule: 'qat', batchNorm: 'false', series: 'qat without batchNorm' },
  { rule: 'sgd', batchNorm: null, series: 'sgd' },
  { rule: 'iterative', batchNorm: null, series: 'iterative' },
] as const;

/** A run under the name of its series. */
interface SeriesRun extends Row {
  readonly dataset: string;
  readonly series: string;
  /** Widths, of a committee perceptrons and units: `525,525`. */
  readonly layers: string;
  readonly seed: number;
  readonly testAccuracy: number;
  readonly parameters: number;
}

/** A run in the row of the table that it belongs to. */
interface TableRun extends SeriesRun {
  /** Of a committee, as it is called: `875-175`. */
  readonly committee: string;
}

const PUBLISHED_SERIES = PUBLISHED.map((row) => ({ ...row, series: seriesOf(row) }));

function seriesRuns(rows: readonly Row[]): SeriesRun[] {
  const runs = rows.map((row) => ({
    dataset: String(cellOf(row, 'dataset')),
    series: seriesOf(row),
    layers: String(cellOf(row, 'layers')),
    seed: numberOf(row, 'seed'),
    testAccuracy: numberOf(row, 'testAccuracy'),
    parameters: numberOf(row, 'parameters'),
  }));
  checkDifferent(runs, ['dataset', 'series', 'layers', 'seed']);
  const place = (run: SeriesRun): number => SERIES.findIndex(({ series }) => series === run.series);
  return runs.sort(
    (a, b) =>
      compareCells(a.dataset, b.dataset) ||
      place(a) - place(b) ||
      compareCells(a.layers, b.layers) ||
      a.seed - b.seed,
  );
}

function seriesOf(row: Row): string {
  const found = SERIES.find(
    ({ rule, batchNorm }) => rule === cellOf(row, 'rule') && batchNorm === cellOf(row, 'batchNorm'),
  );
  if (found) return found.series;
  throw new ArgumentError('rule', `one of ${SERIES.map(({ series }) => series).join(', ')}`, row.rule);
}

/** How much the numbers of parameters of a committee and the network that it stands beside may differ. */
const TOLERANCE = 0.05;

/**
 * Puts each committee into the row of the two-layer network with as many parameters; one without such a network keeps a
 * row of its own, the last ones.
 */
function beside(runs: readonly SeriesRun[]): TableRun[] {
  const networks = runs.filter(
    ({ series, layers }) => series !== COMMITTEE && layers.split(',').length === 2,
  );
  const placed = runs.map((run) => {
    if (run.series !== COMMITTEE) return { ...run, committee: '' };
    const distance = ({ parameters }: SeriesRun): number => Math.abs(parameters / run.parameters - 1);
    const [nearest] = networks
      .filter((network) => network.dataset === run.dataset && distance(network) <= TOLERANCE)
      .sort((a, b) => distance(a) - distance(b));
    const committee = run.layers.replace(',', '-');
    return { ...run, committee, layers: nearest?.layers ?? committee };
  });
  checkDifferent(placed, ['dataset', 'series', 'layers', 'seed']);
  return placed.sort((a, b) => compareCells(a.dataset, b.dataset) || compareCells(a.layers, b.layers));
}

function accuracyTable(
  dataset: string,
  summary: readonly SummaryRow[],
  runs: readonly TableRun[],
): FormattedTable {
  const committees = groupRows(
    runs.filter((run) => run.dataset === dataset && run.committee !== ''),
    ['committee', 'layers'],
  )
    .filter(({ key }) => key.committee !== key.layers)
    .map(({ key }) => `${key.committee} beside ${key.layers}`);
  const absent = SERIES.map(({ series }) => series).filter(
    (series) => !summary.some((group) => group.series === series),
  );
  const sentences = [
    `Test accuracy on ${dataset} in percent`,
    committees.length > 0
      ? `Committees of perceptrons and units stand beside the network with as many parameters: ${committees.join('; ')}`
      : '',
    absent.length > 0 ? `Not run: ${absent.join(', ')}` : '',
  ];
  const table = formatTable(summary, {
    rows: ['layers'],
    columns: ['series'],
    published: PUBLISHED_SERIES.filter((row) => row.dataset === dataset),
    caption: sentences.filter(Boolean).join('. '),
  });
  return withSeriesInOrder(table);
}

/** Columns come as they are found first, which is in order only when nothing is missing. */
function withSeriesInOrder({ caption, headings, headColumns, body, rows }: FormattedTable): FormattedTable {
  const order = [...headings.slice(0, headColumns), ...SERIES.map(({ series }) => series)]
    .map((heading) => headings.indexOf(heading))
    .filter((column) => column >= 0);
  const inOrder = <Entry>(entries: readonly Entry[]): Entry[] => order.map((column) => entries[column]);
  const table = {
    caption,
    headings: inOrder(headings),
    headColumns,
    body: body.map((cells) => inOrder(cells)),
  };
  return new FormattedTable(table, rows);
}

/** No table where nothing of what was run is published. */
function differenceTable(summary: readonly SummaryRow[]): Record<string, FormattedTable> {
  const keys = ['dataset', 'layers', 'series'];
  const published = new Map(PUBLISHED_SERIES.map((row) => [keyText(row, keys), row.testAccuracy]));
  const differences = summary.flatMap((group) => {
    const value = published.get(keyText(group, keys));
    if (value === undefined) return [];
    const { dataset, layers, series, n, mean } = group;
    return [{ dataset, layers, series, n, mean, published: value, difference: mean - value }];
  });
  if (differences.length === 0) return {};
  const series = groupRows(differences, ['series']).map(({ key }) => String(key.series));
  const body = groupRows(differences, ['dataset', 'layers']).map(({ key, rows }): TextCell[] => [
    { text: String(key.dataset) },
    { text: String(key.layers) },
    ...series.map((name) => {
      const found = rows.find((row) => row.series === name);
      return { text: found ? formatSigned(found.difference, 2) : '–', isNumber: true };
    }),
  ]);
  const caption = 'Mean test accuracy minus the published mean, in points.';
  const table = { caption, headings: ['dataset', 'layers', ...series], headColumns: 2, body };
  return { differences: withSeriesInOrder(new FormattedTable(table, differences)) };
}

function pairedTests(runs: readonly TableRun[]): Record<string, FormattedTable> {
  const within = ['dataset', 'layers'];
  const { effects, leftOut } = compareSameSeeds(runs, { between: 'series', within, baseline: BASELINE });
  if (effects.length === 0) return {};
  const about = `Test accuracy of each rule against ${BASELINE} with the same seeds, in points`;
  const caption = captionWithLeftOut(about, `run with other seeds or without ${BASELINE}`, leftOut);
  return { tests: formatComparison(effects, { within, caption }) };
}

/** What the figures show: all runs, those without what stretches the scale, and what is published of the same networks. */
export function figureRows(
  rows: readonly Row[],
): Readonly<Record<'runs' | 'published' | 'closeRuns' | 'closePublished', readonly Row[]>> {
  const isClose = ({ series }: Row): boolean => !STRETCHING.includes(String(series));
  const runs = seriesRuns(rows);
  const closeRuns = runs.filter(isClose);
  return {
    runs,
    published: publishedBeside(runs),
    closeRuns,
    closePublished: publishedBeside(closeRuns).filter(isClose),
  };
}

const STRETCHING: readonly string[] = [COMMITTEE, 'qat without batchNorm'];

/** What was published of the networks that were run, also of rules that were not. */
function publishedBeside(runs: readonly SeriesRun[]): (typeof PUBLISHED_SERIES)[number][] {
  return PUBLISHED_SERIES.flatMap((row) => {
    const twins = runs.filter(({ dataset, layers }) => dataset === row.dataset && layers === row.layers);
    const twin = twins.find(({ series }) => series === row.series) ?? twins[0];
    return twin ? [{ ...row, parameters: twin.parameters }] : [];
  });
}
