import { RandomStream } from '../../src/core/random.js';

/** What was drawn of a stream so far, in order, and how much of it has been given again. */
interface Replay {
  readonly source: RandomStream;
  readonly drawn: unknown[];
  given: number;
}

const replays = new WeakMap<RandomStream, Replay>();

/**
 * A stream that begins with what others on the same list have drawn of `source`, and adds what it draws beyond. Drawing the operands of a
 * call takes longer than the call; each placement and each backend gets the same ones.
 */
export function replayed(source: RandomStream, drawn: unknown[]): RandomStream {
  const stream: RandomStream = Object.assign(Object.create(RandomStream.prototype) as RandomStream, {
    state: () => drawnOnce(stream, (random) => random.state()),
    uint32: () => drawnOnce(stream, (random) => random.uint32()),
    uniform: () => drawnOnce(stream, (random) => random.uniform()),
    below: (bound: number) => drawnOnce(stream, (random) => random.below(bound)),
    normal: () => drawnOnce(stream, (random) => random.normal()),
    permutation: (length: number) => drawnOnce(stream, (random) => random.permutation(length)),
    signs: (rows: number, columns: number) => drawnOnce(stream, (random) => random.signs(rows, columns)),
  });
  replays.set(stream, { source, drawn, given: 0 });
  return stream;
}

/** What `draw` makes of a stream: of one that is replayed only once, so that nobody may write to it. */
export function drawnOnce<Drawn>(random: RandomStream, draw: (random: RandomStream) => Drawn): Drawn {
  const replay = replays.get(random);
  if (!replay) return draw(random);
  const { source, drawn } = replay;
  if (replay.given === drawn.length) drawn.push(draw(source));
  return drawn[replay.given++] as Drawn;
}
