import type { PlotData } from 'plotly.js';
import type { Summary } from './groups.js';

/** A series' colour `#rrggbb`, so that lines behind are seen through it. */
export function bandColor(color: string): string {
  return `${color}33`;
}

/**
 * A translucent band of mean ± sd; points of a single seed have no width.
 * @param series - what it belongs to
 */
export function band(
  x: readonly number[],
  summaries: readonly Summary[],
  color: string,
  series: string,
): Partial<PlotData> {
  const edge = (side: number): number[] => summaries.map(({ mean, sd }) => mean + side * (sd ?? 0));
  return {
    type: 'scatter',
    mode: 'none',
    legendgroup: series,
    x: [...x, ...x.toReversed()],
    y: [...edge(1), ...edge(-1).reverse()],
    fill: 'toself',
    fillcolor: bandColor(color),
    hoverinfo: 'skip',
    showlegend: false,
  };
}
