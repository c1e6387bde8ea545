import { weightImages } from 'xnorlab';

const size = 12;
const ring = (radius: number): number[] =>
  Array.from({ length: size * size }, (_, i) => {
    const distance = Math.hypot((i % size) - 5.5, Math.floor(i / size) - 5.5);
    return Math.abs(distance - radius) < 1.5 ? 1 : -1;
  });

export const figure = weightImages([1, 2, 3, 4, 5, 6].map(ring), {
  shape: { kind: 'image', channels: 1, height: size, width: size },
  columns: 6,
  title: 'What neurons look for',
});
