import type { PlotData } from 'plotly.js';
import type { Summary } from './groups.js';

/** A translucent band of mean ± sd; points of a single seed have no width. */
export function band(x: readonly number[], summaries: readonly Summary[], color: string): Partial<PlotData> {
  const edge = (side: number): number[] => summaries.map(({ mean, sd }) => mean + side * (sd ?? 0));
  return {
    type: 'scatter',
    mode: 'none',
    x: [...x, ...x.toReversed()],
    y: [...edge(1), ...edge(-1).reverse()],
    fill: 'toself',
    fillcolor: `${color}33`,
    hoverinfo: 'skip',
    showlegend: false,
  };
}
