import { expect, it } from 'vitest';
import { checkDifferent } from '../../src/statistics/different-rows.js';

const row = { groupSize: 35, seed: 1, epochs: 5, testAccuracy: 80 };
const check = (other: object): (() => void) => {
  return () => checkDifferent([row, { ...row, ...other }], ['groupSize', 'seed']);
};

it('an error for two rows names the columns that make them differ', () => {
  expect(check({ epochs: 10, testAccuracy: 82 })).toThrow(
    'rows: expected one row for each groupSize, seed (for groupSize 35, seed 1 they differ in `epochs`: 5, 10), got 2',
  );
  expect(check({ testAccuracy: 82 })).toThrow(
    'they differ in what was measured only: what was varied is no column',
  );
  expect(check({})).toThrow('(for groupSize 35, seed 1 they are the same in every column), got 2');
  const many = [1, 2, 3, 4, 5, 6].map((epochs) => ({ ...row, epochs }));
  expect(() => checkDifferent(many, ['seed'])).toThrow(
    '(for seed 1 they differ in `epochs`: 1, 2, 3, 4, …), got 6',
  );
});
