import { FormattedTable, formatMean, formatSigned, groupRows, type Row, type TextCell } from 'xnorlab';
import { type Compared, READINGS } from './compared.js';
import { PUBLISHED_RUNS, type PublishedRow, reasonNotRun, SETTING_COLUMNS } from './published.js';
import { verdictOfDifference } from './verdicts.js';

/** The experiments of LBES, as headings of its tables. */
export const EXPERIMENTS: Readonly<Record<string, string>> = {
  sizes: 'LBES with two hidden layers',
  depth: 'LBES by depth, groups of 115',
  'group-sizes': 'LBES with one hidden layer, by group size γ',
  robustness: 'LBES with one hidden layer, by robustness r',
  classifiers: 'LBES with trained classifiers',
  clip: 'LBES by bits of hidden weights; the authors bound |h| by 1, 8, 16, … 128, we by 2^(B − 1) − 1',
  committees: 'Committees with the memory of the networks with two hidden layers',
  'committee-groups': 'Committees whose perceptrons are grouped otherwise, and of two layers',
  float:
    'Float networks with the memory of the binary ones, as the authors count it: narrower, with float inputs on 1/32 of the images',
  tables: 'Tables of UCI, LBES and committees of the same memory',
};

/** A network in a few characters: `525,525`, `1035 × 10`, of a committee `44-4`, of two layers `44-4, 44-4`. */
export function networkOf({ rule, layers }: PublishedRow): string {
  const widths = layers.split(',');
  if (rule === 'committee') {
    return widths
      .flatMap((perceptrons, i) => (i % 2 === 0 ? [`${perceptrons}-${widths[i + 1]}`] : []))
      .join(', ');
  }
  return widths.length > 3 ? `${widths[0]} × ${widths.length}` : layers;
}

/** What else tells rows of an experiment apart: `γ 45`. */
export function settingOf(row: PublishedRow): string {
  switch (row.experiment) {
    case 'robustness':
      return `γ ${row.groupSize}, r ${row.robustness}`;
    case 'clip':
      return `B ${row.hiddenBits}`;
    case 'float':
      return `${row.rule}, ${row.inputs === 'binarized' ? 'binary' : 'float'} inputs`;
    case 'committees':
    case 'committee-groups':
      return '';
    case 'tables':
      return row.rule === 'committee' ? `r ${row.robustness}` : `γ ${row.groupSize}`;
    default:
      return `γ ${row.groupSize}`;
  }
}

export const number = (text: string): TextCell => ({ text, isNumber: true });

function percent(value: number | null | undefined): TextCell {
  return number(value === null || value === undefined ? '–' : value.toFixed(2));
}

/** Ours, its distance in standard errors, and the verdict. */
function readingCells(row: Compared | undefined): TextCell[] {
  if (row?.mean === undefined) return [number('–'), number('–'), { text: '–' }];
  const { mean, standardDeviation = null, standardErrors, verdict } = row;
  return [
    number(formatMean(mean, standardDeviation)),
    number(typeof standardErrors === 'number' ? formatSigned(standardErrors, 1) : '–'),
    { text: verdict ?? '–', isBest: verdict === 'agrees' },
  ];
}

/** One experiment: every published row that was run, in its readings. */
export function experimentTable(compared: readonly Compared[]): FormattedTable {
  const own = compared.filter(({ mean }) => mean !== undefined);
  const hasZeros = own.some(({ reading }) => reading === 'with zeros');
  const readings = READINGS.filter(({ reading }) => hasZeros || reading === 'strictly binary');
  const groups = groupRows(own, ['experiment', ...SETTING_COLUMNS, 'published']);
  const body = groups.map(({ rows }): TextCell[] => {
    const [row] = rows;
    const inReadings = readings.map(({ reading }) => rows.find((each) => each.reading === reading));
    return [
      { text: row.dataset },
      { text: networkOf(row) },
      { text: settingOf(row) },
      number(`${row.published.toFixed(2)} ± ${row.spread.toFixed(2)}`),
      ...inReadings.flatMap(readingCells),
      percent(row.publishedTrain),
      ...inReadings.map((each) => percent(each?.trainMean)),
    ];
  });
  const runs = [...new Set(own.map(({ n }) => Number(n)))].sort((a, b) => a - b);
  const [{ experiment }] = compared;
  const table = {
    caption:
      `${EXPERIMENTS[experiment]}. Accuracy on the samples held out (%), published mean ± population standard deviation of ${PUBLISHED_RUNS} ` +
      `runs, ours mean ± standard deviation of ${runs.join(' or ')}; difference in standard errors; training accuracy (%) of the last epoch.`,
    headings: [
      ...['data', 'network', 'setting', 'published'],
      ...readings.flatMap(({ reading }) => [reading, 'in SE', 'verdict']),
      'training, published',
      ...readings.map(({ reading }) => `training, ${reading}`),
    ],
    headColumns: 3,
    body,
  };
  return new FormattedTable(table, own);
}

/** How many rows agree, by experiment. */
export function verdictTable(compared: readonly Compared[]): FormattedTable {
  const counts = groupRows(compared, ['experiment']).map(({ key, rows }): Row => {
    const settings = groupRows(rows, [...SETTING_COLUMNS, 'published']).length;
    const count = (reading: string, verdict: string): number =>
      rows.filter((row) => row.reading === reading && row.verdict === verdict).length;
    return {
      ...key,
      published: settings,
      run: rows.filter(({ reading }) => reading === 'strictly binary').length,
      ...Object.fromEntries(
        READINGS.flatMap(({ reading }) =>
          VERDICTS.map((verdict) => [`${reading}: ${verdict}`, count(reading, verdict)]),
        ),
      ),
    };
  });
  const columns = Object.keys(counts[0]).slice(1);
  const sum: Row = Object.fromEntries(
    columns.map((column) => [column, counts.reduce((total, row) => total + Number(row[column]), 0)]),
  );
  const body = [...counts, { experiment: 'all', ...sum }].map((row: Row): TextCell[] => [
    { text: String(row.experiment) },
    ...columns.map((column) => number(String(row[column]))),
  ]);
  const caption =
    'Rows of the published tables of LBES, those run here, and what came out: agrees within 2 standard errors, above, below.';
  return new FormattedTable({ caption, headings: ['experiment', ...columns], headColumns: 1, body }, counts);
}

const VERDICTS = ['agrees', 'above', 'below'] as const;

/** The headline of the paper, +35.47: LBES 35,35 minus the committee 44-4 on Prototypes. */
export function headlineTable(compared: readonly Compared[]): FormattedTable {
  const results = READINGS.flatMap(({ reading }): Row[] => {
    const own = compared.filter((row) => row.dataset === 'prototypes' && row.reading === reading);
    const network = own.find(({ experiment, layers }) => experiment === 'sizes' && layers === '35,35');
    const committee = own.find(({ experiment, layers }) => experiment === 'committees' && layers === '44,4');
    return network && committee ? [{ reading, ...verdictOfDifference(network, committee) }] : [];
  });
  const body = results.map((row): TextCell[] => [
    { text: String(row.reading) },
    number(formatSigned(Number(row.published), 2)),
    number(`${formatSigned(Number(row.mean), 2)} ± ${Number(row.error).toFixed(2)}`),
    number(formatSigned(Number(row.standardErrors), 1)),
    { text: String(row.verdict), isBest: row.verdict === 'agrees' },
  ]);
  const caption =
    'The headline of the paper: LBES 35,35 minus the committee 44-4 on Prototypes, in points; ours ± standard error.';
  return new FormattedTable(
    { caption, headings: ['reading', 'published', 'ours', 'in SE', 'verdict'], headColumns: 1, body },
    results,
  );
}

/** What is missing, and why. */
export function notRunTable(compared: readonly Compared[]): FormattedTable {
  const reasons = compared
    .filter(({ reading }) => reading === 'not run')
    .map((row) => ({
      experiment: row.experiment,
      dataset: row.dataset.startsWith('uci') ? 'UCI' : row.dataset,
      reason: reasonNotRun(row),
    }));
  const groups = groupRows(reasons, ['experiment', 'dataset', 'reason']).map(({ key, rows }) => ({
    ...key,
    rows: rows.length,
  }));
  const body = groups.map((group: Row): TextCell[] => [
    ...['experiment', 'dataset'].map((column) => ({ text: String(group[column]) })),
    number(String(group.rows)),
    { text: String(group.reason) },
  ]);
  const caption = 'Published rows that were not run, and why.';
  return new FormattedTable(
    { caption, headings: ['experiment', 'data', 'rows', 'reason'], headColumns: 2, body },
    groups,
  );
}
