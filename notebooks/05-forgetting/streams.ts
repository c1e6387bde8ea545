import {
  forgetting,
  formatTable,
  groupRows,
  learningCurves,
  type Row,
  restyle,
  type StudyPart,
  type SummaryRow,
  sortDifferent,
  summarize,
  taskEpochRows,
} from 'xnorlab';
import { gainsOf, gainsTable, outcomesOf, sequenceTaskRows, settingsTable } from './consolidation.js';
import { fieldOf, nameOf, settingOf } from './settings.js';

/** Permuted tasks that each have a batch normalization of their own. */
export const norms = {
  title: 'Batch normalization of each task',
  description:
    'The protocol of the rivals for `qat`, layers 512,512 and three epochs for each task, but each task is measured with batch normalization as it was at its end, so that the network is told ' +
    'which task an image is of, as in the published code of Laborieux et al.',
  sweeps: ['sweep-norms.yaml'],
  rows: sequenceTaskRows,
  tables: (rows) => {
    const outcomes = outcomesOf(rows);
    const gains = gainsOf(outcomes);
    return { ...(gains.length > 0 && { gains: gainsTable(gains) }), settings: settingsTable(outcomes) };
  },
} satisfies StudyPart;

/** Two new classes at a time. */
export const classes = {
  title: 'Two new classes at a time',
  description:
    'Five tasks of two digits each, three epochs for each task, the first 10,000 training samples of MNIST, layers 512,512, one output for all ten classes: a task is measured on the test ' +
    'samples of its classes, and the network may answer with any class.',
  sweeps: ['sweep-classes.yaml'],
  rows: sequenceTaskRows,
  tables: (rows) => ({
    settings: settingsTable(
      outcomesOf(rows),
      'Five tasks of two digits each: accuracies in percent, forgetting in points',
    ),
  }),
} satisfies StudyPart;

const PART_IDENTITY = ['rule', 'protection', 'strength', 'stream'];

const PART_KEY = [...PART_IDENTITY, 'seed', 'part'];

/** After which of 60 parts the table looks. */
const SHOWN_PARTS = [1, 15, 30, 60];

/** Parts that are interleaved are all shown at once. */
const streamName = (stream: unknown): string => (stream === 'interleaved' ? 'all at once' : String(stream));

/** One data set in parts. */
export const parts = {
  title: 'One data set in 60 parts',
  description:
    'FashionMNIST in 60 parts of 833 training samples each, three epochs for each part, layers 512,512; all parts have the same test samples. *All at once* shows as many samples, of all ' +
    'parts, in every epoch.',
  sweeps: ['sweep-parts.yaml'],
  rows: (records) =>
    sortDifferent(
      records.flatMap((record) => {
        const { rule, protection, strength, stream } = settingOf(record);
        const epochsOfPart = record.epochs.length / Number(fieldOf(record.config, 'tasks.count'));
        return record.epochs
          .filter(({ epoch }) => epoch % epochsOfPart === 0)
          .map(({ epoch, testAccuracy, validationAccuracy }): Row => {
            return {
              ...{ rule, protection, strength, stream, seed: record.seed, part: epoch / epochsOfPart },
              ...{ accuracy: testAccuracy, validationAccuracy: validationAccuracy ?? null },
            };
          });
      }),
      PART_KEY,
    ),
  tables: (rows) => {
    const shown = sortDifferent(rows, PART_KEY)
      .filter(({ part }) => SHOWN_PARTS.includes(Number(part)))
      .map((row) => ({ ...row, stream: streamName(row.stream) }));
    return {
      parts: formatTable(summarize(shown, { by: [...PART_IDENTITY, 'part'], value: 'accuracy' }), {
        rows: PART_IDENTITY,
        columns: ['part'],
        bestPer: 'none',
        label: (column, cell) => (column === 'part' ? `after part ${cell}` : String(cell ?? '')),
        caption: 'FashionMNIST in 60 parts: test accuracy in percent',
      }),
    };
  },
  figures: (rows) => {
    const curves = sortDifferent(rows, PART_KEY).map((row) => ({
      ...{ setting: nameOf({ ...row, stream: streamName(row.stream) }), seed: row.seed },
      ...{ epoch: row.part, testAccuracy: row.accuracy },
    }));
    const options = { series: 'setting', training: false, title: 'FashionMNIST in 60 parts' };
    return {
      'accuracy-by-parts': restyle(learningCurves(curves, options), {
        axes: { x: { title: 'parts shown' }, y: { title: 'test accuracy (%)' } },
      }),
    };
  },
} satisfies StudyPart;

const STREAM_IDENTITY = ['rule', 'first', 'second', 'protection', 'strength'];

const STREAM_KEY = [...STREAM_IDENTITY, 'seed', 'step', 'task'];

/** What is left of the first data set, and what is learned of the second. */
function streamOutcomes(rows: readonly Row[]): Row[] {
  return groupRows(sortDifferent(rows, STREAM_KEY), [...STREAM_IDENTITY, 'seed']).map(
    ({ key, rows: ofRun }) => {
      const last = Math.max(...ofRun.map(({ step }) => Number(step)));
      const at = (step: number, task: number): number =>
        Number(ofRun.find((row) => row.step === step && row.task === task)?.accuracy);
      return { ...key, learned: at(last / 2, 1), kept: at(last, 1), second: at(last, 2) };
    },
  );
}

const STREAM_MEASURES: Readonly<Record<string, string>> = {
  learned: 'first set, just learned',
  kept: 'first set, in the end',
  secondAccuracy: 'second set, in the end',
};

/** Two data sets in turn. */
export const datasets = {
  title: 'MNIST and FashionMNIST in turn',
  description:
    'Ten epochs of one, then ten of the other, 10,000 training samples each, layers 512,512, one output of ten classes for both; measured after every epoch. ' +
    'Published (Laborieux et al., figure 1, a binary network of 4096,4096 trained with gradients, 50 epochs each): MNIST falls from 97 to about 20 % while FashionMNIST reaches 85 %.',
  sweeps: ['sweep-datasets.yaml'],
  rows: (records) =>
    sortDifferent(
      records.flatMap((record) =>
        taskEpochRows([record]).map(({ seed, step, task, accuracy }): Row => {
          const { rule, protection, strength } = settingOf(record);
          const [second] = fieldOf(record.config, 'tasks.others') as string[];
          return {
            rule,
            first: record.dataset.name,
            second,
            protection,
            strength,
            seed,
            step,
            task,
            accuracy,
          };
        }),
      ),
      STREAM_KEY,
    ),
  tables: (rows) => {
    const outcomes = streamOutcomes(rows).map(({ second, ...row }) => ({ ...row, secondAccuracy: second }));
    const by = ['rule', 'first', 'protection', 'strength'];
    const summary = Object.keys(STREAM_MEASURES).flatMap((measure): SummaryRow[] =>
      summarize(outcomes, { by, value: measure }).map((row) => ({ ...row, measure })),
    );
    return {
      outcomes: formatTable(summary, {
        rows: by,
        columns: ['measure'],
        bestPer: 'none',
        label: (column, cell) => (column === 'measure' ? STREAM_MEASURES[String(cell)] : String(cell ?? '')),
        caption: 'Two data sets in turn: test accuracy in percent',
      }),
    };
  },
  figures: (rows) =>
    Object.fromEntries(
      groupRows(sortDifferent(rows, STREAM_KEY), ['first']).map(({ key: { first }, rows: inOrder }) => [
        `over-time-from-${first}`,
        forgetting(
          inOrder.map((row) => ({ ...row, panel: nameOf({ ...row, stream: 'in turn' }) })),
          { series: 'panel', xTitle: 'epochs', title: `${first}, then the other` },
        ),
      ]),
    ),
} satisfies StudyPart;
