/**
 * Training by local binary error signals, to be read from top to bottom: two binary layers, no gradient. It is the rule
 * `local-error` (src/rules/local-error) with these options and no others; a test holds the two equal bit for bit. Formulas and
 * source are in docs/rules.md, what each kernel computes in src/kernels/kernels.ts.
 */
import { argmaxRows } from '../src/core/argmax-rows.js';
import type { BitMatrix } from '../src/core/bit-matrix.js';
import { type RandomStream, randomStreams } from '../src/core/random.js';
import { GeometricGaps } from '../src/kernels/geometric-gaps.js';
import { referenceKernels as kernels } from '../src/kernels/reference.js';

const widths = [60, 60]; //      K: neurons of each layer
const groupSize = 15; //         γ: of so many neurons one is corrected at most
const robustness = 0.25; //      r: a sample is learnt until its logit leads by ⌊r·K⌋
const reinforcement = 0.5; //    p_r: how readily weights deepen
const initialDepth = 64; //      standard deviation of hidden weights at first
const bound = 2 ** 15 - 1; //    largest hidden weight: they have 16 bits
const batchSize = 100; //        B

/** Hidden weights H and their signs W [K, N], a fixed classifier P [C, K], and the draws for reinforcement. */
function makeLayer(inputs: number, neurons: number, classes: number, stream: (name: string) => RandomStream) {
  const visible = stream('signs').signs(neurons, inputs);
  const hidden = kernels.int16Matrix(neurons, inputs);
  const depths = stream('depth');
  hidden.values.forEach((_, i) => {
    const depth = Math.abs(2 * Math.floor((initialDepth * depths.normal()) / 2) + 1); // odd, so never 0
    hidden.values[i] = visible.get(Math.floor(i / inputs), i % inputs) * Math.min(depth, bound);
  });
  const gaps = new GeometricGaps(stream('reinforcement'));
  return { hidden, visible, classifier: stream('classifier').signs(classes, neurons), gaps };
}
type Layer = ReturnType<typeof makeLayer>;

/** z = W a, a' = sign(z), ŷ = P a', for activations a [B, N] of the layer below. */
function forward({ visible, classifier }: Layer, a: BitMatrix) {
  const z = kernels.int32Matrix(a.rows, visible.rows); //             [B, K]
  const activations = kernels.bitMatrix(a.rows, visible.rows); //     [B, K]
  const logits = kernels.int32Matrix(a.rows, classifier.rows); //     [B, C]
  kernels.product(a, visible, z, activations);
  kernels.product(activations, classifier, logits);
  return { z, activations, logits };
}

/** Trains a network on samples of ±1 [S, N] with labels in [0, C). */
export function train(inputs: BitMatrix, labels: Int32Array, classes: number, epochs: number, seed: number) {
  const streams = randomStreams(seed);
  const layers = [inputs.columns, widths[0]].map((fanIn, l) =>
    makeLayer(fanIn, widths[l], classes, (name) => streams.stream(`local-error/layer-${l + 1}/${name}`)),
  );
  const shuffle = streams.stream('training/order');
  const triggers = kernels.sampleList(batchSize);
  const steps = kernels.stepList((batchSize * Math.max(...widths)) / groupSize);
  let accuracy = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const eagerness = reinforcement * Math.sqrt(1 - accuracy); // what is learnt need not deepen
    for (const { hidden, gaps } of layers) {
      gaps.setProbability(eagerness * Math.sqrt(2 / (Math.PI * hidden.columns)));
    }
    let wrong = 0;
    const order = shuffle.permutation(labels.length);
    for (let start = 0; start < order.length; start += batchSize) {
      const shown = order.subarray(start, start + batchSize);
      const targets = Int32Array.from(shown, (sample) => labels[sample]);
      let a = kernels.bitMatrix(shown.length, inputs.columns);
      kernels.gatherRows(inputs, shown, a);
      for (const layer of layers) {
        const { hidden, visible, classifier, gaps } = layer;
        const { z, activations, logits } = forward(layer, a);
        const margin = Math.floor(robustness * visible.rows);
        const errors = kernels.findTriggers(logits, targets, margin, triggers);
        if (layer === layers[1]) wrong += errors; // the last layer is the network's answer
        if (triggers.count > 0) {
          // A neuron shall be what helps the label's logit. Of each group the least wrong one steps there.
          kernels.selectNeurons(z, triggers, classifier, targets, groupSize, steps);
          kernels.applySteps(hidden, visible, a, steps, bound);
          if (eagerness > 0) kernels.reinforce(hidden, gaps, bound);
        }
        a = activations; // as they were before the step
      }
    }
    accuracy = 1 - wrong / order.length;
  }
  return layers;
}

/** The class of every sample [S, N]. */
export function predict([first, second]: Layer[], inputs: BitMatrix): Int32Array {
  return argmaxRows(forward(second, forward(first, inputs).activations).logits);
}
