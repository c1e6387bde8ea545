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
  const sorted = inOrder(edits);
  let result = '';
  let copied = 0;
  for (const { start, end, text } of sorted) {
    result += source.slice(copied, start) + text;
    copied = end;
  }
  return result + source.slice(copied);
}

/** Where a character of the edited text was before; that of an inserted one, where it was inserted. */
export function offsetBefore(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of inOrder(edits)) {
    const at = start + shift;
    if (offset < at) break;
    if (offset < at + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
