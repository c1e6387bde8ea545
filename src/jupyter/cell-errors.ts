import { inspect } from 'node:util';
import { XnorlabError } from '../core/errors.js';
import { inCells } from './cell-positions.js';
import { installAdvice } from './compiler-advice.js';
import { asWritten } from './live-scope.js';

/** What Jupyter wants to know of a failure, in its own words. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** Ends a cell that was interrupted; everything it still tries to print or schedule throws this as well. */
export class Interrupted extends XnorlabError {
  override readonly exitCode = 130;

  constructor() {
    super('The cell was interrupted');
  }
}

/**
 * Turns anything that was thrown into an error message for the notebook.
 *
 * @param reason - the thrown value, of any type
 * @param origin - where a late error came from, shown under its text
 */
export function describeThrown(reason: unknown, origin?: string): ErrorContent {
  const ename = isError(reason) ? String(reason.name || 'Error') : 'Thrown';
  const message = isError(reason) ? messageOf(reason) : safeInspect(reason);
  const evalue = origin === undefined ? message : `${message} (${origin})`;
  const lines = stackLines(reason, 0);
  return { ename, evalue, traceback: origin === undefined ? lines : [...lines, origin] };
}

/** In the reader's words; that of a missing package says how to get it, and not who asked for it. */
function messageOf(error: Error): string {
  const message = asWritten(String(error.message));
  const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(message);
  if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND' || missing === null) return message;
  const advice = installAdvice(missing[1]);
  return advice === undefined ? message : `${missing[0]}. ${advice}`;
}

/** One complaint of the TypeScript compiler; line and column count from 1. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Turns the compiler's complaints about a cell into one error that shows the lines in question. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], source: string): ErrorContent {
  const lines = source.split('\n');
  const summaries = diagnostics.map((d) => `${d.file}${d.line}:${d.column} - ${d.message}`);
  const traceback = diagnostics.flatMap((d, i) => {
    const code = d.file === '' ? lines[d.line - 1] : undefined;
    const head = `TypeScriptError: ${summaries[i]}`;
    return code === undefined ? [head] : [head, `  ${code}`, `  ${' '.repeat(Math.max(0, d.column - 1))}^`];
  });
  return { ename: 'TypeScriptError', evalue: summaries.join('\n'), traceback };
}

/** A chain of causes longer than this is most likely a circle. */
const MAX_CAUSES = 8;

/** The stack below the cell belongs to the kernel; it would only hide where the user's code failed. */
const KERNEL_FRAME = /^\s+at .*(node_modules[\\/]tslab[\\/]dist|[\\/](dist|src)[\\/]jupyter[\\/]|\(?node:)/;

function stackLines(reason: unknown, depth: number): string[] {
  if (!isError(reason)) return [`Thrown: ${safeInspect(reason)}`];
  const head = `${reason.name}: ${messageOf(reason)}`;
  // The stack keeps the name and text the error was created with; both may have been changed since.
  const stack =
    typeof reason.stack === 'string' && reason.stack.includes(reason.message) ? reason.stack : head;
  const lines = inCells(asWritten(stack.replace(reason.message, () => messageOf(reason))))
    .split('\n')
    .filter((line) => !KERNEL_FRAME.test(line));
  if (depth >= MAX_CAUSES) return lines;
  const inner = reason instanceof AggregateError ? [...(reason.errors as unknown[])] : [];
  if (reason.cause !== undefined) inner.push(reason.cause);
  return [...lines, ...inner.flatMap((cause) => ['caused by', ...stackLines(cause, depth + 1)])];
}

/** Errors of other realms (a vm, a worker) count as well. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function safeInspect(value: unknown): string {
  try {
    return inspect(value, { depth: 4 });
  } catch {
    return 'a value that cannot be shown';
  }
}
