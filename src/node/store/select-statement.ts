import { ArgumentError } from '../../core/errors.js';
import type { Cell } from '../../core/row.js';

/** Texts, quoted names and comments, in which nothing of the statement's form is to be looked for. */
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/**
 * Checks what SQLite itself lets pass: that a text is one statement that reads, and has a parameter for each `?`.
 * @throws ArgumentError
 */
export function checkSelect(sql: string, parameters: readonly Cell[]): void {
  const form = sql.replace(OPAQUE, ' ').trim();
  if (!/^(select|with|values)\b/i.test(form)) throw new ArgumentError('sql', 'a SELECT', sql);
  if (/;\s*\S/.test(form)) throw new ArgumentError('sql', 'one statement', sql);
  if (/\?\d|[:@$]\w/.test(form)) throw new ArgumentError('sql', 'parameters written as ?', sql);
  const expected = form.split('?').length - 1;
  if (parameters.length !== expected) {
    throw new ArgumentError('parameters', `${expected} values, one for each ?`, parameters);
  }
  for (const [i, value] of parameters.entries()) {
    if (value !== null && typeof value !== 'string' && !Number.isFinite(value)) {
      throw new ArgumentError(`parameters[${i}]`, 'a text, a finite number or null', value);
    }
  }
}

/** A statement without the semicolon at its end and what follows that. @param sql - that `checkSelect` has passed */
export function bareStatement(sql: string): string {
  const end = sql.replace(OPAQUE, (text) => ' '.repeat(text.length)).indexOf(';');
  return end < 0 ? sql : sql.slice(0, end);
}
