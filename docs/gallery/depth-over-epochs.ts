import { depthOverEpochs } from 'xnorlab';

const rows = [1, 2].flatMap((layer) =>
  [1, 2, 3, 4, 5, 6].flatMap((epoch) =>
    [1, 2, 4, 8, 16, 32, 64, 128].map((depth, i) => ({
      layer,
      epoch,
      depth,
      percent: 40 * Math.exp(-((i - 1 - epoch / layer) ** 2) / 3),
    })),
  ),
);

export const figure = depthOverEpochs(rows);
