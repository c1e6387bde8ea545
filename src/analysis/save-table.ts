import { writeFileAtomically } from '../bits/atomic-file.js';
import { table } from './frames.js';
import { markdownTable } from './markdown.js';
import type { Row } from './rows.js';

/**
 * Writes rows to `path`.md for reading and `path`.csv for computing, each whole or not at all.
 * @param path - without an extension; folders on the way are made
 * @throws ArgumentError when there are no rows
 * @throws EnvironmentError when the files cannot be written
 */
export async function saveTable(rows: readonly Row[], path: string): Promise<void> {
  const csv = table(rows).toCSV();
  await writeFileAtomically(`${path}.md`, markdownTable(rows));
  await writeFileAtomically(`${path}.csv`, csv.endsWith('\n') ? csv : `${csv}\n`);
}
