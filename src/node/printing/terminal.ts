import { printable } from '../../core/printable.js';

/** Writes a result to stdout; the only place that does. What a terminal would act on is written out: `printable`. */
export function writeOut(text: string): void {
  process.stdout.write(printable(text));
}

/** Tells how it goes, a line on stderr, in the same way: stdout is for results. */
export function tell(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Tells how it goes in the place of what was told last. */
export function tellAgain(line: string): void {
  process.stderr.write(`\r${printable(line)} `);
}
