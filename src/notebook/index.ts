/** `xnorlab/notebook`: showing things in a cell. */
import { kernelLink } from './kernel-link.js';
import { offerOptionWords } from './option-words.js';

if (kernelLink() !== undefined) offerOptionWords();

export { display, type LiveDisplay, liveDisplay, show } from './display.js';
export type { EndedRun, ShownProgress, SweepState } from './live-progress.js';
export {
  liveProgress,
  liveSweep,
  type ProgressHooks,
  type SweepProgressHooks,
} from './live-progress.js';
export type { MimeBundle } from './mime-bundle.js';
export { type NotebookMode, notebookMode } from './notebook-mode.js';
