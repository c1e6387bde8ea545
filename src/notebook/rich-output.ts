import { randomUUID } from 'node:crypto';
import type { Figure } from '../figures/figure.js';
import { figureJson } from '../figures/figure.js';
import { type FigureImage, figureHtml, libraryHtml } from '../node/printing/figure-html.js';
import { FIGURE_CONFIG } from '../node/printing/page-config.js';
import type { KernelLink, RichOutput } from './kernel-link.js';
import { toMimeBundle } from './mime-bundle.js';

/** A value on its way to a cell, and what is to replace it when that is ready. */
export interface ShownValue extends RichOutput {
  /** The same with an image, for readers that run no scripts. Resolves to undefined where there will be none. */
  readonly later?: Promise<RichOutput | undefined>;
}

/** How a value looks in the running cell: a figure as one, everything else as `toMimeBundle` says. */
export function shownValue(value: unknown, kernel: KernelLink): ShownValue {
  return isFigure(value) ? shownFigure(value, kernel) : { data: toMimeBundle(value) };
}

/** Whether a value is what Plotly draws: traces, and nothing else but their layout and settings. */
export function isFigure(value: unknown): value is Figure {
  if (typeof value !== 'object' || value === null || !('data' in value)) return false;
  const { data, ...rest } = value as Figure;
  return (
    Array.isArray(data) &&
    data.every((trace: unknown) => typeof trace === 'object' && trace !== null && !Array.isArray(trace)) &&
    ('layout' in rest || data.some((trace) => 'type' in trace || 'y' in trace)) &&
    Object.keys(rest).every((key) => ['layout', 'config', 'frames'].includes(key))
  );
}

/**
 * A figure for every reader: interactive HTML (JupyterLab, Notebook, nbconvert), the figure itself (VS Code and others that
 * draw with a Plotly of their own) and, a moment later, an image (GitHub, untrusted notebooks, PDF). The first figure
 * of a notebook brings the library along.
 *
 * @param svg - an image as SVG text; then none is drawn for the HTML
 */
export function shownFigure(figure: Figure, kernel: KernelLink, svg?: string): ShownValue {
  const json = figureJson({ ...figure, config: { ...FIGURE_CONFIG, ...figure.config } });
  const id = `xnorlab-${randomUUID()}`;
  const library = kernel.claimEmbed('plotly') ? libraryHtml() : '';
  const plotly = JSON.parse(json) as object;
  const traces = `${figure.data.length} trace${figure.data.length === 1 ? '' : 's'}`;
  const bundle = (image?: FigureImage): RichOutput => ({
    displayId: id,
    data: {
      'application/vnd.plotly.v1+json': plotly,
      'text/html': figureHtml(figure, id, svg ?? image) + library,
      ...(image && { 'image/png': image.png }),
      'text/plain': `[figure with ${traces}]`,
    },
  });
  const drawn = kernel.drawFigure?.(json);
  if (drawn === undefined) return bundle();
  return { ...bundle(), later: drawn.then((image) => image && { ...bundle(image), isUpdate: true }) };
}
