import { sampleGrid } from 'xnorlab';

const size = 12;
const stripes = (every: number): number[] =>
  Array.from({ length: size * size }, (_, i) => ((i % size) % every === 0 ? 255 : 40));

export const figure = sampleGrid(
  [2, 3, 4, 5].map((every) => ({
    pixels: stripes(every),
    caption: `every ${every}<br>taken for ${every + 1}`,
  })),
  { shape: { kind: 'image', channels: 1, height: size, width: size }, columns: 4, title: 'What it fails on' },
);
