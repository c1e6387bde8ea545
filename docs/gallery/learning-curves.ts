import { learningCurves } from 'xnorlab';

const rows = ['local-error', 'sgd'].flatMap((rule, r) =>
  [1, 2, 3].flatMap((seed) =>
    [1, 2, 3, 4, 5, 6].map((epoch) => ({
      rule,
      seed,
      epoch,
      trainAccuracy: 84 + 4 * r - 8 / epoch + 0.4 * seed,
      testAccuracy: 82 + 3 * r - 7 / epoch + 0.6 * seed,
    })),
  ),
);

export const figure = learningCurves(rows, { title: 'Learning curves' });
