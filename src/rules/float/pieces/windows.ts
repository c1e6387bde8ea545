import { largest } from '../../../core/extremes.js';
import type { MapSize } from './maps.js';

/** Square windows on maps. */
export interface WindowOptions {
  /** k: positions of each side, at least 1. */
  readonly kernel: number;
  /** s: positions from one window to the next, at least 1. Default 1. */
  readonly stride?: number;
  /**
   * Whether windows reach over the border: then there are ⌈height/s⌉ · ⌈width/s⌉, the first of them beginning ⌊(k − 1)/2⌋ positions
   * before the map. Else only those inside. Default: true.
   */
  readonly isPadded?: boolean;
}

/** Which positions each window sees, and which windows see each position. */
export interface Windows {
  /** k². */
  readonly taps: number;
  /** Q·k² entries, a window after the other, its rows from the top: the position, or P where it is outside. */
  readonly seen: readonly number[];
  /** m: most windows that see one position. */
  readonly most: number;
  /** P·m entries: for each position the entries of `seen` that are it, filled up with Q·k². */
  readonly seenBy: readonly number[];
}

/** Size of the map of windows, by arithmetic: Q = height · width. */
export function windowsSize(map: MapSize, { kernel, stride = 1, isPadded = true }: WindowOptions): MapSize {
  const along = (length: number): number =>
    isPadded ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1;
  return { height: along(map.height), width: along(map.width) };
}

/** Windows on maps of a size. */
export function windowsOn(map: MapSize, options: WindowOptions): Windows {
  const { kernel, stride = 1, isPadded = true } = options;
  const before = isPadded ? Math.floor((kernel - 1) / 2) : 0;
  const size = windowsSize(map, options);
  const outside = map.height * map.width;
  const seen: number[] = [];
  for (let row = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++) {
      const [top, left] = [row * stride - before, column * stride - before];
      for (let tap = 0; tap < kernel * kernel; tap++) {
        const [y, x] = [top + Math.floor(tap / kernel), left + (tap % kernel)];
        const isInside = y >= 0 && y < map.height && x >= 0 && x < map.width;
        seen.push(isInside ? y * map.width + x : outside);
      }
    }
  }
  return { taps: kernel * kernel, seen, ...turnedRound(seen, outside) };
}

function turnedRound(seen: readonly number[], positions: number): Pick<Windows, 'most' | 'seenBy'> {
  const lists = Array.from({ length: positions }, (): number[] => []);
  for (const [entry, position] of seen.entries()) lists[position]?.push(entry);
  const most = Math.max(1, largest(lists.map(({ length }) => length)));
  const seenBy = lists.flatMap((list) => [
    ...list,
    ...new Array<number>(most - list.length).fill(seen.length),
  ]);
  return { most, seenBy };
}
