import { flipRate } from 'xnorlab';

const rows = [6, 8, 16].flatMap((bits) =>
  [1, 2].flatMap((layer) =>
    [1, 2, 3, 4, 5, 6].map((epoch) => ({
      bits,
      layer,
      epoch,
      flipPercent: (6000 * layer) / (bits * bits * epoch),
    })),
  ),
);

export const figure = flipRate(rows, { series: 'bits', seriesTitle: ({ bits }) => `${bits} bits` });
