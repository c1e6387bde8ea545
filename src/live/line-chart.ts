import './page-language.js';
import UPlot from 'uplot';

export { UPlot };

/** How lines are told apart besides by colour. */
export const DASHES = [[], [8, 4], [2, 3], [8, 3, 2, 3], [14, 4], [14, 4, 2, 4]];

/** Keeps a chart as wide as its place and in the colours of the page. @param chartNow - the one that stands there */
export function keepFitted(place: HTMLElement, height: number, chartNow: () => UPlot | undefined): void {
  new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width > 0) chartNow()?.setSize({ width, height });
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chartNow()?.redraw(false));
}
