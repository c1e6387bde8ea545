import type { z } from 'zod';
import { ArgumentError } from './errors.js';

/**
 * Checks a value against a schema and fills in its defaults.
 * @param argument - what the value is called in messages; empty when its own keys say enough
 * @throws ArgumentError for the first thing that is wrong, with its path, the expectation and the value
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  argument = '',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = mostSpecific(result.error.issues[0]);
  const path = [argument, ...issue.path.map(String)].filter(Boolean);
  const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw new ArgumentError(path.join('.') || 'value', expectation(issue), valueAt(value, issue.path), [
    ...issue.path,
    ...key,
  ]);
}

type Issue = z.core.$ZodIssue;

/** Of the alternatives of a union, the one that came furthest before it failed. */
function mostSpecific(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const first = issue.errors.map((alternative) => alternative[0]).filter(Boolean);
  const deepest = first.sort((a, b) => b.path.length - a.path.length)[0];
  if (!deepest || deepest.path.length === 0) return issue;
  return mostSpecific({ ...deepest, path: [...issue.path, ...deepest.path] });
}

/** Completes "expected …". */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected === 'int' ? 'integer' : issue.expected);
    case 'too_small':
      return `${sized(issue.origin)}${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `${sized(issue.origin)}${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `no key ${issue.keys.join(', ')}`;
    case 'invalid_union':
      if ('options' in issue) return `one of ${issue.options.map(String).join(', ')}`;
      // A union with a message of its own says there what it takes.
      return issue.message === 'Invalid input' ? 'a valid value' : issue.message;
    case 'invalid_key':
      return issue.issues[0] ? expectation(issue.issues[0]) : 'another key';
    case 'custom':
      return issue.message.replace(/^Invalid input: expected /, '');
    default:
      return `a valid value (${issue.message})`;
  }
}

function sized(origin: string): string {
  if (origin === 'array') return 'a list whose length is ';
  return origin === 'string'
    ? 'a text whose length is '
    : `${article(origin === 'int' ? 'integer' : origin)} of `;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** What keys lead to in a nested value; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) => (current as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}
