import { heatMap } from 'xnorlab';

const rows = [4, 6, 8, 16].flatMap((hiddenBits) =>
  [0, 0.5, 1].flatMap((reinforcement) =>
    [1, 2, 3].map((seed) => ({
      hiddenBits,
      reinforcement,
      seed,
      testAccuracy: hiddenBits === 4 ? 10 : 80 + 1.2 * Math.log2(hiddenBits) + reinforcement - 0.1 * seed,
    })),
  ),
);

// 4 bits stay at chance: such cells are marked, and the colours are left for what differs.
export const figure = heatMap(rows, {
  x: 'hiddenBits',
  y: 'reinforcement',
  value: 'testAccuracy',
  xTitle: 'bits of a hidden weight',
  valueTitle: 'test accuracy (%)',
  title: 'Two settings',
});
