import { describe, expect, it } from 'vitest';
import {
  ArgumentError,
  DataError,
  EnvironmentError,
  InterruptedError,
  XnorlabError,
} from '../../src/core/errors.js';

describe('the errors', () => {
  it('say what happened, and how the command line ends', () => {
    const cases: [XnorlabError, name: string, exitCode: number, message: string][] = [
      [
        new ArgumentError('layers[1]', 'an integer', 2.5),
        'ArgumentError',
        2,
        'layers[1]: expected an integer, got 2.5',
      ],
      [new DataError('a.npy', 'ends early'), 'DataError', 1, 'a.npy: ends early'],
      [
        new EnvironmentError('Jupyter is missing', 'Run the setup.'),
        'EnvironmentError',
        1,
        'Jupyter is missing. Run the setup.',
      ],
      [new InterruptedError('the sweep'), 'InterruptedError', 130, 'the sweep was interrupted'],
    ];
    for (const [error, name, exitCode, message] of cases) {
      expect(error).toBeInstanceOf(XnorlabError);
      expect(error).toBeInstanceOf(Error);
      expect([error.name, error.exitCode, error.message]).toEqual([name, exitCode, message]);
    }
  });

  it('keep what they were made of', () => {
    expect(new ArgumentError('n', 'an integer', null)).toMatchObject({
      argument: 'n',
      expected: 'an integer',
      received: null,
    });
    const cause = new Error('disk');
    expect(new DataError('a.npy', 'ends early', { cause })).toMatchObject({
      source: 'a.npy',
      problem: 'ends early',
      cause,
    });
    expect(new EnvironmentError('a', 'b', { cause })).toMatchObject({ problem: 'a', remedy: 'b', cause });
  });
});

describe('ArgumentError', () => {
  const shown = (received: unknown) => new ArgumentError('x', 'y', received).message.split('got ')[1];

  it('shows any value on one line', () => {
    expect(shown(undefined)).toBe('undefined');
    expect(shown('a\nb')).toBe("'a\\nb'");
    expect(shown([1, 2])).toBe('[ 1, 2 ]');
    expect(shown({ a: { b: 1 } })).toBe('{ a: { b: 1 } }');
    expect(shown([0, 1, 2, 3, 4, 5, 6])).toBe('[ 0, 1, 2, 3, 4, 5, 6 ]');
  });

  it('shortens long ones', () => {
    expect(shown(new Array(9).fill(0))).toBe('[ 0, 0, 0, 0, 0, 0, 0, 0, ... 1 more item ]');
    expect(shown('a'.repeat(200))).toBe(`'${'a'.repeat(79)}…`);
  });
});
