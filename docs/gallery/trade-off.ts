import { tradeOff } from 'xnorlab';

const rows = ['local-error', 'sgd'].flatMap((rule, r) =>
  [35, 75, 135, 255].flatMap((width, w) =>
    [1, 2, 3].map((seed) => ({
      rule,
      seed,
      dataset: 'fashion-mnist',
      layers: `${width},${width}`,
      memoryMegabytes: (5 + 150 * r) * (1 + width / 100),
      testAccuracy: 81 + 3 * r + 1.2 * w + 0.3 * seed,
    })),
  ),
);

export const figure = tradeOff(rows, {
  cost: 'memoryMegabytes',
  xTitle: 'memory in training (MB)',
  title: 'What an accuracy costs',
});
