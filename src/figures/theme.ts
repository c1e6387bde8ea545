import type { Layout } from 'plotly.js';

/**
 * Colours of Okabe and Ito's palette: told apart with any kind of colour vision. Each is used with a dash or a
 * marker of its own, so that a grey print can be read too.
 */
export const PALETTE = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'] as const;

/** Line styles, in step with `PALETTE`. */
export const DASHES = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const;

/** What all figures share, for the screen. Sizes in pixels. */
export function screenLayout(title: string, xTitle: string, yTitle: string): Partial<Layout> {
  const axis = {
    showline: true,
    linecolor: '#444',
    gridcolor: '#e5e5e5',
    zeroline: false,
    ticks: 'outside',
  } as const;
  return {
    title: { text: title, x: 0.02, font: { size: 16 } },
    width: 720,
    height: 440,
    margin: { l: 70, r: 20, t: 50, b: 110 },
    font: { family: 'Open Sans, Liberation Sans, Arial, sans-serif', size: 13, color: '#222' },
    paper_bgcolor: '#fff',
    plot_bgcolor: '#fff',
    xaxis: { ...axis, title: { text: xTitle, standoff: 12 } },
    yaxis: { ...axis, title: { text: yTitle, standoff: 12 } },
    legend: { orientation: 'h', y: -0.32 },
  };
}
