import { forgetting } from 'xnorlab';

const rows = ['local-error', 'sgd'].flatMap((rule, r) =>
  [1, 2, 3].flatMap((seed) =>
    [1, 2, 3, 4].flatMap((step) =>
      Array.from({ length: step }, (_, i) => ({
        rule,
        seed,
        step,
        task: i + 1,
        accuracy: 84 + 0.6 * seed - (4 + 4 * r) * (step - i - 1),
      })),
    ),
  ),
);

export const figure = forgetting(rows);
