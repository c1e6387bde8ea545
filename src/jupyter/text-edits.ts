/** Replaces the characters from `start` up to `end` by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Adds text before the character at `at`. */
export function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

/** @param edits - in any order; they do not overlap. Of those with one start, insertions come first, as they are listed. */
export function apply(source: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let copied = 0;
  for (const { start, end, text } of sorted) {
    result += source.slice(copied, start) + text;
    copied = end;
  }
  return result + source.slice(copied);
}
