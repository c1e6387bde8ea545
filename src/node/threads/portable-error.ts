import { inspect } from 'node:util';
import {
  ArgumentError,
  CheckpointError,
  DataError,
  EnvironmentError,
  InterruptedError,
} from '../../core/errors.js';
import { findRule, ruleNames } from '../../rules/registry.js';
import type { ErrorClass } from '../../rules/rule.js';

/** The classes that errors of a run have besides JavaScript's own and those of rules. */
const CLASSES: readonly ErrorClass[] = [
  ArgumentError,
  DataError,
  EnvironmentError,
  InterruptedError,
  CheckpointError,
];

/** An error as a plain object: cloning it for another thread loses neither its class nor its fields. */
export interface PortableError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Own properties, such as `exitCode` and `argument`; what cannot be cloned as text. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: PortableError;
}

/** @param thrown - whatever was thrown */
export function portableError(thrown: unknown): PortableError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: inspect(thrown), fields: {} };
  const { name, message, stack, cause } = thrown;
  const fields = Object.entries(thrown).map(([key, value]) => [key, cloneable(value)]);
  return {
    name,
    message,
    stack,
    fields: Object.fromEntries(fields),
    ...(cause !== undefined && { cause: portableError(cause) }),
  };
}

/** The error that `portableError` was given: of the same class where it is one of xnorlab's, else an Error. */
export function errorFrom({ name, message, stack, fields, cause }: PortableError): Error {
  const error = new Error(message, cause && { cause: errorFrom(cause) });
  const ofRules = ruleNames().flatMap((rule) => findRule(rule)?.definition.errors ?? []);
  const Class = [...CLASSES, ...ofRules].find((candidate) => candidate.name === name);
  if (Class) Object.setPrototypeOf(error, Class.prototype);
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  return Object.assign(error, { ...fields, name });
}

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return inspect(value);
  }
}
