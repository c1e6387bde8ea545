import { ArgumentError } from '../core/errors.js';

/** How much notebooks do: `quick`, seconds to two minutes each, or `full`, the sizes and seeds of the papers. */
export type NotebookMode = (typeof MODES)[number];

const MODES = ['quick', 'full'] as const;

/**
 * What `$XNORLAB_NOTEBOOK_MODE` asks of notebooks; `quick` where it is not set.
 * @throws ArgumentError when it is neither `quick` nor `full`
 */
export function notebookMode(): NotebookMode {
  const asked = process.env.XNORLAB_NOTEBOOK_MODE ?? 'quick';
  const mode = MODES.find((name) => name === asked);
  if (mode === undefined) throw new ArgumentError('XNORLAB_NOTEBOOK_MODE', MODES.join(' or '), asked);
  return mode;
}
