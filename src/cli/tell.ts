/** Tells how it goes, on stderr: stdout is for results. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
