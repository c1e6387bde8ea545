import {
  depthOverEpochs,
  depthRows,
  formatTable,
  groupRows,
  type Row,
  type StudyPart,
  sortDifferent,
  summarize,
} from 'xnorlab';
import { settingOf } from './settings.js';

const DEPTH_KEY = ['protection', 'epoch', 'layer', 'depth'];

/** Where hidden weights lie while tasks follow each other. */
export const depthsOfTasks = {
  title: 'Where hidden weights lie',
  description:
    'Depth of the hidden weights of `local-error`, layers 512,512, epoch by epoch through six tasks of five epochs each, seed 1: without consolidation, with m = 0.002 and with θ = 127.',
  sweeps: ['sweep-consolidation.yaml'],
  rows: (records) => {
    const shown = records.filter((record) => {
      const { layers, strength } = settingOf(record);
      return (
        record.seed === 1 && layers === '512,512' && [null, 0.002, 127].includes(strength as number | null)
      );
    });
    const rows = shown.flatMap((record) =>
      depthRows([record]).map(({ epoch, layer, depth, percent }): Row => {
        const { protection } = settingOf(record);
        return { protection, epoch, layer, depth, percent: Number(percent.toFixed(2)) };
      }),
    );
    return sortDifferent(rows, DEPTH_KEY);
  },
  tables: (rows) => {
    const ends = sortDifferent(rows, DEPTH_KEY).filter(({ epoch }) => epoch === 5 || epoch === 30);
    const deep = groupRows(ends, ['protection', 'layer', 'epoch']).map(({ key, rows: depths }) => ({
      ...key,
      percent: depths.reduce((sum, row) => sum + (Number(row.depth) >= 128 ? Number(row.percent) : 0), 0),
    }));
    return {
      deep: formatTable(summarize(deep, { by: ['protection', 'layer', 'epoch'], value: 'percent' }), {
        rows: ['protection', 'layer'],
        columns: ['epoch'],
        bestPer: 'none',
        label: (column, cell) => (column === 'epoch' ? `after task ${Number(cell) / 5}` : String(cell)),
        caption: "Hidden weights at least 128 deep, in percent of a layer's, seed 1",
      }),
    };
  },
  figures: (rows) =>
    Object.fromEntries(
      groupRows(sortDifferent(rows, DEPTH_KEY), ['protection']).map(({ key: { protection }, rows: own }) => [
        `depth-over-tasks-${protection}`,
        depthOverEpochs(own, { title: `Depth of hidden weights through six tasks: ${protection}` }),
      ]),
    ),
} satisfies StudyPart;
