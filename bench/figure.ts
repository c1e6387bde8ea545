import type { Figure } from '../dist/figures/figure.js';
import { DASHES, PALETTE } from '../dist/figures/series-style.js';
import { screenLayout } from '../dist/figures/theme.js';

/** Milliseconds per epoch over the widths, one line per backend, both axes logarithmic. */
export function epochFigure(medians: Readonly<Record<string, Readonly<Record<string, number>>>>): Figure {
  const widths = Object.keys(medians);
  const backends = Object.keys(medians[widths[0]]);
  const layout = screenLayout(
    'One training epoch, 50,000 samples, one thread',
    'neurons in each of two layers',
    'milliseconds',
  );
  return {
    data: backends.map((backend, i) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: backend,
      x: widths.map((key) => Number(key.split(',')[0])),
      y: widths.map((key) => medians[key][backend]),
      line: { color: PALETTE[i % PALETTE.length], dash: DASHES[i % DASHES.length] },
    })),
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, type: 'log', tickvals: widths.map((key) => Number(key.split(',')[0])) },
      yaxis: { ...layout.yaxis, type: 'log' },
    },
  };
}
