import {
  ArgumentError,
  type Dataset,
  formatTable,
  loadDataset,
  optionCurves,
  RandomStream,
  type Row,
  type StudyPart,
  sortDifferent,
  summarize,
  type TrainedRun,
  train,
} from 'xnorlab';

/** Share of the weights of the first layer that are flipped, of every range of depth. */
const FLIPPED_SHARE = 0.08;

const HIDDEN = 'layer-1/hidden';

const KEY = ['protection', 'seed', 'depth'];

/** What is trained: layers 512,512 on one task, without consolidation and with θ = 127. */
const PROTECTIONS: Readonly<Record<string, object>> = {
  none: {},
  'θ = 127': { consolidation: { threshold: 127 } },
};

/**
 * Trains networks and measures them with the signs of some weights flipped: of every range of depth that holds so many, as many weights of
 * the first layer, drawn at random. A depth of 0 stands for the network as it is.
 */
export async function flipRows(): Promise<Row[]> {
  const dataset = await loadDataset('mnist');
  const rows: Row[] = [];
  for (const [protection, options] of Object.entries(PROTECTIONS)) {
    for (const seed of [1, 2, 3]) {
      const run = await train({
        dataset: { name: 'mnist', limitTrain: 10_000 },
        rule: { name: 'local-error', layers: [512, 512], groupSize: 64, ...options },
        ...{ epochs: 10, seed },
      });
      for (const row of await flipsOf(run, dataset, seed)) rows.push({ protection, seed, ...row });
      await run.learner.dispose();
    }
  }
  return rows;
}

async function flipsOf({ learner, predict }: TrainedRun, { test }: Dataset, seed: number): Promise<Row[]> {
  const state = learner.saveState();
  const hidden = state[HIDDEN] as Int16Array;
  const accuracy = async (): Promise<number> => {
    const predictions = await predict(test.features);
    return (100 * predictions.filter((label, i) => label === test.labels[i]).length) / test.labels.length;
  };
  const rows: Row[] = [{ depth: 0, accuracy: await accuracy() }];
  const count = Math.round(FLIPPED_SHARE * hidden.length);
  for (let depth = 1; depth < 32768; depth *= 2) {
    const places = Array.from(hidden.keys()).filter((i) => {
      return Math.abs(hidden[i]) >= depth && Math.abs(hidden[i]) < 2 * depth;
    });
    if (places.length < count) continue;
    const drawn = RandomStream.named(seed, `depth-flips/${depth}`).permutation(places.length).slice(0, count);
    const flipped = hidden.slice();
    for (const i of drawn) flipped[places[i]] *= -1;
    learner.loadState({ ...state, [HIDDEN]: flipped });
    rows.push({ depth, accuracy: await accuracy() });
  }
  learner.loadState(state);
  return rows;
}

/** Is depth importance? Kept by the notebook in full mode, as these are no runs of a sweep. */
export const depthFlips = {
  title: 'Is depth importance?',
  description:
    'One task of MNIST, 10,000 training samples, ten epochs, layers 512,512: test accuracy when the signs of 8 % of the weights of the first layer are flipped, all of one range of ' +
    'depth, drawn at random among those that lie there.',
  sweeps: [],
  rows: (records) => {
    throw new ArgumentError('records', 'none, as these rows are no runs of a sweep', records.length);
  },
  tables: (rows) => ({
    accuracy: formatTable(
      summarize(sortDifferent(rows, KEY), { by: ['depth', 'protection'], value: 'accuracy' }),
      {
        rows: ['depth'],
        columns: ['protection'],
        bestPer: 'none',
        label: (column, cell) =>
          column === 'depth'
            ? cell === 0
              ? 'none flipped'
              : `${cell} to ${2 * Number(cell) - 1}`
            : String(cell),
        caption: 'Test accuracy in percent, by the depth of what was flipped',
      },
    ),
  }),
  figures: (rows) => ({
    'accuracy-by-depth-of-flips': optionCurves(
      sortDifferent(rows, KEY).filter(({ depth }) => depth !== 0),
      {
        option: 'depth',
        value: 'accuracy',
        series: 'protection',
        xTitle: 'depth of the weights flipped, from',
        yTitle: 'test accuracy (%)',
        title: 'Flipping 8 % of the first layer, by depth',
      },
    ),
  }),
} satisfies StudyPart;
