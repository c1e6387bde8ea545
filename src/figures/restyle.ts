import type { Layout, LayoutAxis, PlotData } from 'plotly.js';
import { checkNumber } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { bandColor } from './band.js';
import { labelColor, movedLabels, recoloured } from './direct-labels.js';
import type { Figure } from './figure.js';
import { MARGIN_PX, resized, TITLE_HEIGHT_PX } from './theme.js';

/** An axis as it is to be. What is left out stays. */
export interface AxisStyle {
  /** Below the axis, or beside it; in a figure of several panels, where its axes have titles. */
  readonly title?: string;
  /** From and to, in the units of the axis, also on a logarithmic one; of all panels. */
  readonly range?: readonly [from: number, to: number];
}

/** What is to be changed; what is left out stays. */
export interface Restyling {
  /** Empty for none. */
  readonly title?: string;
  readonly axes?: { readonly x?: AxisStyle; readonly y?: AxisStyle };
  /** Colours by the name of a series, `#rrggbb`: of its line, its markers, its band, its error bars and its label. */
  readonly colours?: Readonly<Record<string, string>>;
  /** In pixels of the screen (96 in an inch), each at least 50. */
  readonly size?: { readonly width?: number; readonly height?: number };
  readonly fonts?: {
    /** As CSS names it: `Times New Roman, serif`. */
    readonly family?: string;
    /**
     * Of all text but titles, which are in proportion, and with it lines and markers; in pixels, 4 to 100. Print has 7 points,
     * whatever this says, unless the figure comes from `paperFigure` already.
     */
    readonly size?: number;
  };
}

type Trace = Figure['data'][number];

/**
 * The same figure with other words, colours, size or fonts: a new one; the given one stays as it is.
 * @param figure - of one of the builders, or of `panels`
 * @throws ArgumentError for a series or an axis that the figure does not have, and for a colour, size or range that is none
 */
export function restyle(figure: Figure, changes: Restyling): Figure {
  checkFonts(changes);
  checkSize(changes);
  const colours = checkedColours(figure, changes.colours ?? {});
  const axes = restyledAxes(figure, changes, colours);
  return {
    ...figure,
    data: figure.data.map((trace) => restyledTrace(trace, colours)),
    layout: { ...figure.layout, ...axes, ...restyledLayout(figure.layout ?? {}, changes) },
  };
}

/** The names of the series of a figure, in the order of its traces: what `colours` of `restyle` can name. */
export function seriesNames({ data }: Figure): string[] {
  const names = data.filter(hasColour).map(seriesName);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What a trace belongs to: lines, bands and markers of one series say the same. */
export function seriesName(trace: Trace): string | undefined {
  const { legendgroup, name } = trace as Partial<PlotData>;
  return legendgroup ?? name;
}

function hasColour(trace: Trace): boolean {
  const { type, line, marker } = trace as Partial<PlotData>;
  return type !== 'heatmap' && (line?.color !== undefined || marker?.color !== undefined);
}

function checkedColours(
  figure: Figure,
  colours: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const names = seriesNames(figure);
  for (const [name, colour] of Object.entries(colours)) {
    if (!names.includes(name)) {
      throw new ArgumentError(
        'colours',
        `names of series in the figure (${names.join(', ') || 'it has none'})`,
        name,
      );
    }
    if (!/^#[\da-f]{6}$/i.test(colour))
      throw new ArgumentError(`colours.${name}`, 'a colour #rrggbb', colour);
  }
  return new Map(Object.entries(colours));
}

function restyledTrace(trace: Trace, colours: ReadonlyMap<string, string>): Trace {
  const colour = colours.get(seriesName(trace) ?? '');
  if (colour === undefined) return trace;
  const { line, marker, error_x, error_y, fillcolor } = trace as Partial<PlotData>;
  return {
    ...trace,
    ...(line?.color !== undefined && { line: { ...line, color: colour } }),
    ...(marker?.color !== undefined && { marker: { ...marker, color: colour } }),
    ...(error_x?.color !== undefined && { error_x: { ...error_x, color: colour } }),
    ...(error_y?.color !== undefined && { error_y: { ...error_y, color: colour } }),
    ...(fillcolor !== undefined && { fillcolor: bandColor(colour) }),
  } as Trace;
}

/** Every axis of the figure that changes, by its key in the layout. */
function restyledAxes(
  { layout = {} }: Figure,
  { axes = {} }: Restyling,
  colours: ReadonlyMap<string, string>,
): Partial<Layout> {
  const all = Object.entries(layout).filter(([key]) => /^[xy]axis\d*$/.test(key)) as [
    string,
    Partial<LayoutAxis>,
  ][];
  for (const letter of ['x', 'y'] as const) {
    if (axes[letter] === undefined) continue;
    const own = all.filter(([key, axis]) => key.startsWith(letter) && axis.visible !== false);
    if (own.length === 0)
      throw new ArgumentError(`axes.${letter}`, `a figure with an ${letter} axis`, axes[letter]);
    checkRange(
      `axes.${letter}.range`,
      axes[letter].range,
      own.map(([, axis]) => axis),
    );
  }
  const isUntitled = (letter: string): boolean =>
    all.every(([key, axis]) => !key.startsWith(letter) || titleText(axis) === '');
  return Object.fromEntries(
    all.map(([key, axis]) => {
      const letter = key.startsWith('x') ? 'x' : 'y';
      const takesTitle = titleText(axis) !== '' || (isUntitled(letter) && axis.overlaying === undefined);
      return [key, restyledAxis(axis, axes[letter] ?? {}, takesTitle, colours)];
    }),
  ) as Partial<Layout>;
}

function checkRange(argument: string, range: AxisStyle['range'], axes: readonly Partial<LayoutAxis>[]): void {
  if (range === undefined) return;
  if (axes.some(({ type }) => type === 'category')) {
    throw new ArgumentError(argument, 'none for an axis of categories', range);
  }
  const least = axes.some(({ type }) => type === 'log') ? Number.MIN_VALUE : Number.NEGATIVE_INFINITY;
  const isRange = range.length === 2 && range.every((end) => Number.isFinite(end) && end >= least);
  if (isRange && range[0] < range[1]) return;
  const kind = least > 0 ? 'two ascending numbers more than 0' : 'two ascending numbers';
  throw new ArgumentError(argument, kind, range);
}

function restyledAxis(
  axis: Partial<LayoutAxis>,
  { title, range }: AxisStyle,
  takesTitle: boolean,
  colours: ReadonlyMap<string, string>,
): Partial<LayoutAxis> {
  const ends = range && axis.type === 'log' ? range.map(Math.log10) : range;
  const labels = axis.ticktext as readonly string[] | undefined;
  const isLabelled = labels?.some((label) => labelColor(label) !== undefined) ?? false;
  return {
    ...axis,
    ...(title !== undefined && takesTitle && { title: { ...titleOf(axis), text: title } }),
    ...(ends && { range: [...ends] }),
    ...(labels && isLabelled && { ticktext: labels.map((label) => recoloured(label, colours)) }),
    ...(range && isLabelled && { tickvals: movedLabels(axis.tickvals as number[], range) }),
  } as Partial<LayoutAxis>;
}

function titleOf(axis: Partial<LayoutAxis>): object {
  return typeof axis.title === 'object' ? axis.title : {};
}

/** Empty for an axis that another one's title speaks for. */
function titleText({ title }: Partial<LayoutAxis>): string {
  return typeof title === 'string' ? title : (title?.text ?? '');
}

function restyledLayout(layout: Partial<Layout>, { title, size, fonts }: Restyling): Partial<Layout> {
  const { template } = layout;
  return {
    ...size,
    ...(fonts?.family !== undefined && { font: { ...layout.font, family: fonts.family } }),
    ...(fonts?.size !== undefined && { template: resized(template, fonts.size) }),
    ...(title !== undefined && titled(layout, title)),
  };
}

/** With the room that a title takes, or without. */
function titled(layout: Partial<Layout>, text: string): Partial<Layout> {
  const had = layout.title !== undefined;
  const top = layout.margin?.t ?? MARGIN_PX;
  const room = Number(text !== '') - Number(had);
  return {
    title: text === '' ? undefined : { ...(typeof layout.title === 'object' ? layout.title : {}), text },
    margin: { ...layout.margin, t: top + room * TITLE_HEIGHT_PX },
  } as Partial<Layout>;
}

function checkFonts({ fonts }: Restyling): void {
  if (fonts?.size !== undefined) checkNumber('fonts.size', fonts.size, 4, 100);
  if (fonts?.family === '') throw new ArgumentError('fonts.family', 'a name', fonts.family);
}

function checkSize({ size = {} }: Restyling): void {
  for (const [name, pixels] of Object.entries(size)) {
    if (pixels !== undefined) checkNumber(`size.${name}`, pixels, 50, 10_000);
  }
}
