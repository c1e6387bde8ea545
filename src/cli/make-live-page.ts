import { readFileSync } from 'node:fs';
import path from 'node:path';
import { encodePageSet } from '../browser/page-set.js';
import { EnvironmentError } from '../core/errors.js';
import { loadDataset } from '../node/data/load.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';
import { tell } from '../node/printing/terminal.js';
import { ruleNames } from '../rules/registry.js';
import type { FurtherPage } from '../site/index-page.js';
import { digitsScript, livePage } from '../site/live-page.js';
import type { PageLink } from '../site/page-frame.js';
import { parseTrainConfig } from '../training/config.js';
import { prepareDataset } from '../training/prepared-data.js';

const DIST = path.join(PACKAGE_ROOT, 'dist');
const DIGITS = 'mnist';

/** What the page is made with. */
export interface LivePageOptions {
  readonly links?: readonly PageLink[];
  /** Whether the digits come along, 2.5 MB beside the page. Without MNIST, and where it cannot be fetched, they do not. */
  readonly digits: boolean;
}

/**
 * Makes the page that trains, `live.html`, in a folder, and beside it `live-digits.js`.
 * @throws DataError for files of MNIST that are damaged
 */
export async function makeLivePage(
  to: string,
  { links = [], digits }: LivePageOptions,
): Promise<FurtherPage & { readonly hasDigits: boolean }> {
  const packed = digits ? await packDigits() : undefined;
  if (packed) await writeFileAtomically(path.join(to, 'live-digits.js'), digitsScript(packed));
  const read = (file: string): string => readFileSync(path.join(DIST, 'live', file), 'utf8');
  const parts = {
    style: read('page.css'),
    script: read('page.js'),
    worker: read('worker.js'),
    kernels: readFileSync(path.join(DIST, 'kernels', 'wasm', 'kernels.wasm')),
    ...(packed && { digits: 'live-digits.js' }),
  };
  await writeFileAtomically(path.join(to, 'live.html'), livePage(parts, links));
  return {
    file: 'live.html',
    title: 'Watch a binary network learn',
    summary:
      'A page that trains: choose data, rule and options, and see weights flip. Nothing is installed or sent.',
    hasDigits: packed !== undefined,
  };
}

/** MNIST as the bits that it is trained on; undefined where it is not to be had. */
async function packDigits(): Promise<Uint8Array | undefined> {
  try {
    const dataset = await loadDataset(DIGITS);
    // The first rule learns from bits, and these are the same for all rules that do.
    const config = parseTrainConfig({ dataset: DIGITS, rule: { name: ruleNames()[0] } });
    const { binarizer, ...prepared } = prepareDataset(config, dataset);
    return binarizer && encodePageSet({ ...prepared, binarizer });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    tell(`The page does without digits: ${error.message}`);
    return undefined;
  }
}
