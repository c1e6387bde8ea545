import { join } from 'node:path';
import workerThreads, { type Worker } from 'node:worker_threads';
import type { FigureImage } from '../node/printing/figure-html.js';

/** What the image thread is asked. */
export interface ImageRequest {
  readonly id: number;
  /** Of a figure. */
  readonly json: string;
}

/** What it answers. */
export type ImageReply =
  | { readonly id: number; readonly image: FigureImage | undefined }
  /** There is no browser: it will draw nothing. */
  | 'no browser';

/** With this value no images are drawn. */
const OFF = 'off';

// As it was before cells' own threads are tracked: an interrupt shall not end this one.
const { Worker: OwnWorker } = workerThreads;

/**
 * Draws figures that cells show as images, in a thread of its own with a browser of its own: starting one takes a second, in
 * which cells go on. Both start with the first figure and end some time after the last.
 */
export class FigureImages {
  readonly #waiting = new Map<number, (image: FigureImage | undefined) => void>();
  #thread: Worker | undefined;
  #isPossible = true;
  #nextId = 0;

  /** Undefined where `$XNORLAB_FIGURE_IMAGES` is `off`, or there is no browser. */
  draw(json: string): Promise<FigureImage | undefined> | undefined {
    if (!this.#isPossible || process.env.XNORLAB_FIGURE_IMAGES === OFF) return undefined;
    const id = this.#nextId++;
    this.#thread ??= this.#start();
    this.#thread.postMessage({ id, json } satisfies ImageRequest);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Ends the browser. @returns when it has ended */
  async close(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    const exit = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('close');
    await exit;
  }

  #start(): Worker {
    const thread = new OwnWorker(join(__dirname, 'image-thread.js'), { stdout: true, stderr: true });
    thread.unref();
    thread.on('message', (reply: ImageReply) => {
      if (reply === 'no browser') this.#isPossible = false;
      else this.#resolve(reply.id, reply.image);
    });
    // Images are no reason for a cell to fail.
    thread.on('error', () => {
      this.#isPossible = false;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const id of [...this.#waiting.keys()]) this.#resolve(id, undefined);
    });
    return thread;
  }

  #resolve(id: number, image: FigureImage | undefined): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(image);
  }
}
