import type { Annotations, Layout, LayoutAxis, PlotData } from 'plotly.js';
import { checkInteger } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { largest, smallest } from '../core/extremes.js';
import { labelColor, labelText } from './direct-labels.js';
import { PANEL_HEIGHT_PX, panelAxes, panelTitle } from './facets.js';
import type { Figure } from './figure.js';
import { seriesName } from './restyle.js';
import { PANEL_TITLE_HEIGHT_PX, SCREEN_HEIGHT_PX, titledLayout } from './theme.js';
import { clipped, type ValueScale, valueScale, withoutNote } from './value-scale.js';

/** How figures are put together. */
export interface PanelOptions {
  /** Above all panels. Default: none. */
  readonly title?: string;
  /** Panels in a row. Default: all up to three, two of four, else three. */
  readonly columns?: number;
  /** Begin the title of each panel with (a), (b), … Default: false. */
  readonly letters?: boolean;
}

type Trace = Partial<PlotData>;

/** One pair of axes of a figure, with what is drawn on it. */
interface Panel {
  readonly title: string;
  readonly traces: readonly Trace[];
  readonly xaxis: Partial<LayoutAxis>;
  readonly yaxis: Partial<LayoutAxis>;
  /** Names at the ends of lines. */
  readonly labels: readonly string[];
  /** How a heat map colours, when it does. */
  readonly colors: Colors | undefined;
}

/** How a heat map colours: what the colour bar says, from where to where, and what for. */
interface Colors {
  readonly colorscale: unknown;
  readonly title: string;
  readonly ends: readonly [low: number, high: number];
  readonly values: readonly number[];
  /** As numbers are written in its cells; undefined where none are. */
  readonly digits: number | undefined;
}

/**
 * Figures side by side, or in a grid that is filled row by row: one figure with one legend, for `show`, `saveFigure` and
 * `paperFigure`. Each panel has the title of its figure; a figure of several panels brings all of them, under their own
 * titles. Names at the ends of lines go to the legend. Heat maps share one colour bar, from the least to the largest of theirs.
 * @param figures - of the builders, for the screen; at least one, none is changed
 * @throws ArgumentError when there are none; for series of the same name that look different, which one legend cannot
 *   tell; for heat maps of different values; for a picture, which has no axes
 */
export function panels(figures: readonly Figure[], options: PanelOptions = {}): Figure {
  if (figures.length === 0) throw new ArgumentError('figures', 'at least one figure', figures);
  const parts = figures.flatMap((figure, i) => panelsOf(figure, `figures[${i}]`));
  const { title = '', letters = false, columns = columnsOf(parts.length) } = options;
  checkInteger('columns', columns, 1);
  const data = parts.flatMap(({ traces }, i) => traces.map((trace) => ({ ...trace, ...panelAxes(i) })));
  const titles = parts.map((part, i) =>
    [letters ? `(${String.fromCharCode(97 + i)})` : '', part.title].filter(Boolean).join(' '),
  );
  const named = titles.flatMap(panelTitle);
  const rows = Math.ceil(parts.length / columns);
  const height = parts.length === 1 ? SCREEN_HEIGHT_PX : 100 + rows * PANEL_HEIGHT_PX;
  const layout = titledLayout(title, height);
  const axes = parts.map(({ xaxis, yaxis }, i) => {
    const keys = panelAxes(i);
    return { [layoutKey(keys.xaxis)]: xaxis, [layoutKey(keys.yaxis)]: yaxis };
  });
  const scale = sharedScale(parts.flatMap((part) => part.colors ?? []));
  const drawn = scale ? data.map((trace) => onScale(trace, scale)) : data;
  return {
    data: sharedLegend(drawn, new Set(parts.flatMap(({ labels }) => labels))),
    layout: {
      ...layout,
      margin: { t: (layout.margin?.t ?? 0) + (named.length > 0 ? PANEL_TITLE_HEIGHT_PX : 0) },
      grid: { rows, columns, pattern: 'independent', xgap: 0.22, ygap: 0.35 },
      annotations: named,
      ...barMode(figures),
      ...(scale && { coloraxis: scale.coloraxis }),
      ...Object.assign({}, ...axes),
    } as Partial<Layout>,
  };
}

function columnsOf(count: number): number {
  return count === 4 ? 2 : Math.min(count, 3);
}

function barMode(figures: readonly Figure[]): Partial<Layout> {
  const mode = figures.find(({ layout }) => layout?.barmode !== undefined)?.layout?.barmode;
  return mode === undefined ? {} : { barmode: mode };
}

/** `x2` in traces is `xaxis2` in the layout. */
function layoutKey(axis: string): string {
  return `${axis[0]}axis${axis.slice(1)}`;
}

function axisOf(layout: Partial<Layout>, name: string): Partial<LayoutAxis> {
  return (layout as Readonly<Record<string, Partial<LayoutAxis> | undefined>>)[layoutKey(name)] ?? {};
}

function panelsOf({ data, layout = {} }: Figure, argument: string): Panel[] {
  const traces = data as readonly Trace[];
  if (layout.xaxis?.visible === false) {
    throw new ArgumentError(
      argument,
      'a figure with axes; pictures stand alone',
      layout.title ?? 'a picture',
    );
  }
  const overlays = [...new Set(traces.map(({ yaxis = 'y' }) => yaxis))].filter(
    (name) => axisOf(layout, name).overlaying !== undefined,
  );
  const labels = overlays.flatMap((name) =>
    ((axisOf(layout, name).ticktext ?? []) as string[])
      .filter((tick) => labelColor(tick) !== undefined)
      .map(labelText),
  );
  const drawn = traces.filter(({ yaxis = 'y' }) => !overlays.includes(yaxis));
  const places = [...new Set(drawn.map(({ xaxis = 'x', yaxis = 'y' }) => `${xaxis} ${yaxis}`))];
  return places.map((place) => {
    const [x, y] = place.split(' ');
    const own = drawn.filter(({ xaxis = 'x', yaxis = 'y' }) => xaxis === x && yaxis === y);
    const above = titleAt(layout.annotations ?? [], x);
    return {
      title: above ?? (places.length === 1 ? titleText(layout.title) : ''),
      traces: own.map(withoutColors),
      xaxis: ownAxis(layout, x, 'x'),
      yaxis: ownAxis(layout, y, 'y'),
      labels,
      colors: colorsOf(own, layout),
    };
  });
}

/** The title that a figure of several panels has above one. */
function titleAt(annotations: readonly Partial<Annotations>[], x: string): string | undefined {
  return annotations.find(({ xref }) => xref === `${x} domain`)?.text;
}

/** On its own in the grid: with its numbers, and the title that another panel of its figure had for it. */
function ownAxis(layout: Partial<Layout>, name: string, letter: 'x' | 'y'): Partial<LayoutAxis> {
  const { matches, showticklabels, ...axis } = axisOf(layout, name) as Record<string, unknown>;
  const keys = Object.keys(layout).filter((key) => new RegExp(`^${letter}axis\\d*$`).test(key));
  const texts = keys.map((key) => titleText((layout as Record<string, { title?: unknown }>)[key].title));
  return { ...axis, title: { text: texts.find((text) => text !== '') ?? '' } } as Partial<LayoutAxis>;
}

function titleText(title: unknown): string {
  return typeof title === 'string' ? title : ((title as { text?: string } | undefined)?.text ?? '');
}

function isHeatMap({ type }: Trace): boolean {
  return type === 'heatmap';
}

function colorsOf(traces: readonly Trace[], layout: Partial<Layout>): Colors | undefined {
  const [map] = traces.filter(isHeatMap) as unknown as HeatMapTrace[];
  if (map === undefined) return undefined;
  const values = map.z.flat().filter((value) => value !== null);
  const { coloraxis } = layout as { readonly coloraxis?: SharedColorAxis };
  const { colorscale, colorbar, cmin, cmax } = (map.coloraxis && coloraxis) || map;
  return {
    colorscale,
    title: withoutNote(colorbar?.title?.text ?? ''),
    ends: [cmin ?? map.zmin ?? smallest(values), cmax ?? map.zmax ?? largest(values)],
    values,
    digits: digitsOf(map),
  };
}

/** What is read of a heat map, and of a colour axis that it may share with others of its figure. */
interface SharedColorAxis {
  readonly colorscale?: unknown;
  readonly colorbar?: { readonly title?: { readonly text?: string } };
  readonly cmin?: number;
  readonly cmax?: number;
}

interface HeatMapTrace extends SharedColorAxis {
  readonly z: readonly (readonly (number | null)[])[];
  readonly zmin?: number;
  readonly zmax?: number;
  readonly coloraxis?: string;
  readonly texttemplate?: string;
}

function digitsOf({ texttemplate = '' }: HeatMapTrace): number | undefined {
  const digits = /^%\{z:\.(\d)f\}/.exec(texttemplate)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function withoutColors(trace: Trace): Trace {
  if (!isHeatMap(trace)) return trace;
  const { colorscale, colorbar, zmin, zmax, ...rest } = trace as Record<string, unknown>;
  return { ...rest, coloraxis: 'coloraxis' } as Trace;
}

/** The colours of all heat maps. */
interface SharedScale {
  readonly coloraxis: object;
  readonly scale: ValueScale;
}

/** @throws ArgumentError for heat maps of different values */
function sharedScale(all: readonly Colors[]): SharedScale | undefined {
  if (all.length === 0) return undefined;
  const titles = [...new Set(all.map(({ title }) => title))];
  if (titles.length > 1) {
    throw new ArgumentError('figures', 'heat maps of one value, which can share a colour bar', titles);
  }
  const [low, high] = [smallest(all.map(({ ends }) => ends[0])), largest(all.map(({ ends }) => ends[1]))];
  const values = all.flatMap((colors) => colors.values);
  const range = low < high ? ([low, high] as const) : 'all';
  const scale = valueScale(values, range, largest(all.map(({ digits = 1 }) => digits)));
  const colorbar = { title: { text: `${titles[0]}${scale.note}` }, ...scale.ticks };
  return { coloraxis: { colorscale: all[0].colorscale, cmin: low, cmax: high, colorbar }, scale };
}

/** With the cells marked that lie beyond the common scale. */
function onScale(trace: Trace, { scale }: SharedScale): Trace {
  const map = trace as unknown as HeatMapTrace;
  const digits = isHeatMap(trace) ? digitsOf(map) : undefined;
  if (digits === undefined) return trace;
  const { text, ...rest } = trace;
  const template = `%{z:.${digits}f}`;
  if (!scale.isClipped) return { ...rest, texttemplate: template } as Trace;
  const marks = map.z.map((row) => row.map((value) => clipped(value, scale)));
  return { ...rest, text: marks, texttemplate: `${template}%{text}` } as unknown as Trace;
}

/** What tells one series from another in a legend. */
interface Look {
  readonly color: unknown;
  readonly dash?: unknown;
  readonly symbol?: unknown;
}

function lookOf({ line, marker }: Trace): Look {
  return { color: line?.color ?? marker?.color, dash: line?.dash, symbol: marker?.symbol };
}

/** What only one of them has is no difference: lines have no markers, and points no dash. */
function isAlike(one: Look, other: Look): boolean {
  const keys = ['color', 'dash', 'symbol'] as const;
  return keys.every((key) => one[key] === undefined || other[key] === undefined || one[key] === other[key]);
}

/**
 * Each name once. A series whose name stood at the end of its line gets an entry of its own.
 * @throws ArgumentError for two of one name that look different
 */
function sharedLegend(traces: readonly Trace[], labelled: ReadonlySet<string>): Trace[] {
  const seen = new Map<string, Look>();
  const isNew = (name: string, look: Look): boolean => {
    const known = seen.get(name);
    if (known && !isAlike(known, look)) {
      throw new ArgumentError('figures', `one look for all series called ${name}`, [known, look]);
    }
    seen.set(name, known ?? look);
    return known === undefined;
  };
  const entries: Trace[] = [];
  const drawn = traces.map((trace): Trace => {
    const name = seriesName(trace);
    if (trace.mode === 'none' || trace.name === undefined || isHeatMap(trace)) return trace;
    if (name !== undefined && labelled.has(name)) {
      // Lines of one series have different dashes for the test and the training set.
      if (isNew(name, { color: lookOf(trace).color })) entries.push(legendEntry(name, trace));
      return trace;
    }
    if (trace.showlegend === false) return trace;
    return { ...trace, showlegend: isNew(trace.name, lookOf(trace)) };
  });
  return [...drawn, ...entries];
}

function legendEntry(name: string, { mode, line, marker, xaxis, yaxis }: Trace): Trace {
  const entry = { type: 'scatter', mode, name, legendgroup: name, showlegend: true };
  return {
    ...entry,
    ...{ x: [null], y: [null], xaxis, yaxis },
    ...(line && { line }),
    ...(marker && { marker }),
  } as Trace;
}
