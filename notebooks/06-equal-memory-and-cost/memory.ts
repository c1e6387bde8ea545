import {
  ArgumentError,
  accuracyVersusParameters,
  compare,
  compareRows,
  formatComparison,
  formatTable,
  numberOf,
  type Row,
  runRows,
  type StudyPart,
  summarize,
} from 'xnorlab';
import { comparisonRuns, isMatched, PUBLISHED_OF_MATCHED } from './comparison.js';

/** SGD with the memory that the binary run of the same widths takes, by what a pixel takes. */
export const equalMemory = {
  title: 'A. The same memory',
  description:
    'FashionMNIST: `local-error` on all images against `sgd` on as many as fit into the same total memory, with 32, 8 and ' +
    '1 bits per pixel. Two hidden layers, the epoch with the best validation accuracy, learning rates chosen on validation ' +
    'data (`tuning/`).',
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    const columns = { learningRate: 'rule.learningRate', samples: 'dataset.limitTrain' };
    return (
      runRows(records, { columns })
        // The time of a run is none of its results, the memory of a record is with 32 or 1 bits per pixel, and all have one protocol.
        .map(
          ({ trainSeconds, memoryMegabytes, protocol, ...row }): Row => ({
            ...row,
            pixelBits: pixelBitsOf(row),
          }),
        )
        .sort(
          (one, other) =>
            compareRows(one, other, ['layers']) ||
            compareRows(other, one, ['pixelBits']) ||
            compareRows(one, other, ['seed']),
        )
    );
  },
  tables: (rows) => {
    const runs = withBinary(rows);
    return {
      accuracy: formatTable(summarize(runs, { by: ['layers', 'series'], value: 'testAccuracy' }), {
        rows: ['layers'],
        columns: ['series'],
        published: PUBLISHED_OF_MATCHED.map((row) => ({ ...row, series: BINARY })),
        caption:
          'Test accuracy on FashionMNIST (%) with the same total memory in training, by bits per pixel',
      }),
      differences: formatComparison(
        compare(runs, { between: 'series', within: ['layers'], baseline: BINARY, value: 'testAccuracy' }),
        {
          within: ['layers'],
          caption: 'Test accuracy on FashionMNIST with the same total memory, in points',
        },
      ),
    };
  },
  figures: (rows) => ({
    accuracy: accuracyVersusParameters(withBinary(rows), {
      series: 'series',
      x: 'width',
      published: PUBLISHED_OF_MATCHED.map((row) => ({ ...row, series: BINARY })),
      title: 'Equal memory, bits per pixel',
    }),
  }),
} satisfies StudyPart;

const BINARY = 'local-error, 1 bit';

/** Epochs of SGD by bits per pixel: more images take more time. */
const EPOCHS: ReadonlyMap<number, number> = new Map([
  [32, 40],
  [8, 12],
  [1, 4],
]);

/** @throws ArgumentError for a run that is not of the sweep */
function pixelBitsOf({ epochs }: Row): number {
  for (const [bits, own] of EPOCHS) if (own === epochs) return bits;
  throw new ArgumentError('epochs', `one of ${[...EPOCHS.values()].join(', ')}`, epochs);
}

/** The runs of SGD, and the binary ones whose memory they have, by series. */
function withBinary(rows: readonly Row[]): Row[] {
  return [
    ...comparisonRuns()
      .filter(isMatched)
      .map((row) => ({ ...row, series: BINARY })),
    ...rows.map((row) => ({ ...row, series: seriesOf(numberOf(row, 'pixelBits')) })),
  ];
}

function seriesOf(pixelBits: number): string {
  return `sgd, ${pixelBits} bit${pixelBits === 1 ? '' : 's'}`;
}
