import type { Figure, FormattedTable, StudyPart } from 'xnorlab';
import { agreement } from './agreement.js';
import { comparisonRuns, figure2Rows, figure2Table } from './bep.js';
import { comparedRows, publishedRows } from './compared.js';
import { EXPERIMENTS, experimentTable, headlineTable, notRunTable, verdictTable } from './tables.js';

/** Every row of the tables of LBES. */
export const published = {
  title: 'A. LBES, row by row',
  description:
    'Each row of the published result tables on data that can be had, under the protocol of the published code, beside ours: strictly ' +
    'binary, and with the zeros of that code. Difference in standard errors of it; within 2, a row agrees.',
  sweeps: [
    'sweep-sizes.yaml',
    'sweep-depth.yaml',
    'sweep-group-sizes.yaml',
    'sweep-robustness.yaml',
    'sweep-classifiers.yaml',
    'sweep-clip.yaml',
    'sweep-committees.yaml',
    'sweep-committee-groups.yaml',
    'sweep-committee-layers.yaml',
    'sweep-tables.yaml',
    'sweep-float.yaml',
    'sweep-zeros.yaml',
    'sweep-zeros-others.yaml',
    'sweep-zeros-groups.yaml',
  ],
  rows: publishedRows,
  tables: (rows): Record<string, FormattedTable> => {
    const compared = comparedRows(rows);
    const experiments = Object.keys(EXPERIMENTS).filter((experiment) =>
      compared.some((row) => row.experiment === experiment && row.mean !== undefined),
    );
    return {
      verdicts: verdictTable(compared),
      headline: headlineTable(compared),
      'bep-figure-2': figure2Table(figure2Rows(comparisonRuns()), 'the study comparison'),
      ...Object.fromEntries(
        experiments.map((experiment) => [
          experiment,
          experimentTable(compared.filter((row) => row.experiment === experiment)),
        ]),
      ),
      'not-run': notRunTable(compared),
    };
  },
  figures: (rows): Record<string, Figure> => ({ agreement: agreement(comparedRows(rows)) }),
} satisfies StudyPart;
