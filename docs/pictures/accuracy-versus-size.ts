import path from 'node:path';
import { accuracyVersusParameters, keptRows, type Row } from 'xnorlab';
import { figureRows } from '../../notebooks/02-comparison/study';

/** The first picture of the README: two hidden layers, the rules whose lines are near each other. */
const rows = keptRows(path.join(__dirname, '../../notebooks/02-comparison/rows/comparison.jsonl'));
const { closeRuns, closePublished } = figureRows(rows);
const isShown = ({ layers, series }: Row): boolean =>
  String(layers).split(',').length === 2 && series !== 'iterative';

export const figure = accuracyVersusParameters(closeRuns.filter(isShown), {
  series: 'series',
  published: closePublished.filter(isShown),
  title: 'Test accuracy versus size, five seeds',
});
