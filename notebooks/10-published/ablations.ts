import {
  FormattedTable,
  formatMean,
  formatSigned,
  type Row,
  type StudyPart,
  studyRows,
  type TextCell,
} from 'xnorlab';
import { type AblationRow, BEP_ABLATIONS, PUBLISHED_RUNS_OF_BEP } from './published.js';
import { number } from './tables.js';
import { summariesBy, type Verdict, verdictOf } from './verdicts.js';

/** What the varied option is at where another one is varied, on FashionMNIST. */
const DEFAULTS = { robustness: 0.5, reinforcement: 0.5, gate: 0.05 } as const;

const SYMBOLS = { robustness: 'r', reinforcement: 'p_r', gate: 'ν' } as const;

/** The ablations of BEP. */
export const bep = {
  title: 'C. Ablations of BEP',
  description:
    'Validation accuracy by margin r, reinforcement p_r and gate ν, beside the points of the figures of the paper. Group sizes and their ' +
    'schedule are not stated there; ours are those of the study `comparison` (`sweep-bep.yaml`).',
  sweeps: ['sweep-bep.yaml'],
  rows: (records) =>
    studyRows(records, ['dataset', 'layers', 'seed', 'validationAccuracy', 'testAccuracy'], {
      robustness: 'rule.robustness',
      reinforcement: 'rule.reinforcement',
      gate: 'rule.gate',
    }),
  tables: (rows): Record<string, FormattedTable> => ({ ablations: ablationTable(ablationRows(rows)) }),
} satisfies StudyPart;

/** Every published point, with ours where it was run. */
export function ablationRows(rows: readonly Row[]): (AblationRow & Partial<Verdict>)[] {
  return BEP_ABLATIONS.map((point) => {
    const { option, dataset, layers, value } = point;
    const own = rows.filter(
      (row) => row.dataset === dataset && row.layers === layers && isSetTo(row, option, value),
    );
    const [summary] = summariesBy(own, ['dataset', 'layers'], 'validationAccuracy').values();
    if (!summary) return point;
    const runs = PUBLISHED_RUNS_OF_BEP;
    return { ...point, ...verdictOf(summary, { published: point.validationAccuracy, spread: null, runs }) };
  });
}

/** Whether a run has an option at a value and, on FashionMNIST, where all three are varied, the others at their defaults. */
function isSetTo(row: Row, option: AblationRow['option'], value: number): boolean {
  if (row[option] !== value) return false;
  if (row.dataset !== 'fashion-mnist') return true;
  return Object.entries(DEFAULTS).every(([other, own]) => other === option || row[other] === own);
}

function ablationTable(points: readonly (AblationRow & Partial<Verdict>)[]): FormattedTable {
  const body = points.map((row): TextCell[] => {
    const { dataset, layers, option, value, validationAccuracy, mean, standardDeviation = null, n } = row;
    const setting = [
      { text: dataset },
      { text: networkOf(layers) },
      { text: `${SYMBOLS[option]} ${value}` },
      number(validationAccuracy.toFixed(2)),
    ];
    if (mean === undefined) return [...setting, ...['–', '–', '–'].map(number), { text: '–' }];
    return [
      ...setting,
      number(formatMean(mean, standardDeviation)),
      number(String(n)),
      number(formatSigned(mean - validationAccuracy, 2)),
      { text: row.verdict ?? '–', isBest: row.verdict === 'agrees' },
    ];
  });
  const caption =
    'Validation accuracy (%) of the best epoch, published (read from the figures), ours mean ± standard deviation of n runs. No spread is ' +
    `published: it is taken to be that of ours, over ${PUBLISHED_RUNS_OF_BEP} runs. A dash: not run here.`;
  const headings = ['data', 'network', 'option', 'published', 'ours', 'n', 'difference', 'verdict'];
  return new FormattedTable({ caption, headings, headColumns: 3, body }, points);
}

function networkOf(layers: string): string {
  const widths = layers.split(',');
  return widths.length > 2 ? `${widths[0]} × ${widths.length}` : layers;
}
