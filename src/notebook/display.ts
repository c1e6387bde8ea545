import { randomUUID } from 'node:crypto';
import { ArgumentError, EnvironmentError } from '../core/errors.js';
import type { Figure } from '../figures/figure.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { type KernelLink, kernelLink } from './kernel-link.js';
import { type MimeBundle, toMimeBundle } from './mime-bundle.js';
import { isFigure, type ShownValue, shownFigure, shownValue } from './rich-output.js';

/**
 * Shows a value in the running cell the way the last expression of a cell is shown: figures, tables (arquero, danfojs),
 * runs, models, sweeps and stores as such, values with a `Symbol.for('xnorlab.display')` method as they wish, everything
 * else as text. Outside a notebook its text goes to stdout, and a figure is treated as `show` does.
 */
export function display(value: unknown): void {
  const kernel = kernelLink();
  if (kernel !== undefined) publish(shownValue(value, kernel), kernel);
  else if (isFigure(value)) sayFiguresAreUnseen();
  else writeOut(`${toMimeBundle(value)['text/plain']}\n`);
}

/**
 * Shows a Plotly figure in the running cell, as a figure that is the cell's last value is shown. It can be zoomed, needs
 * no network, and survives saving, reloading and conversion to HTML. The first figure of a notebook brings the library
 * along (about 2.6 MB), the others only their data. An image of it for readers that run no scripts follows a moment later
 * where there is a browser to draw it; `XNORLAB_FIGURE_IMAGES=off` does without.
 *
 * Outside a notebook nothing is shown: the first call says so on stderr, with what to do, and the script goes on.
 *
 * @param figure - the figure; not changed. NaN and infinities become gaps.
 * @param image - the same figure as SVG text, shown where scripts do not run (an untrusted notebook) in place of the image
 *   that is drawn
 * @throws ArgumentError when `figure.data` is not an array
 */
export function show(figure: Figure, image?: string): void {
  const given: unknown = figure;
  if (typeof given !== 'object' || given === null || given instanceof Promise) {
    throw new ArgumentError('figure', 'a figure', given);
  }
  if (!Array.isArray(figure.data)) throw new ArgumentError('figure.data', 'an array of traces', figure.data);
  const kernel = kernelLink();
  if (kernel === undefined) sayFiguresAreUnseen();
  else publish(shownFigure(figure, kernel, image), kernel);
}

let isSaid = false;

/** Once: a script that has trained for hours before it shows a figure must come to what it saves. */
function sayFiguresAreUnseen(): void {
  if (isSaid) return;
  isSaid = true;
  tell(
    "Figures are shown in notebooks only. Here, keep one as a file: await saveFigure(figure, 'results/figure.html')",
  );
}

/** Shows a value, and again with what comes later. */
function publish({ later, ...output }: ShownValue, kernel: KernelLink): void {
  kernel.publish(output);
  // A cell that was stopped in between shows no more.
  later?.then((update) => update && kernel.publish(update)).catch(() => undefined);
}

/** An output that changes while a cell runs. */
export interface LiveDisplay {
  /** Shows `bundle` in place of the last one, at most about ten times a second; the last one is always shown. */
  update(bundle: MimeBundle): void;
  /** Shows what is still held back. Further updates are ignored. */
  close(): void;
}

const UPDATE_INTERVAL_MS = 100;

/**
 * Opens an output in the running cell for progress of long work. Nothing is shown before the first update.
 *
 * @throws EnvironmentError outside a notebook
 */
export function liveDisplay(): LiveDisplay {
  const kernel = kernelLink();
  if (kernel === undefined) {
    throw new EnvironmentError(
      'liveDisplay() works only in a notebook with the kernel "TypeScript (xnorlab)"',
      'Start Jupyter with `npx xnorlab lab` and choose that kernel',
    );
  }
  const displayId = randomUUID();
  let waiting: MimeBundle | undefined;
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let isOpen = true;
  const flush = (): void => {
    if (waiting === undefined) return;
    const data = waiting;
    waiting = undefined;
    kernel.publish({ data, displayId, isUpdate: shownAtMs > 0 });
    shownAtMs = performance.now();
  };
  kernel.beforeCellEnd.add(flush);
  return {
    update: (bundle) => {
      if (!isOpen) return;
      if (waiting === undefined) setTimeout(flush, UPDATE_INTERVAL_MS).unref();
      waiting = bundle;
      // The clock is asked as well as the timer: in a synchronous loop no timer fires.
      if (performance.now() - shownAtMs >= UPDATE_INTERVAL_MS) flush();
    },
    close: () => {
      flush();
      isOpen = false;
      kernel.beforeCellEnd.delete(flush);
    },
  };
}
