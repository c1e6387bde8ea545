import { accuracyVersusParameters } from 'xnorlab';

const rows = ['local-error', 'bep', 'sgd'].flatMap((rule, r) =>
  [35, 75, 135, 255].flatMap((width, w) =>
    [1, 2, 3].map((seed) => ({
      rule,
      seed,
      dataset: 'fashion-mnist',
      layers: `${width},${width}`,
      parameters: 794 * width + width * width,
      testAccuracy: 81 + r + 1.2 * w + 0.3 * seed,
    })),
  ),
);
const published = [{ ...rows[0], testAccuracy: 81.5, sd: 0.3, source: 'figure 2' }];

export const figure = accuracyVersusParameters(rows, { published });
