import { type FormattedTable, type Row, type StudyPart, studyRows } from 'xnorlab';
import { figure2Rows, figure2Table } from './bep.js';

/** Figure 2 of BEP once more, its rule with groups that grow, as the paper has it. */
export const growing = {
  title: 'F. BEP with groups that grow',
  description:
    'The rule of the paper lets its groups grow while validation accuracy stagnates; the runs of the study `comparison` do so in two sizes alone. ' +
    'Here all of them do (`sweep-growing-groups.yaml`), options chosen on validation data (`tuning/growing-groups.yaml`).',
  sweeps: ['sweep-growing-groups.yaml'],
  rows: (records): Row[] =>
    studyRows(records, ['dataset', 'rule', 'layers', 'seed', 'validationAccuracy', 'testAccuracy'], {
      groupSize: 'rule.groupSize',
      robustness: 'rule.robustness',
      gate: 'rule.gate',
      batchNorm: 'rule.batchNorm',
    }),
  tables: (rows): Record<string, FormattedTable> => ({
    'growing-groups': figure2Table(figure2Rows(rows), 'this sweep'),
  }),
} satisfies StudyPart;
