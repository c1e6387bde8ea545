import type { Layout } from 'plotly.js';
import { ArgumentError } from '../core/errors.js';
import type { Figure } from './figure.js';
import {
  isForPrint,
  PAPER,
  PAPER_SCALE,
  SCREEN_HEIGHT_PX,
  SCREEN_WIDTH_PX,
  TITLE_HEIGHT_PX,
} from './theme.js';

/** Widths of printed figures, in millimetres. */
export const PAPER_WIDTHS_MM = {
  /** One of two columns, as most journals have it. */
  single: 85,
  /** Both columns, as most journals have it. */
  double: 178,
  /** Text width of NeurIPS: 5.5 inches (neurips style file, `textwidth=5.5in`). */
  neurips: 139.7,
  /** Text width of ICLR: 5.5 inches (iclr conference style file). */
  iclr: 139.7,
  /** One of ICML's two columns: 3.25 inches (icml style file, `columnwidth`). */
  icmlColumn: 82.5,
  /** Both of ICML's columns: 6.75 inches (icml style file, `textwidth`). */
  icmlText: 171.4,
} as const;

/** How a figure is printed. */
export interface PaperOptions {
  /** A named width or millimetres, more than 20. Default: single. */
  readonly width?: keyof typeof PAPER_WIDTHS_MM | number;
  /**
   * Width over height, more than 0. Default: as on the screen, but in a narrow column at most 4/3, and less for figures
   * that are higher than others on the screen.
   */
  readonly aspect?: number;
  /** Keep the title; captions make it superfluous. Default: false. */
  readonly title?: boolean;
}

const PX_PER_MM = 96 / 25.4;

const NARROW_MM = 100;

/** Height of a panel that has a narrow column to itself, over its height beside others on the screen. */
const STACKED_SHARE = 1.2;

/** Part of a panel's height between rows in a narrow column: room for numbers, slanted ones too, and a panel's title. */
const NARROW_GAP = 0.45;

/**
 * The same figure for print: at its final size, with text of 7 points and lines to match. In a narrow column panels whose axes
 * have titles of their own stand below each other. Only numbers in the cells of a
 * heat map get smaller, to fit, where the cells of a narrow figure are smaller than they.
 * @param figure - for the screen, from one of the builders; not changed
 * @throws ArgumentError for an unknown width or a size that is none
 */
export function paperFigure(figure: Figure, options: PaperOptions = {}): Figure {
  const widthMm = widthInMm(options.width ?? 'single');
  const { title, ...screen } = figure.layout ?? {};
  const layout = widthMm < NARROW_MM ? stacked(screen) : screen;
  const aspect = options.aspect ?? screenAspect(layout, widthMm);
  if (!(aspect > 0)) throw new ArgumentError('aspect', 'a number more than 0', options.aspect);
  const width = widthMm * PX_PER_MM;
  const keepsTitle = options.title === true && title !== undefined;
  const top = (layout.margin?.t ?? 0) - (title === undefined || keepsTitle ? 0 : TITLE_HEIGHT_PX);
  return {
    ...figure,
    layout: {
      ...layout,
      ...(keepsTitle ? { title } : {}),
      template: PAPER,
      width,
      height: width / aspect,
      ...(layout.grid && widthMm < NARROW_MM ? { grid: { ...layout.grid, ygap: NARROW_GAP } } : {}),
      margin: { ...layout.margin, t: top * PAPER_SCALE },
    },
  };
}

/** Panels with titles at axes in the middle of a row, for which a narrow column has no room, below each other. */
function stacked(layout: Partial<Layout>): Partial<Layout> {
  const { grid, yaxis2 } = layout as Partial<Layout> & { readonly yaxis2?: Partial<Layout['yaxis']> };
  const { rows = 1, columns = 1 } = grid ?? {};
  const title = yaxis2?.title;
  const isTitled = typeof title === 'object' && (title.text ?? '') !== '';
  if (!grid || columns === 1 || !isTitled) return layout;
  const count = Object.keys(layout).filter((key) => /^xaxis\d*$/.test(key)).length;
  const { width = SCREEN_WIDTH_PX, height = SCREEN_HEIGHT_PX } = layout;
  // A panel keeps about its shape, now that it has the whole width.
  const stackedHeight = (height / rows) * count * STACKED_SHARE;
  return { ...layout, grid: { ...grid, rows: count, columns: 1 }, width, height: stackedHeight };
}

/** Whether a figure was made for print. */
export function isPaperFigure({ layout }: Figure): boolean {
  return isForPrint(layout?.template);
}

/** In a narrow column text takes a larger part of the height, so that what is drawn needs more of it. */
function screenAspect(
  { width = SCREEN_WIDTH_PX, height = SCREEN_HEIGHT_PX }: Partial<Layout>,
  widthMm: number,
): number {
  const narrowest = Math.min(1, SCREEN_HEIGHT_PX / height) * (4 / 3);
  return widthMm < NARROW_MM ? Math.min(width / height, narrowest) : width / height;
}

function widthInMm(width: keyof typeof PAPER_WIDTHS_MM | number): number {
  const widthMm = typeof width === 'number' ? width : PAPER_WIDTHS_MM[width];
  if (widthMm > 20) return widthMm;
  const names = Object.keys(PAPER_WIDTHS_MM).join(', ');
  throw new ArgumentError('width', `one of ${names} or millimetres, more than 20`, width);
}
