import type { FigureImage } from '../node/printing/figure-html.js';
import type { MimeBundle } from './bundle.js';

/** One piece of rich output on its way to the notebook. */
export interface RichOutput {
  readonly data: MimeBundle;
  /** Lets a later output replace this one. */
  readonly displayId?: string;
  /** Replaces the outputs with the same `displayId` instead of adding one. */
  readonly isUpdate?: boolean;
}

/**
 * What the kernel offers to library code in its process. It hangs on `globalThis`, because the launcher and a
 * notebook's `import … from 'xnorlab'` may come from different builds of this package.
 */
export interface KernelLink {
  /** Shows rich output in the running cell. Throws Interrupted in code of an interrupted cell. */
  publish(output: RichOutput): void;
  /**
   * True when the notebook does not hold the named part yet (a library that all figures share), and the caller is to
   * embed it in the running cell. True again after that cell was executed again or deleted.
   */
  claimEmbed(name: string): boolean;
  /**
   * Draws a figure beside the kernel, so that cells go on meanwhile. Undefined where images are not wanted; resolves to
   * undefined where none can be drawn.
   * @param json - of the figure
   */
  drawFigure?(json: string): Promise<FigureImage | undefined> | undefined;
  /** Called at the end of every cell, while its outputs are still open. */
  readonly beforeCellEnd: Set<() => void>;
  /** Resolves when no one-shot timer of any cell is pending any more, at the latest after `limitMs`. */
  drain(limitMs: number): Promise<void>;
}

const LINK = Symbol.for('xnorlab.kernel');

/** The kernel this process is, or undefined outside a notebook. */
export function kernelLink(): KernelLink | undefined {
  return (globalThis as { [LINK]?: KernelLink })[LINK];
}

/** Makes `link` the kernel of this process. */
export function setKernelLink(link: KernelLink): void {
  (globalThis as { [LINK]?: KernelLink })[LINK] = link;
}
