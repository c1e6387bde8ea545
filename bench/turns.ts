import type { Kernels } from '../dist/kernels/kernels.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { type EpochSetting, epochTimer } from './epoch.js';
import { gigabits, productTurn } from './product.js';
import { type Spread, spread, timeMs } from './timing.js';

/** Two works that took turns. */
export interface Turns {
  readonly name: string;
  /** Of products, how many bits a turn takes. */
  readonly gigabits?: number;
  /** Milliseconds of each. */
  readonly before: Spread;
  readonly now: Spread;
  /** Time before / time now, of each pair of turns: above 1 is faster now. */
  readonly ratio: Spread;
}

/** A product, samples × inputs → neurons. */
export type ProductShape = readonly [samples: number, inputs: number, neurons: number];

/** Pairs of turns, A B A B …, so that a machine whose speed drifts treats both alike. */
export async function inTurns(
  name: string,
  before: () => unknown,
  now: () => unknown,
  pairs: number,
): Promise<Turns> {
  const times: [number, number][] = [];
  for (let pair = 0; pair < pairs; pair++) times.push([await timeMs(before), await timeMs(now)]);
  return {
    name,
    before: spread(times.map(([ms]) => ms)),
    now: spread(times.map(([, ms]) => ms)),
    ratio: spread(times.map(([first, second]) => first / second)),
  };
}

/** A product on the kernels of two commits. */
export async function productTurns(
  before: Kernels,
  now: Kernels,
  shape: ProductShape,
  pairs: number,
): Promise<Turns> {
  // As many products in a turn of both, so that their times compare.
  const { products } = productTurn(now, shape);
  const turns = await inTurns(
    `product ${shape[0]}×${shape[1]} · ${shape[2]}×${shape[1]}`,
    productTurn(before, shape, products).run,
    productTurn(now, shape, products).run,
    pairs,
  );
  return { ...turns, gigabits: gigabits(shape, products) };
}

/** An epoch on two sets of kernels, after two uncounted ones of each. */
export async function epochTurns(
  before: Kernels,
  now: Kernels,
  data: LabelledInputs,
  setting: EpochSetting,
  pairs: number,
): Promise<Turns> {
  const [first, second] = [epochTimer(before, data, setting), epochTimer(now, data, setting)];
  for (let warmUp = 0; warmUp < 2; warmUp++) {
    await first();
    await second();
  }
  return inTurns(`epoch ${setting.layers.join(',')}`, first, second, pairs);
}
