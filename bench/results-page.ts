import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processorName } from './machine.js';

const FILE = path.resolve(__dirname, '..', 'bench', 'RESULTS.md');

/** The processor's name, as part of a file's. */
export function processorSlug(): string {
  return processorName()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/**
 * Writes what was measured to RESULTS.md, in place of what it has of this processor. Other processors' stays, and so does what people
 * wrote of this one below its figure.
 * @param figure - the last line of what is written
 */
export function writeSection(text: string, figure: string): void {
  const heading = `\n## ${processorName()}\n`;
  const page = readFileSync(FILE, 'utf8');
  const start = page.indexOf(heading);
  const before = start < 0 ? `${page.trimEnd()}\n` : page.slice(0, start);
  const next = start < 0 ? -1 : page.indexOf('\n## ', start + heading.length);
  const section = start < 0 ? '' : page.slice(start, next < 0 ? undefined : next);
  const byHand = section.includes(figure) ? section.slice(section.indexOf(figure) + figure.length) : '\n';
  writeFileSync(
    FILE,
    `${before}${heading}\n${text.trim()}\n\n${figure}${byHand}${next < 0 ? '' : page.slice(next)}`,
  );
}
