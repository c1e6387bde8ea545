import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

const FILE = path.resolve(__dirname, '..', 'bench', 'RESULTS.md');

/** The processor's name, as part of a file's. */
export function processorSlug(): string {
  return processor()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Writes what was measured to RESULTS.md, in place of what it has of this processor; other processors' stays. */
export function writeSection(text: string): void {
  const heading = `\n## ${processor()}\n`;
  const page = readFileSync(FILE, 'utf8');
  const start = page.indexOf(heading);
  const before = start < 0 ? `${page.trimEnd()}\n` : page.slice(0, start);
  const next = start < 0 ? -1 : page.indexOf('\n## ', start + heading.length);
  writeFileSync(FILE, `${before}${heading}\n${text.trim()}\n${next < 0 ? '' : page.slice(next)}`);
}

function processor(): string {
  return cpus()[0].model.trim();
}
