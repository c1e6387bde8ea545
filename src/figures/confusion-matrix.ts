import type { PlotData } from 'plotly.js';
import { checkInteger } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import type { Figure } from './figure.js';
import { plainText } from './plain-text.js';
import { SEQUENTIAL, screenLayout } from './theme.js';

/** What to draw, and how. */
export interface ConfusionMatrixOptions {
  readonly title?: string;
  /** Names, each once. Default: the classes' numbers, from 0. */
  readonly classes?: readonly string[];
}

/**
 * Which classes are taken for which: counts, and percent of the true class below them where they are not 0. The
 * row of a class without samples, of which there are no percents, is blank and says so.
 * @param counts - row: true class, column: predicted class; square
 * @throws ArgumentError when the matrix is empty or not square, for what is no count, or `classes` has another length or a name twice
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  options: ConfusionMatrixOptions = {},
): Figure {
  const size = counts.length;
  if (size === 0 || counts.some((row) => row.length !== size)) {
    throw new ArgumentError('counts', 'a square matrix', counts);
  }
  counts.forEach((row, i) => {
    row.forEach((count, j) => {
      checkInteger(`counts[${i}][${j}]`, count, 0);
    });
  });
  const { title = 'Confusion matrix', classes = counts.map((_, i) => String(i)) } = options;
  if (classes.length !== size) throw new ArgumentError('classes.length', String(size), classes.length);
  const twin = classes.find((name, i) => classes.indexOf(name) !== i);
  // Plotly would draw both in one row, the later over the earlier.
  if (twin !== undefined) throw new ArgumentError('classes', 'each name once', twin);
  const shown = classes.map(plainText);
  const percents = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? null : (100 * count) / total));
  });
  const layout = screenLayout(title, 'predicted class', 'true class');
  return {
    data: [
      {
        type: 'heatmap',
        x: shown,
        y: shown.map((name, i) => (percents[i].includes(null) ? `${name}<br>(no samples)` : name)),
        z: percents,
        text: counts.map((row, i) => row.map((count, j) => cellText(count, percents[i][j]))),
        texttemplate: '%{text}',
        hoverongaps: false,
        colorscale: SEQUENTIAL,
        zmin: 0,
        zmax: 100,
        colorbar: { title: { text: 'of the true class (%)' } },
      } as unknown as Partial<PlotData>,
    ],
    layout: {
      ...layout,
      height: 640,
      xaxis: { ...layout.xaxis, type: 'category', tickangle: -40 },
      yaxis: { ...layout.yaxis, type: 'category', autorange: 'reversed' },
    },
  };
}

function cellText(count: number, percent: number | null): string {
  if (count === 0 || percent === null) return '';
  return `${count}<br>${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}
