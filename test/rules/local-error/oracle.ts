import { type RandomStream, randomStreams } from '../../../src/core/random.js';
import type { ZeroPlace } from '../../../src/layers/zeros.js';
import type { LocalErrorConfig } from '../../../src/rules/local-error/config.js';

/** Rows of numbers; of ±1, or with zeros −1, 0 and +1, where it is activations or visible weights. */
export type Rows = number[][];

/** A hidden weight u with its visible weight w: with a flip threshold θ, w is not always the sign of u. */
interface Weight {
  u: number;
  w: number;
}

interface OracleLayer {
  /** [K][N]. */
  readonly weights: Weight[][];
  /** Hidden weights of the classifier, [C][K]. */
  readonly classifier: Rows;
  /** Sums of votes, [K][N]. */
  readonly votes: Rows;
  readonly reinforcement: RandomStream;
  readonly ties: RandomStream;
  readonly margin: number;
  readonly groupSize: number;
}

/** What the oracle saw in an epoch. */
export interface OracleEpoch {
  readonly trainAccuracy: number;
  readonly layers: { triggerShare: number; flips: number }[];
}

const sign = (x: number): number => (x < 0 ? -1 : 1);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));
const clip = (h: number, bound: number): number => Math.min(Math.max(h, -bound), bound);

/** The sign of numbers of a kind: where zeros are allowed, that of 0 is 0. */
function signIn({ zeros = [] }: LocalErrorConfig, place: ZeroPlace): (x: number) => number {
  return zeros.includes(place) ? (x) => Math.sign(x) + 0 : sign;
}

/**
 * `local-error` a second time, as plain as it goes: numbers in arrays, one sample and one weight after the other, no
 * kernels. Group schedules and input noise are left out. With hysteresis it holds u and w where the rule holds u + θw.
 */
export class LocalErrorOracle {
  readonly layers: OracleLayer[];
  readonly #theta: number;
  readonly #bound: number;
  readonly #signOfWeight: (h: number) => number;
  readonly #signOfSum: (z: number) => number;
  readonly #signOfClassifier: (h: number) => number;
  #epochs = 0;
  #accuracy = 0;

  constructor(
    readonly config: LocalErrorConfig,
    inputs: number,
    classes: number,
    seed: number,
  ) {
    this.#theta = config.flipThreshold ?? 0;
    this.#bound = 2 ** (config.hiddenBits - 1) - 1;
    this.#signOfWeight = signIn(config, 'weights');
    this.#signOfSum = signIn(config, 'activations');
    this.#signOfClassifier = signIn(config, 'classifier');
    const streams = randomStreams(seed);
    this.layers = config.layers.map((neurons, l) => {
      const stream = (name: string) => streams.stream(`local-error/layer-${l + 1}/${name}`);
      const fanIn = l === 0 ? inputs : config.layers[l - 1];
      const hidden = this.#draw('weights', stream('signs'), stream('depth'), neurons, fanIn);
      const isSingle = config.output === 'single-unit';
      const margin = Math.floor((Math.round(config.robustness * 1e9) * neurons) / 1e9);
      return {
        weights: hidden.map((row) =>
          row.map((h) => ({ u: h - this.#theta * sign(h), w: this.#signOfWeight(h) })),
        ),
        classifier: this.#draw(
          'classifier',
          stream('classifier'),
          stream('classifier-depth'),
          classes,
          neurons,
          isSingle,
        ),
        votes: hidden.map((row) => row.map(() => 0)),
        reinforcement: stream('reinforcement'),
        ties: stream('ties'),
        margin: isSingle ? 2 * margin : margin,
        groupSize: Array.isArray(config.groupSize) ? config.groupSize[l] : config.groupSize,
      };
    });
  }

  /**
   * Odd integers around a normal distribution, with zeros normal numbers without their fraction, of random signs; with `antipodal` row 1
   * has the opposite ones, with zeros of the same size.
   */
  #draw(
    place: ZeroPlace,
    signs: RandomStream,
    depths: RandomStream,
    rows: number,
    columns: number,
    antipodal = false,
  ): Rows {
    const isTernary = this.config.zeros?.includes(place);
    const drawn = signs.signs(antipodal ? 1 : rows, columns);
    const made = Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => {
        const w = antipodal ? drawn.get(0, c) * (r === 0 ? 1 : -1) : drawn.get(r, c);
        const x = this.config.initialDepth * depths.normal();
        const size = isTernary ? Math.abs(Math.trunc(x)) : Math.abs(2 * Math.floor(x / 2) + 1);
        return w * Math.min(size, this.#bound) + 0;
      }),
    );
    return isTernary && antipodal ? [made[0], made[0].map((h) => 0 - h)] : made;
  }

  /** How many weights, activations of these samples and entries of classifiers are 0. */
  zeroCounts(samples: Rows): number[] {
    const signs = this.#signs(visible);
    const states = samples.flatMap((x) => this.#forward(x, signs));
    const all = [
      signs.flat(2),
      states.flatMap(({ activations }) => activations),
      this.layers.flatMap(({ classifier }) => classifier.flat().map(this.#signOfClassifier)),
    ];
    return all.map((values) => values.filter((value) => value === 0).length);
  }

  /** u + θw of every weight of a layer, row after row: what the rule holds. */
  hidden(layer: number): number[] {
    return this.layers[layer].weights.flat().map(({ u, w }) => u + this.#theta * w);
  }

  trainEpoch(samples: Rows, labels: ArrayLike<number>, order: readonly number[], batch: number): OracleEpoch {
    const { layers } = this;
    const observed = layers.map(() => ({ triggers: 0, flips: 0 }));
    let wrong = 0;
    for (let start = 0; start < order.length; start += batch) {
      const shown = order.slice(start, start + batch);
      // The whole network is computed before any of it changes.
      const signs = this.#signs(visible);
      const states = this.#forwardInTraining(
        shown.map((sample) => samples[sample]),
        signs,
      );
      wrong += shown.filter((sample, b) => argmax(this.#readOut(states[b])) !== labels[sample]).length;
      for (let l = this.#firstTrained; l <= this.#last; l++) {
        const done = this.#update(
          l,
          states.map((state, b) => ({ ...state[l], label: labels[shown[b]] })),
        );
        observed[l].triggers += done.triggers;
        observed[l].flips += done.flips;
      }
    }
    this.#accuracy = 1 - wrong / order.length;
    this.#epochs++;
    if (this.#isVoting) for (const { votes, weights } of layers) addVotes(votes, weights);
    return {
      trainAccuracy: 100 * this.#accuracy,
      layers: observed.map(({ triggers, flips }) => ({ triggerShare: triggers / order.length, flips })),
    };
  }

  predict(samples: Rows): number[] {
    const after = Math.max(this.#epochs - 1, 0);
    const signs = this.#signs(this.#isVoting ? majority : visible);
    return samples.map((x) => argmax(this.#readOut(this.#forward(x, signs, after), after)));
  }

  get #isVoting(): boolean {
    return this.#epochs > (this.config.majorityAfterEpochs ?? Infinity);
  }

  get #frozen(): number {
    const { freezeLayers, freezeFirstLayer, layers } = this.config;
    if (freezeLayers !== undefined) return freezeLayers === 'all' ? layers.length : freezeLayers;
    return freezeFirstLayer ? 1 : 0;
  }

  get #last(): number {
    return this.#lastIn(this.#epochs);
  }

  get #firstTrained(): number {
    return this.config.greedy ? this.#last : 0;
  }

  #lastIn(epoch: number): number {
    const last = this.layers.length - 1;
    return this.config.greedy ? Math.min(Math.floor(epoch / this.config.greedy.epochsPerLayer), last) : last;
  }

  /** The weights that a network computes with: of every layer, [K][N]. */
  #signs(signOf: SignOf): Rows[] {
    return this.layers.map(({ weights, votes }) =>
      weights.map((row, k) => row.map((weight, n) => signOf(weight, votes[k][n]))),
    );
  }

  /** What each layer is shown and what it makes of it. */
  #forward(x: number[], signs: readonly Rows[], epoch = this.#epochs): LayerState[] {
    const states: LayerState[] = [];
    let inputs = x;
    for (let l = 0; l <= this.#lastIn(epoch); l++) {
      states.push(this.#layerState(l, inputs, signs));
      inputs = states[l].activations;
    }
    return states;
  }

  #layerState(l: number, inputs: number[], signs: readonly Rows[]): LayerState {
    const z = signs[l].map((row) => dot(row, inputs));
    return this.#classified(l, inputs, z, z.map(this.#signOfSum));
  }

  #classified(l: number, inputs: number[], z: number[], activations: number[]): LayerState {
    const logits = this.layers[l].classifier.map((row) => dot(row.map(this.#signOfClassifier), activations));
    return { inputs, z, activations, logits };
  }

  /** Layer by layer, as ties are broken: one draw for every 32 neurons with a tie, of which bit c turns neuron c to −1. */
  #forwardInTraining(xs: Rows, signs: readonly Rows[]): LayerState[][] {
    const all: LayerState[][] = xs.map(() => []);
    for (let l = 0; l <= this.#last; l++) {
      xs.forEach((x, b) => {
        const inputs = l === 0 ? x : all[b][l - 1].activations;
        const { z, activations } = this.#layerState(l, inputs, signs);
        for (let first = 0; this.config.ties && first < z.length; first += 32) {
          if (!z.slice(first, first + 32).includes(0)) continue;
          const draw = this.layers[l].ties.uint32();
          for (let c = 0; c < Math.min(32, z.length - first); c++) {
            if (z[first + c] === 0 && (draw >>> c) & 1) activations[first + c] = -1;
          }
        }
        all[b].push(this.#classified(l, inputs, z, activations));
      });
    }
    return all;
  }

  #readOut(states: readonly LayerState[], epoch = this.#epochs): number[] {
    const logits = states.slice(0, this.#lastIn(epoch) + 1).map((state) => state.logits);
    if (this.config.readOut === 'last') return logits[logits.length - 1];
    return logits[0].map((_, c) => logits.reduce((sum, ofLayer) => sum + ofLayer[c], 0));
  }

  #update(l: number, batch: readonly Shown[]): { triggers: number; flips: number } {
    const { classifier, margin } = this.layers[l];
    const triggering = batch.filter(({ logits, label }) => {
      const [largest, second] = [...logits].sort((a, b) => b - a);
      return argmax(logits) !== label || largest - second < margin;
    });
    let flips = 0;
    // Both look at the state before the batch.
    const desired = classifier.map((row) => row.map(this.#signOfClassifier));
    if (triggering.length > 0 && l >= this.#frozen) {
      flips = this.#step(l, triggering, desired);
      this.#reinforce(l);
    }
    if (this.config.trainClassifier) this.#stepClassifier(classifier, triggering);
    return { triggers: triggering.length, flips };
  }

  #step(l: number, triggering: readonly Shown[], desired: Rows): number {
    const { weights, groupSize } = this.layers[l];
    const changes = weights.map((row) => row.map(() => 0));
    for (const { inputs, z, label } of triggering) {
      for (let group = 0; group < z.length; group += groupSize) {
        const wrong = z
          .map((zk, k) => ({ k, stability: zk * desired[label][k] }))
          .slice(group, group + groupSize)
          .filter(({ stability }) => stability < 0)
          .sort((a, b) => b.stability - a.stability || a.k - b.k);
        for (const { k } of wrong.slice(0, 1)) {
          inputs.forEach((x, n) => {
            changes[k][n] += 2 * desired[label][k] * x;
          });
        }
      }
    }
    const ofAll = changes.flat();
    return weights.flat().filter((weight, i) => this.#move(weight, ofAll[i])).length;
  }

  /** Changes u and, where u has gone more than θ beyond 0, w; says whether it did. */
  #move(weight: Weight, change: number): boolean {
    const limited = (u: number) => clip(u + this.#theta * weight.w, this.#bound) - this.#theta * weight.w;
    weight.u = limited(weight.u + change);
    if (this.config.zeros) {
      const before = weight.w;
      weight.w = this.#signOfWeight(weight.u);
      return weight.w !== before;
    }
    if (weight.u * weight.w >= -this.#theta) return false;
    weight.w = -weight.w;
    weight.u = limited(weight.u);
    return true;
  }

  /** Gaps between hits by inversion of the geometric distribution; a draw tells no more than 4,096 misses. */
  #reinforce(l: number): void {
    const { weights, reinforcement } = this.layers[l];
    const fanIn = weights[0].length;
    const probability =
      this.config.reinforcement * Math.sqrt(1 - this.#accuracy) * Math.sqrt(2 / (Math.PI * fanIn));
    if (probability === 0) return;
    const all = weights.flat();
    for (let position = 0; position < all.length; position++) {
      const draw = reinforcement.uint32() / 2 ** 32;
      const misses = Math.floor(Math.log(1 - draw) / Math.log(1 - probability));
      position += Math.min(misses, 4096);
      if (misses >= 4096) position--;
      else if (position < all.length) this.#move(all[position], 2 * all[position].w);
    }
  }

  #stepClassifier(classifier: Rows, triggering: readonly Shown[]): void {
    const changes = classifier.map((row) => row.map(() => 0));
    for (const { activations, logits, label } of triggering) {
      const rival = argmax(logits.map((logit, c) => (c === label ? -Infinity : logit)));
      activations.forEach((a, k) => {
        changes[label][k] += 2 * a;
        changes[rival][k] -= 2 * a;
      });
    }
    classifier.forEach((row, c) => {
      row.forEach((h, k) => {
        row[k] = clip(h + changes[c][k], this.#bound);
      });
    });
  }
}

interface LayerState {
  readonly inputs: number[];
  readonly z: number[];
  readonly activations: number[];
  readonly logits: number[];
}

/** What a layer was shown and made of it, with what it should have. */
interface Shown extends LayerState {
  readonly label: number;
}

/** The sign that a weight counts with, from itself and the sum of its votes. */
type SignOf = (weight: Weight, votes: number) => number;
const visible: SignOf = ({ w }) => w;
const majority: SignOf = ({ w }, votes) => (votes === 0 ? w : sign(votes));

function addVotes(votes: Rows, weights: readonly Weight[][]): void {
  weights.forEach((row, k) => {
    row.forEach(({ w }, n) => {
      votes[k][n] += w;
    });
  });
}
