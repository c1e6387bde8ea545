import {
  type Cell,
  checkDifferent,
  FormattedTable,
  formatMean,
  type Row,
  type StudyPart,
  type SummaryRow,
  studyRows,
  summarize,
  type TextCell,
} from 'xnorlab';

/** The best fully binary networks that we found. */
export const best = {
  title: 'Several together: the best networks',
  description:
    'The best fully binary networks that we found. They were chosen on validation data (`tuning/`), with other seeds than ' +
    'these and, for prototypes, on other samples.',
  sweeps: ['sweep-best.yaml'],
  rows: (records) =>
    studyRows(records, ['dataset', 'layers', 'seed', 'testAccuracy', 'validationAccuracy', 'parameters'], {
      groupSize: 'rule.groupSize',
      robustness: 'rule.robustness',
      readOut: 'rule.readOut',
      inputFlipProbability: 'rule.inputFlipProbability',
      majorityAfterEpochs: 'rule.majorityAfterEpochs',
      levels: 'binarizer.levels',
    }),
  tables: (rows) => ({ accuracy: accuracyTable(rows) }),
} satisfies StudyPart;

/** Columns that say which network it is. */
const NETWORK = [
  'dataset',
  'layers',
  'levels',
  'groupSize',
  'robustness',
  'inputFlipProbability',
  'majorityAfterEpochs',
  'readOut',
] as const;

const HEADINGS = [
  'data set',
  'layers',
  'thermometer levels',
  'group size',
  'robustness',
  'input flips',
  'majority after epochs',
  'read-out',
];

/** Test accuracies in percent that we set out to reach. */
const AIMS: Readonly<Record<string, number>> = { 'fashion-mnist': 87.5, prototypes: 78.5 };

/** Percent that maximum likelihood reaches, which knows the prototypes: no learner can pass it. */
const LIMITS: Readonly<Record<string, number>> = { prototypes: 81.5 };

function accuracyTable(rows: readonly Row[]): FormattedTable {
  checkDifferent(rows, [...NETWORK, 'seed']);
  const summary = summarize(rows, { by: NETWORK, value: 'testAccuracy' }).map(
    (group): SummaryRow => ({
      ...group,
      aim: AIMS[String(group.dataset)] ?? null,
      limit: LIMITS[String(group.dataset)] ?? null,
    }),
  );
  const body = summary.map((group): TextCell[] => [
    ...NETWORK.map((column) => textCell(group[column])),
    {
      text: formatMean(group.mean, group.standardDeviation),
      isNumber: true,
      isBest: typeof group.aim === 'number' && group.mean >= group.aim,
    },
    textCell(group.n),
    textCell(group.aim),
    textCell(group.limit),
  ]);
  const caption =
    'Test accuracy in percent, mean ± standard deviation over n runs, in bold where it reaches the aim that was set ' +
    'before; the limit is what maximum likelihood reaches with the prototypes known.';
  const headings = [...HEADINGS, 'test accuracy', 'n', 'aim', 'limit'];
  return new FormattedTable({ caption, headings, headColumns: NETWORK.length, body }, summary);
}

function textCell(cell: Cell): TextCell {
  return { text: String(cell ?? '–'), isNumber: typeof cell === 'number' };
}
