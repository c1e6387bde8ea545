import {
  compareRows,
  FormattedTable,
  formatMean,
  groupRows,
  type Row,
  type RunRecord,
  type StudyPart,
  studyRows,
  summarize,
  type TextCell,
} from 'xnorlab';
import { number } from './tables.js';

/** What the order in which layers become binary is worth. */
export const iterative = {
  title: 'E. Order of iterative binarization',
  description:
    'Layers of a float network become binary one after the other, weights and activations together, five epochs apart; layer 1 is that at the inputs, the last ' +
    'that of the classes. How far validation accuracy falls where a layer is the first is its sensitivity.',
  sweeps: ['sweep-iterative.yaml'],
  rows: orderRows,
  tables: (rows): Record<string, FormattedTable> => ({ order: orderTable(rows) }),
} satisfies StudyPart;

function orderRows(records: readonly RunRecord[]): Row[] {
  const rows = records.map((record): Row => {
    const { epochs } = record;
    const columns = { order: 'rule.order', epochsPerStage: 'rule.epochsPerStage' };
    const [{ epochsPerStage, ...run }] = studyRows([record], ['layers', 'seed', 'testAccuracy'], columns);
    const validationAfter = (epoch: number): number | null => epochs[epoch - 1].validationAccuracy ?? null;
    return {
      ...run,
      floatAccuracy: validationAfter(Number(epochsPerStage) - 1),
      firstAccuracy: validationAfter(Number(epochsPerStage)),
      lastAccuracy: validationAfter(epochs.length),
    };
  });
  return rows.sort((one, other) => compareRows(one, other, ['layers', 'order', 'seed']));
}

function orderTable(rows: readonly Row[]): FormattedTable {
  const falls = rows.map((row) => ({ ...row, fall: Number(row.floatAccuracy) - Number(row.firstAccuracy) }));
  const body = groupRows(falls, ['layers', 'order']).map(({ key, rows: own }): TextCell[] => {
    const cells = ['floatAccuracy', 'fall', 'lastAccuracy', 'testAccuracy'].map((value) => {
      const [{ mean, standardDeviation }] = summarize(own, { by: ['layers', 'order'], value });
      return number(formatMean(mean, standardDeviation));
    });
    return [{ text: String(key.layers) }, { text: String(key.order) }, number(String(own.length)), ...cells];
  });
  const caption =
    'FashionMNIST, accuracy (%), mean ± standard deviation of n runs: on validation data in float, how far it falls when the first layer of the order becomes binary, ' +
    'and when all are; on test data when all are.';
  const headings = [
    'network',
    'order',
    'n',
    'float',
    'fall at the first',
    'binary, validation',
    'binary, test',
  ];
  return new FormattedTable({ caption, headings, headColumns: 2, body }, rows);
}
