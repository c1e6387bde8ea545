import { optionCurves } from 'xnorlab';

const rows = [0, 0.5, 1].flatMap((reinforcement) =>
  [0, 0.25, 0.5, 1].flatMap((robustness) =>
    [1, 2, 3].map((seed) => ({
      reinforcement,
      robustness,
      seed,
      testAccuracy: 82 + 2 * reinforcement - 10 * (robustness - 0.3) ** 2 + 0.3 * seed,
    })),
  ),
);

export const figure = optionCurves(rows, {
  option: 'robustness',
  value: 'testAccuracy',
  series: 'reinforcement',
  seriesTitle: ({ reinforcement }) => `reinforcement ${reinforcement}`,
  references: [{ name: 'sgd', value: 86 }],
  xTitle: 'robustness r',
  yTitle: 'test accuracy (%)',
  title: 'Two options',
});
