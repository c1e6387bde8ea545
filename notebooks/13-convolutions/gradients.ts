import {
  ArgumentError,
  cellOf,
  checkChoice,
  checkDifferent,
  FormattedTable,
  formatMean,
  formatSigned,
  type Row,
  type StudyPart,
  studyRows,
  summarize,
  type TextCell,
} from 'xnorlab';

/** Options that tell the networks of the table apart; truth values are text, and a column of a rule without the option is null. */
const OPTIONS = {
  skip: 'rule.skip',
  scaling: 'rule.scaling',
  schedule: 'rule.schedule',
  teacher: 'rule.teacher',
  distillation: 'rule.distillation',
  attention: 'rule.attention',
  batchNorm: 'rule.batchNorm',
  scaleProducts: 'rule.scaleProducts',
} as const;

const REAL_TO_BINARY = {
  rule: 'real-to-binary',
  skip: 'true',
  scaling: 'data-driven',
  teacher: 'true',
} as const;
const WITHOUT_TEACHER = { ...REAL_TO_BINARY, schedule: 'direct', teacher: 'false' } as const;

/** Lines of the table: a name, and the options that it stands for. */
const NETWORKS: readonly { readonly network: string; readonly options: Row }[] = [
  { network: 'floats', options: { rule: 'float-conv', skip: 'true' } },
  {
    network: 'all signs, no normalization',
    options: { rule: 'qat-conv', batchNorm: 'false', scaleProducts: 'false' },
  },
  {
    network: 'all signs, products over √N',
    options: { rule: 'qat-conv', batchNorm: 'false', scaleProducts: 'true' },
  },
  { network: 'all signs, batch normalization', options: { rule: 'qat-conv', batchNorm: 'true' } },
  { network: 'signs in blocks alone', options: { ...WITHOUT_TEACHER, skip: 'false', scaling: 'none' } },
  { network: '+ skip', options: { ...WITHOUT_TEACHER, scaling: 'none' } },
  { network: '+ skip, learned scaling', options: { ...WITHOUT_TEACHER, scaling: 'learned' } },
  { network: '+ skip, data-driven scaling', options: WITHOUT_TEACHER },
  { network: '+ teacher of logits', options: { ...REAL_TO_BINARY, schedule: 'direct', attention: 0 } },
  { network: '+ teacher of attention', options: { ...REAL_TO_BINARY, schedule: 'direct', attention: 1 } },
  { network: '+ two stages', options: { ...REAL_TO_BINARY, schedule: 'two-stage', attention: 1 } },
  { network: '+ tanh before', options: { ...REAL_TO_BINARY, schedule: 'progressive', attention: 1 } },
];

/** Convolutional networks of one size, trained with gradients: what signs take, and what each ingredient of real-to-binary gives back. */
export const gradients = {
  title: 'Trained with gradients: floats, signs, real-to-binary',
  description:
    'Networks with blocks of 8, 16 and 32 channels on the first 5,000 images of FashionMNIST, 8 epochs in all, stages of 2 epochs included, batches of 50, Adam with η = 0.003, one seed: ' +
    'a small budget, in which nothing but η was looked at: 0.003 was better than 0.001 after two epochs of 4,000 images, on validation images. Each line of real-to-binary adds to the one before but for learned scaling, which is in the place of data-driven scaling. ' +
    'A network that was not run is a gap.',
  sweeps: ['sweep-gradients.yaml'],
  rows: (records) => {
    const rows = studyRows(
      records,
      [
        'dataset',
        'rule',
        'seed',
        'testAccuracy',
        'validationAccuracy',
        'trainAccuracy',
        'epochs',
        'parameters',
      ],
      { limitTrain: 'dataset.limitTrain', ...OPTIONS },
    );
    networks(rows);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => ({ ingredients: ingredientsTable(networks(rows)) }),
} satisfies StudyPart;

/** @throws ArgumentError for a run that is none of the table */
function networks(rows: readonly Row[]): Row[] {
  const named = rows.map((row): Row => {
    checkChoice('dataset', String(cellOf(row, 'dataset')), ['fashion-mnist']);
    const found = NETWORKS.find(({ options }) =>
      Object.entries(options).every(([column, value]) => row[column] === value),
    );
    if (!found) throw new ArgumentError('rule', 'a network of the table of gradients', JSON.stringify(row));
    return { ...row, network: found.network };
  });
  checkDifferent(named, ['network', 'seed']);
  return named;
}

/** One line a network, with how far it is below floats. */
function ingredientsTable(runs: readonly Row[]): FormattedTable {
  const [test, validation] = (['testAccuracy', 'validationAccuracy'] as const).map((value) =>
    summarize(runs, { by: ['network'], value }),
  );
  const meanOf = (summaries: typeof test, network: string) =>
    summaries.find((one) => one.network === network);
  const float = meanOf(test, 'floats')?.mean;
  const plain = NETWORKS.map(({ network }): Row => {
    const [own, shown] = [meanOf(test, network), meanOf(validation, network)];
    return {
      network,
      n: own?.n ?? 0,
      validation: shown?.mean ?? null,
      test: own?.mean ?? null,
      standardDeviation: own?.standardDeviation ?? null,
      belowFloats: own && float !== undefined ? own.mean - float : null,
    };
  });
  const number = (cell: Row[string], text: (value: number) => string): TextCell => ({
    text: typeof cell === 'number' ? text(cell) : '–',
    isNumber: true,
  });
  const body = plain.map((row): TextCell[] => [
    { text: String(row.network) },
    number(row.n, String),
    number(row.validation, (value) => value.toFixed(2)),
    number(row.test, (value) => formatMean(value, row.standardDeviation as number | null)),
    number(row.belowFloats, (value) => formatSigned(value, 2)),
  ]);
  const caption =
    'Accuracy in percent on FashionMNIST, mean ± standard deviation of n seeds. First layer and read-out are floats where signs are in blocks alone. ' +
    'The budget is the same for all: teachers and stages take their epochs of it.';
  const headings = ['network', 'n', 'validation', 'test', 'less floats'];
  return new FormattedTable({ caption, headings, headColumns: 1, body }, plain);
}
