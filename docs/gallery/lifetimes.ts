import { lifetimes } from 'xnorlab';

const memories: Readonly<Record<string, (age: number) => number>> = {
  'two states': (age) => 4 * 0.98 ** age,
  'many states': (age) => 20 / Math.sqrt(100 + age),
};

const rows = Object.entries(memories).flatMap(([memory, strength]) =>
  [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
    .filter((age) => strength(age) > 0.05)
    .map((age) => ({ memory, age, signalToNoise: strength(age) })),
);

export const figure = lifetimes(rows, { series: 'memory', title: 'How long memories last' });
