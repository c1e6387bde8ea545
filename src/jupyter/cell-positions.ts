import { SourceMap, type SourceMapPayload } from 'node:module';

/** A place in a text; both count from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where something in a compiled text comes from; undefined for what the compiler has added. */
export type Origin = (position: Position) => Position | undefined;

/** Cells longer ago than this many have none: a session may go on for days. */
const REMEMBERED = 1000;

const origins = new Map<string, Origin>();

/** Lets `inCells` know of a cell. @param name - as stack traces call it: `cell[3]` */
export function rememberOrigin(name: string, origin: Origin): void {
  origins.delete(name);
  origins.set(name, origin);
  const [oldest] = origins.keys();
  if (origins.size > REMEMBERED) origins.delete(oldest);
}

const PLACE = /(cell\[\d+\]):(\d+):(\d+)/g;

/** A stack trace with the lines of cells as they are written in place of those of the compiled code. */
export function inCells(stack: string): string {
  return stack.replace(PLACE, (all: string, name: string, line: string, column: string) => {
    const found = origins.get(name)?.({ line: Number(line) - 1, column: Number(column) - 1 });
    return found === undefined ? all : `${name}:${found.line + 1}:${found.column + 1}`;
  });
}

const MAP = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Takes the source map off a compiled text. */
export function withoutMap(compiled: string): { readonly text: string; readonly origin: Origin } {
  const match = MAP.exec(compiled);
  if (match === null) return { text: compiled, origin: (position) => position };
  let map: SourceMap | undefined;
  const origin: Origin = ({ line, column }) => {
    map ??= new SourceMap(JSON.parse(Buffer.from(match[1], 'base64').toString()) as SourceMapPayload);
    const entry = map.findEntry(line, column);
    return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
  };
  return { text: compiled.slice(0, match.index), origin };
}

/** The character at a place of a text. */
export function offsetAt(text: string, { line, column }: Position): number {
  let start = 0;
  for (let i = 0; i < line; i++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column);
}

/** The place of a character of a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length - 1, column: offset - start };
}
