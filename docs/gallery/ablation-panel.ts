import { ablationPanel } from 'xnorlab';

const rows = [0, 0.25, 0.5, 1].flatMap((robustness) =>
  [1, 2, 3, 4, 5].map((seed) => ({
    robustness,
    seed,
    testAccuracy: 85 - 12 * (robustness - 0.3) ** 2 + 0.2 * (seed % 3),
  })),
);

export const figure = ablationPanel(rows, {
  option: 'robustness',
  value: 'testAccuracy',
  xTitle: 'robustness r',
  yTitle: 'test accuracy (%)',
  title: 'One option',
});
