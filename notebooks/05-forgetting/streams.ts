import {
  forgetting,
  formatTable,
  groupRows,
  type Row,
  type StudyPart,
  type SummaryRow,
  sortDifferent,
  summarize,
  taskEpochRows,
} from 'xnorlab';
import { fieldOf, nameOf, settingOf } from './settings.js';

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
