import { describe, expect, it } from 'vitest';
import { checkChoice, checkInteger, checkLength, checkNumber } from '../../src/core/check.js';
import { ArgumentError } from '../../src/core/errors.js';

function rejects(call: () => void, message: string): void {
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(expect.objectContaining({ message }));
}

describe('checkInteger', () => {
  it('accepts the ends of the range', () => {
    checkInteger('n', 2, 2, 5);
    checkInteger('n', 5, 2, 5);
    checkInteger('n', Number.MAX_SAFE_INTEGER, 0);
  });

  it('rejects everything else', () => {
    rejects(() => checkInteger('n', 1, 2, 5), 'n: expected an integer in [2, 5], got 1');
    rejects(() => checkInteger('n', 6, 2, 5), 'n: expected an integer in [2, 5], got 6');
    rejects(() => checkInteger('n', 2.5, 2, 5), 'n: expected an integer in [2, 5], got 2.5');
    rejects(() => checkInteger('n', -1, 0), 'n: expected an integer of at least 0, got -1');
    rejects(
      () => checkInteger('n', 2 ** 53, 0),
      'n: expected an integer of at least 0, got 9007199254740992',
    );
    rejects(() => checkInteger('n', Number.NaN, 0), 'n: expected an integer of at least 0, got NaN');
    rejects(() => checkInteger('n', Infinity, 0), 'n: expected an integer of at least 0, got Infinity');
    rejects(() => checkInteger('n', '3' as never, 0), "n: expected an integer of at least 0, got '3'");
  });
});

describe('checkNumber', () => {
  it('accepts the ends of the range', () => {
    checkNumber('p', 0, 0, 1);
    checkNumber('p', 1, 0, 1);
  });

  it('rejects everything else', () => {
    rejects(() => checkNumber('p', -1e-9, 0, 1), 'p: expected a number in [0, 1], got -1e-9');
    rejects(() => checkNumber('p', 1.5, 0, 1), 'p: expected a number in [0, 1], got 1.5');
    rejects(() => checkNumber('p', Number.NaN, 0, 1), 'p: expected a number in [0, 1], got NaN');
  });
});

describe('checkLength', () => {
  it('counts entries', () => {
    checkLength('labels', [1, 2], 2);
    rejects(() => checkLength('labels', [1, 2], 3), 'labels: expected 3 entries, got 2');
  });
});

describe('checkChoice', () => {
  it('names the choices', () => {
    checkChoice('backend', 'wasm', ['native', 'wasm']);
    rejects(
      () => checkChoice('backend', 'cuda', ['native', 'wasm']),
      "backend: expected one of native, wasm, got 'cuda'",
    );
  });
});
