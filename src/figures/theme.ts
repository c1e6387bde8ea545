import type { Layout, Template } from 'plotly.js';

/** From light to dark with any kind of colour vision and in grey; numbers can be read on all of it. */
export const SEQUENTIAL: [number, string][] = [
  [0, '#ffffff'],
  [0.4, '#6baed6'],
  [1, '#08306b'],
];

/** Text and lines that belong to no series. */
export const NEUTRAL = '#666666';

const SCREEN_FONT_PX = 13;

/** 7 points. */
const PAPER_FONT_PX = (7 * 96) / 72;

/** Around every figure; at its axes, more as their numbers need it. */
export const MARGIN_PX = 16;

/**
 * Everything about a figure that depends on where it is read and not on what it says, as a Plotly template. Widths
 * of lines, markers and margins go with the text.
 * @param fontPx - size of all text but titles, in CSS pixels (1/96 inch)
 */
function template(fontPx: number): Template {
  const em = fontPx / SCREEN_FONT_PX;
  const axis = {
    showline: true,
    linewidth: em,
    linecolor: '#444',
    gridcolor: '#e5e5e5',
    gridwidth: em,
    zeroline: false,
    ticks: 'outside',
    ticklen: 5 * em,
    tickwidth: em,
    automargin: true,
    // To the left, where there is room: to the right Plotly leaves out a last label that would reach over the edge.
    autotickangles: [0, -30, -60, -90],
    title: { standoff: 10 * em, font: { size: 1.08 * fontPx } },
  } as const;
  const colorbar = {
    thickness: 14 * em,
    outlinewidth: 0,
    ticklen: 4 * em,
    xpad: 8 * em,
    title: { side: 'right', font: { size: 1.08 * fontPx } },
  } as const;
  const errorBar = { thickness: 1.3 * em, width: 3 * em };
  return {
    layout: {
      font: { family: 'Open Sans, Liberation Sans, Arial, sans-serif', size: fontPx, color: '#222' },
      title: { x: 0, xref: 'paper', xanchor: 'left', font: { size: 1.2 * fontPx } },
      margin: { l: MARGIN_PX * em, r: MARGIN_PX * em, b: MARGIN_PX * em },
      paper_bgcolor: '#fff',
      plot_bgcolor: '#fff',
      xaxis: axis,
      yaxis: { ...axis, hoverformat: '.4~g' },
      coloraxis: { colorbar },
      // Names in full under the mouse.
      hoverlabel: { namelength: -1 },
      legend: {
        orientation: 'h',
        yref: 'container',
        y: 0,
        yanchor: 'bottom',
        x: 0.5,
        xanchor: 'center',
        itemwidth: 30,
        tracegroupgap: 0,
      },
      annotationdefaults: { showarrow: false, font: { size: fontPx } },
    },
    data: {
      scatter: [
        { line: { width: 1.7 * em }, marker: { size: 7 * em }, error_x: errorBar, error_y: errorBar },
      ],
      heatmap: [{ colorbar }],
    },
  } as unknown as Template;
}

/** For reading on a screen. */
export const SCREEN: Template = template(SCREEN_FONT_PX);

/** For print at final size: text of 7 points, so that even subscripts stay near 6. */
export const PAPER: Template = template(PAPER_FONT_PX);

const forPrint = new WeakSet<Template>([PAPER]);

/** Whether a theme is for print. */
export function isForPrint(theme: Template | undefined): boolean {
  return theme !== undefined && forPrint.has(theme);
}

/** The theme with text of another size in CSS pixels, and all that goes with it. */
export function resized(theme: Template | undefined, fontPx: number): Template {
  const other = template(fontPx);
  if (isForPrint(theme)) forPrint.add(other);
  return other;
}

/** Size of a figure of one panel on the screen, in pixels; others have the same width. */
export const SCREEN_WIDTH_PX = 720;
export const SCREEN_HEIGHT_PX = 440;

/** How much smaller everything is in print. */
export const PAPER_SCALE = PAPER_FONT_PX / SCREEN_FONT_PX;

/** Height that a title takes, and one that the titles of panels take. */
export const TITLE_HEIGHT_PX = 36;
export const PANEL_TITLE_HEIGHT_PX = 20;

/** What figures with two axes start from, for the screen. Sizes in pixels. */
export function screenLayout(title: string, xTitle: string, yTitle: string): Partial<Layout> {
  return {
    ...titledLayout(title),
    xaxis: { title: { text: xTitle } },
    yaxis: { title: { text: yTitle } },
  };
}

/** What every figure starts from, for the screen. Sizes in pixels. */
export function titledLayout(title: string, height = SCREEN_HEIGHT_PX): Partial<Layout> {
  return {
    template: SCREEN,
    ...(title === '' ? {} : { title: { text: title } }),
    width: SCREEN_WIDTH_PX,
    height,
    margin: { t: MARGIN_PX + (title === '' ? 0 : TITLE_HEIGHT_PX) },
  };
}
