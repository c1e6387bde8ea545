import type { Annotations, Layout, PlotData } from 'plotly.js';
import { PANEL_TITLE_HEIGHT_PX, SCREEN_HEIGHT_PX, titledLayout } from './theme.js';

/** A grid of panels of the same kind, filled row by row. */
export interface Facets {
  /** One per panel. An empty one leaves no title. */
  readonly titles: readonly string[];
  readonly columns: number;
  /** Below the panels of the last row, and left of those of the first column. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** For all panels. */
  readonly xaxis?: Partial<Layout['xaxis']>;
  readonly yaxis?: Partial<Layout['yaxis']>;
  /** All panels have the y axis of the first, and only the first column says its numbers. Default: false. */
  readonly sharesY?: boolean;
}

/** Of a figure of several rows of them on the screen. */
export const PANEL_HEIGHT_PX = 270;

/** Layout of a grid of panels for the screen; traces of panel i (from 0) belong to `panelAxes(i)`. */
export function facetLayout(title: string, facets: Facets): Partial<Layout> {
  const { titles, columns, xTitle, yTitle, sharesY = false } = facets;
  const rows = Math.ceil(titles.length / columns);
  const axes = titles.map((_, i) => ({
    [`xaxis${suffix(i)}`]: { ...facets.xaxis, title: { text: i + columns >= titles.length ? xTitle : '' } },
    [`yaxis${suffix(i)}`]: {
      ...facets.yaxis,
      ...(sharesY && i > 0 ? { matches: 'y', showticklabels: i % columns === 0 } : {}),
      title: { text: i % columns === 0 ? yTitle : '' },
    },
  }));
  const height = titles.length === 1 ? SCREEN_HEIGHT_PX : 100 + rows * PANEL_HEIGHT_PX;
  const layout = titledLayout(title, height);
  const panelTitles = titles.flatMap(panelTitle);
  const top = (layout.margin?.t ?? 0) + (panelTitles.length > 0 ? PANEL_TITLE_HEIGHT_PX : 0);
  return {
    ...layout,
    margin: { t: top },
    grid: { rows, columns, pattern: 'independent', xgap: sharesY ? 0.08 : 0.15, ygap: 0.22 },
    annotations: panelTitles,
    ...Object.assign({}, ...axes),
  };
}

/** Names of a panel's axes. */
export function panelAxes(i: number): { xaxis: string; yaxis: string } {
  return { xaxis: `x${suffix(i)}`, yaxis: `y${suffix(i)}` };
}

/** The traces with each name once in the legend, however many panels it is in. */
export function oneLegend(traces: readonly Partial<PlotData>[]): Partial<PlotData>[] {
  const seen = new Set<string>();
  return traces.map((trace) => {
    if (trace.showlegend === false || trace.name === undefined) return trace;
    const showlegend = !seen.has(trace.name);
    seen.add(trace.name);
    return { ...trace, showlegend };
  });
}

/** A title above panel i; none where it is empty. */
export function panelTitle(text: string, i: number): Partial<Annotations>[] {
  if (text === '') return [];
  const { xaxis, yaxis } = panelAxes(i);
  return [
    {
      text,
      xref: `${xaxis} domain` as 'x',
      yref: `${yaxis} domain` as 'y',
      x: 0.5,
      y: 1.01,
      xanchor: 'center',
      yanchor: 'bottom',
    },
  ];
}

function suffix(i: number): string {
  return i === 0 ? '' : String(i + 1);
}
