import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import { drawnOnce, replayed } from './replay.js';

it('a replayed stream gives what the stream gives, and the very same the second time', () => {
  const fresh = (): RandomStream => RandomStream.named(1, 'replayed');
  const drawAll = (random: RandomStream): readonly unknown[] => [
    random.below(10),
    random.signs(3, 70),
    drawnOnce(random, (stream) => Int32Array.from({ length: 5 }, () => stream.below(7))),
    random.state(),
    random.uint32(),
    random.permutation(6),
    [random.uniform(), random.normal()],
  ];
  const drawn: unknown[] = [];
  const first = drawAll(replayed(fresh(), drawn));
  expect(first).toEqual(drawAll(fresh()));
  const second = drawAll(replayed(fresh(), drawn));
  expect(second).toEqual(first);
  expect(second[1]).toBe(first[1]);
});
