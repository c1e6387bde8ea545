import '../../../src/rules/float-rules.js';
import { describe, expect, it } from 'vitest';
import { ArgumentError, CheckpointError, DataError, InterruptedError } from '../../../src/core/errors.js';
import { errorFrom, portableError } from '../../../src/node/threads/portable-error.js';
import { DivergedError } from '../../../src/rules/float/diverged-error.js';

/** What arrives in another thread. */
function sent(thrown: unknown): Error {
  return errorFrom(structuredClone(portableError(thrown)));
}

describe('errors between threads', () => {
  it.each([
    new ArgumentError('layers[1]', 'a number', [1, 2]),
    new DataError('/data/file.csv', 'is empty'),
    new InterruptedError('training'),
    new CheckpointError('/run.checkpoint', 'is truncated'),
    new DivergedError('sgd', 3, 400, 'the loss is NaN', 0.5),
    new RangeError('out of range'),
    Object.assign(new Error('no such file'), { code: 'ENOENT' }),
  ])('keep name, message, stack and fields: $name', (error) => {
    const arrived = sent(error);
    expect({ ...arrived }).toEqual({ ...error, name: error.name });
    expect(arrived.message).toBe(error.message);
    expect(arrived.stack).toBe(error.stack);
    if (!(error instanceof RangeError))
      expect(Object.getPrototypeOf(arrived)).toBe(Object.getPrototypeOf(error));
  });

  it('keep causes, all the way down', () => {
    const cause = new TypeError('wrong', { cause: new DataError('file', 'is empty') });
    const arrived = sent(new Error('failed', { cause }));
    expect(arrived.cause).toMatchObject({ name: 'TypeError', message: 'wrong' });
    expect((arrived.cause as Error).cause).toBeInstanceOf(DataError);
  });

  it('tell what cannot be sent as text', () => {
    const error = new ArgumentError('work', 'a number', function nothing() {});
    expect(sent(error)).toMatchObject({ argument: 'work', received: '[Function: nothing]' });
    expect(sent('a string').message).toBe("'a string'");
  });
});
