import {
  ArgumentError,
  BinaryLayer,
  type BitMatrix,
  type ConsolidationOptions,
  consolidationTable,
  type Kernels,
  RandomStream,
  randomStreams,
} from 'xnorlab';

/** Binary synapses that patterns are stored in: K neurons on N inputs. */
export interface Memory {
  /**
   * Shows one pattern, once: weight (k, n) is asked to become desired_k · pattern_n.
   * @param pattern - [1, N]
   * @param desired - [1, K]
   */
  store(pattern: BitMatrix, desired: BitMatrix): void;
  /** Σ_n w_k,n · pattern_n for each neuron k. @param pattern - [1, N] */
  fields(pattern: BitMatrix): ArrayLike<number>;
}

/** K and N. */
export interface MemorySize {
  readonly neurons: number;
  readonly inputs: number;
}

/** How hidden weights are bounded and protected. */
export interface HiddenMemoryOptions {
  /** B, in [2, 16]: a weight is at most 2^(B−1) − 1 deep. */
  readonly hiddenBits: number;
  readonly consolidation?: ConsolidationOptions;
}

/**
 * Hidden weights of this library, all of them one step from their other sign at first, which take one step of 2 for each pattern, by the
 * kernels that train networks. Two bits and a probability q are synapses of two states that are switched with probability q.
 */
export function hiddenMemory(
  { neurons, inputs }: MemorySize,
  { hiddenBits, consolidation }: HiddenMemoryOptions,
  { kernels, seed }: { readonly kernels: Kernels; readonly seed: number },
): Memory {
  const table = consolidation && consolidationTable(consolidation, 0);
  const options = { hiddenBits, initialDepth: 0, ...(table && { consolidation: table }) };
  const context = { kernels, streams: randomStreams(seed) };
  const layer = new BinaryLayer(
    { kind: 'vector', size: inputs },
    neurons,
    'lifetime/layer',
    options,
    context,
  );
  const output = layer.allocateOutput(1);
  const steps = kernels.stepList(neurons);
  return {
    store(pattern, desired) {
      steps.count = 0;
      desired.signs(0).forEach((sign, neuron) => {
        steps.push(0, neuron, sign > 0 ? 1 : -1);
      });
      layer.step(pattern, steps);
    },
    fields(pattern) {
      layer.forward(pattern, output);
      return output.preActivations.values;
    },
  };
}

/** Chances of a cascade are multiples of 2^−16: two draws come from one word. */
const DRAW_BITS = 16;

const DRAWS = 2 ** DRAW_BITS;

/**
 * The chances of a cascade synapse, by depth from 1: that a step towards its other strength is taken, and that one towards its own strength
 * deepens it (Fusi, Drew, Abbott, Neuron 45 (2005) 599):
 *
 *     q_k = x^(k−1) for k < n,   q_n = x^(n−1)/(1 − x);   p_k = x^k/(1 − x) for k < n,   p_n = 0
 *
 * with which all depths are equally often taken where steps go both ways equally often.
 * @param depths - n, at least 2
 * @param x - in (0, 1/2], so that these are probabilities
 */
export function cascadeChances(depths: number, x = 0.5): { readonly q: number[]; readonly p: number[] } {
  if (!Number.isInteger(depths) || depths < 2 || depths > DRAW_BITS) {
    throw new ArgumentError('depths', `an integer in [2, ${DRAW_BITS}]`, depths);
  }
  if (!(x > 0 && x <= 0.5)) throw new ArgumentError('x', 'a number in (0, 0.5]', x);
  const all = Array.from({ length: depths }, (_, i) => i + 1);
  return {
    q: all.map((k) => x ** (k - 1) / (k < depths ? 1 : 1 - x)),
    p: all.map((k) => (k < depths ? x ** k / (1 - x) : 0)),
  };
}

/** Words of 32 bits from a state of four (Marsaglia, Journal of Statistical Software 8 (14), 2003): a synapse draws for every pattern. */
function xorshift128(state: readonly number[]): () => number {
  let [x, y, z, w] = state;
  return () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w;
  };
}

/**
 * Cascade synapses: two strengths with n depths each. A step towards the other strength is taken with q_k and leaves the synapse at depth 1 of
 * it; one towards its own makes it deeper by one with p_k. Not a form of hidden weights: a switch is a jump, and depth itself is reached by chance.
 */
export function cascadeMemory({ neurons, inputs }: MemorySize, depths: number, seed: number): Memory {
  const { q, p } = cascadeChances(depths);
  const limits = (chances: readonly number[]) => Int32Array.from(chances, (chance) => chance * DRAWS);
  const switching = limits(q);
  const deepening = limits(p);
  const stream = RandomStream.named(seed, `lifetime/cascade-${depths}`);
  const weights = Int8Array.from({ length: neurons * inputs }, () => (stream.uint32() & 1 ? 1 : -1));
  const words = xorshift128(stream.state());
  const depth = new Uint8Array(weights.length);
  return {
    store(pattern, desired) {
      const columns = pattern.signs(0);
      desired.signs(0).forEach((sign, neuron) => {
        let draws = 0;
        for (let n = 0; n < inputs; n++) {
          draws = n % 2 === 0 ? words() : draws >>> DRAW_BITS;
          const draw = draws & (DRAWS - 1);
          const i = neuron * inputs + n;
          if (weights[i] === sign * columns[n]) {
            if (draw < deepening[depth[i]]) depth[i]++;
          } else if (draw < switching[depth[i]]) {
            weights[i] = -weights[i];
            depth[i] = 0;
          }
        }
      });
    },
    fields(pattern) {
      const columns = pattern.signs(0);
      return Array.from({ length: neurons }, (_, neuron) => {
        let sum = 0;
        for (let n = 0; n < inputs; n++) sum += weights[neuron * inputs + n] * columns[n];
        return sum;
      });
    },
  };
}
