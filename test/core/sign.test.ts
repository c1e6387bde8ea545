import { expect, it } from 'vitest';
import { sign } from '../../src/core/sign.js';

it('sign(0) is +1, also for −0', () => {
  expect([-2, -1e-9, -0, 0, 1e-9, 3].map(sign)).toEqual([-1, -1, 1, 1, 1, 1]);
});
