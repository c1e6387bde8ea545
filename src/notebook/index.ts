/** `xnorlab/notebook`: showing things in a cell. */
import { kernelLink } from './kernel-link.js';
import { offerOptionWords } from './option-words.js';

if (kernelLink() !== undefined) offerOptionWords();

export { display, type LiveDisplay, liveDisplay, show } from './display.js';
export { liveProgress, liveSweep } from './live-progress.js';
export type { MimeBundle } from './mime-bundle.js';
export { type NotebookMode, notebookMode } from './notebook-mode.js';
export type {
  EndedRun,
  ProgressHooks,
  ShownProgress,
  SweepProgressHooks,
  SweepState,
} from './progress-hooks.js';
export { type WatchedLearner, type WatchHooks, watch } from './watch.js';
