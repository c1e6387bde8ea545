import {
  captionWithLeftOut,
  cellOf,
  checkDifferent,
  compareCells,
  compareSameSeeds,
  effectSizes,
  type FormattedTable,
  formatComparison,
  formatTable,
  groupRows,
  numberOf,
  type Row,
  type StudyPart,
  studyRows,
  summarize,
} from 'xnorlab';

/** What each option of local-error that is not in the papers brings. */
export const beyondThePapers = {
  title: 'One option at a time',
  description:
    'What each option brings against the default of the same data set: networks of 255,255 with groups of 51 neurons, 50 epochs, the epoch with the best validation accuracy.',
  sweeps: ['sweep-options.yaml', 'sweep-thermometer.yaml'],
  rows: (records) =>
    studyRows(records, ['dataset', 'layers', 'seed', 'testAccuracy', 'validationAccuracy'], {
      groupSize: 'rule.groupSize',
      robustness: 'rule.robustness',
      readOut: 'rule.readOut',
      patience: 'rule.groupSchedule.patience',
      epochsPerLayer: 'rule.greedy.epochsPerLayer',
      inputFlipProbability: 'rule.inputFlipProbability',
      majorityAfterEpochs: 'rule.majorityAfterEpochs',
      levels: 'binarizer.levels',
      thresholds: 'binarizer.thresholds',
    }),
  tables: (rows): Record<string, FormattedTable> => {
    const runs = optionRuns(rows);
    const summary = summarize(runs, { by: ['dataset', 'option'], value: 'testAccuracy' });
    const caption = 'Test accuracy in percent';
    return {
      accuracy: formatTable(summary, { rows: ['option'], columns: ['dataset'], bestPer: 'column', caption }),
      ...effectTable(runs),
    };
  },
  figures: (rows) => {
    const effects = groupRows(compareSameSeeds(optionRuns(rows), PAIRING).effects, ['dataset']);
    return Object.fromEntries(
      effects.map(({ key: { dataset }, rows: own }) => [
        String(dataset),
        effectSizes(
          own.map((effect) => ({ ...effect, name: String(effect.first) })),
          { title: `Against the default, ${dataset}`, xTitle: 'Δ accuracy (points)' },
        ),
      ]),
    );
  },
} satisfies StudyPart;

const DEFAULT = 'default';

/** Of the sweeps. */
const DEFAULT_GROUP_SIZE = 51;

interface OptionRun extends Row {
  readonly dataset: string;
  /** In what it differs from the default. */
  readonly option: string;
  readonly seed: number;
  readonly testAccuracy: number;
}

/** The default first, then one option, then combinations. */
function optionRuns(rows: readonly Row[]): OptionRun[] {
  const runs = rows.map((row) => {
    const options = optionsOf(row);
    return {
      dataset: String(cellOf(row, 'dataset')),
      count: options.length,
      option: options.join(', ') || DEFAULT,
      seed: numberOf(row, 'seed'),
      testAccuracy: numberOf(row, 'testAccuracy'),
    };
  });
  checkDifferent(runs, ['dataset', 'option', 'seed']);
  return runs
    .sort(
      (a, b) => compareCells(a.dataset, b.dataset) || a.count - b.count || compareCells(a.option, b.option),
    )
    .map(({ count, ...run }) => run);
}

function optionsOf(row: Row): string[] {
  const groupSize = cellOf(row, 'groupSize');
  const [patience, epochsPerLayer, levels, majorityAfterEpochs] = [
    'patience',
    'epochsPerLayer',
    'levels',
    'majorityAfterEpochs',
  ].map((name) => cellOf(row, name));
  const flips = numberOf(row, 'inputFlipProbability');
  return [
    groupSize === DEFAULT_GROUP_SIZE ? '' : `groups of ${groupSize}`,
    patience === null ? '' : `groups grow, patience ${patience}`,
    cellOf(row, 'readOut') === 'summed' ? 'summed read-out' : '',
    majorityAfterEpochs === null ? '' : `majority after ${majorityAfterEpochs} epochs`,
    epochsPerLayer === null ? '' : `greedy, ${epochsPerLayer} epochs per layer`,
    flips === 0 ? '' : `input flips ${flips}`,
    levels === null ? '' : `thermometer of ${levels}, ${cellOf(row, 'thresholds')}`,
  ].filter(Boolean);
}

const PAIRING = { between: 'option', within: ['dataset'], baseline: DEFAULT };

function effectTable(runs: readonly OptionRun[]): Record<string, FormattedTable> {
  const { effects, leftOut } = compareSameSeeds(runs, PAIRING);
  if (effects.length === 0) return {};
  const about = 'Test accuracy with an option against the default with the same seeds, in points';
  const caption = captionWithLeftOut(about, 'run with other seeds or without the default', leftOut);
  return { effects: formatComparison(effects, { within: PAIRING.within, caption }) };
}
