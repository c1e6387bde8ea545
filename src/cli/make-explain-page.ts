import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exampleNetwork } from '../browser/explained-network.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';
import { tellBatch } from '../rules/local-error/batch-story.js';
import { explainPage } from '../site/explain-page.js';
import type { FurtherPage } from '../site/index-page.js';
import type { PageLink } from '../site/page-frame.js';

/** Of the package's checkout; an installation has none. */
const READING_COPY = path.join(PACKAGE_ROOT, 'docs', 'reading-copy.ts');

/** Makes `explain.html`, one batch step by step, in a folder; undefined where there is no reading copy to stand beside it. */
export async function makeExplainPage(
  to: string,
  links: readonly PageLink[],
): Promise<FurtherPage | undefined> {
  if (!existsSync(READING_COPY)) return undefined;
  const { learner, plan } = await exampleNetwork();
  const page = explainPage(tellBatch(learner, plan), readFileSync(READING_COPY, 'utf8'), links);
  await writeFileAtomically(path.join(to, 'explain.html'), page);
  return {
    file: 'explain.html',
    title: 'One batch, step by step',
    summary:
      'Which samples trigger, which neurons are chosen, which weights step and which flip, in a network of 15 neurons.',
  };
}
