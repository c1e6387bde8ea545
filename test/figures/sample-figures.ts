import type { Shape } from '../../src/core/shape.js';
import '../../src/rules/binary-rules.js';
import '../../src/rules/float-rules.js';
import { ablationPanel } from '../../src/figures/ablation-panel.js';
import { accuracyVersusParameters } from '../../src/figures/accuracy-versus-parameters.js';
import { confusionMatrix } from '../../src/figures/confusion-matrix.js';
import { depthHistogram } from '../../src/figures/depth-histogram.js';
import { depthOverEpochs } from '../../src/figures/depth-over-epochs.js';
import { effectSizes } from '../../src/figures/effect-sizes.js';
import type { Figure } from '../../src/figures/figure.js';
import { flipRate } from '../../src/figures/flip-rate.js';
import { forgetting } from '../../src/figures/forgetting.js';
import { heatMap } from '../../src/figures/heat-map.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { lifetimes } from '../../src/figures/lifetimes.js';
import { optionCurves } from '../../src/figures/option-curves.js';
import { sampleGrid } from '../../src/figures/sample-grid.js';
import { stateRaster } from '../../src/figures/state-raster.js';
import { tradeOff } from '../../src/figures/trade-off.js';
import { weightImages } from '../../src/figures/weight-images.js';
import { sampleRecord } from '../sample-record.js';

const SQUARE: Shape = { kind: 'image', channels: 1, height: 2, width: 2 };

/** Two seeds of two rules on two data sets with networks of two widths and depths; accuracies are made up. */
export const runs = ['prototypes', 'fashion-mnist'].flatMap((dataset, d) =>
  ['bep', 'sgd'].flatMap((rule, r) =>
    ['35,35', '75,75', '35,35,35'].flatMap((layers, l) =>
      [1, 2].map((seed) => ({
        rule,
        dataset,
        layers,
        seed,
        parameters: [30_000, 70_000, 31_000][l],
        memoryMegabytes: (1 + r) * 2 ** l,
        testAccuracy: 70 + 10 * d + 2 * r + l + 2 * seed,
      })),
    ),
  ),
);

/** Two seeds: the second is 2 points better in training and 4 in the test. */
export const epochs = ['bep', 'sgd'].flatMap((rule, r) =>
  [1, 2].flatMap((seed) =>
    [1, 2, 3].map((epoch) => ({
      rule,
      seed,
      epoch,
      trainAccuracy: 70 + 10 * r + epoch + 2 * seed,
      testAccuracy: 60 + 10 * r + epoch + 4 * seed,
    })),
  ),
);

export const depths = [1, 2].flatMap((layer) =>
  [1, 2].flatMap((epoch) =>
    [1, 2, 4, 8].map((depth, i) => ({
      layer,
      epoch,
      depth,
      percent: [100 - 30 * epoch, 30 * epoch, 0, 0][i],
    })),
  ),
);

export const flips = ['2 bits', '8 bits'].flatMap((bits, b) =>
  [1, 2].flatMap((layer) =>
    [1, 2].flatMap((seed) =>
      [1, 2].map((epoch) => ({
        bits,
        layer,
        seed,
        epoch,
        flipPercent: (4 * seed) / (layer * epoch * (b + 1)),
      })),
    ),
  ),
);

export const thresholds = [0.5, 0.25].flatMap((robustness) =>
  [0, 1].flatMap((reinforcement) =>
    [1, 2].map((seed) => ({
      robustness,
      reinforcement,
      testAccuracy: 80 + 4 * robustness + reinforcement + seed,
    })),
  ),
);

const tasks = ['bep', 'sgd'].flatMap((rule, r) =>
  [1, 2].flatMap((seed) =>
    [1, 2].flatMap((step) =>
      [1, 2]
        .filter((task) => task <= step)
        .map((task) => ({ rule, seed, step, task, accuracy: 80 + seed - 10 * (1 + r) * (step - task) })),
    ),
  ),
);

/** Two seeds of two memories: one falls with the square root of age, one with age. */
export const memories = [0.5, 1].flatMap((power) =>
  [1, 4, 16].flatMap((age) =>
    [1, 3].map((seed) => ({ memory: `power ${power}`, seed, age, signalToNoise: (4 * seed) / age ** power })),
  ),
);

/** One small figure of each kind, by the name of its builder. */
export const figures: Readonly<Record<string, Figure>> = {
  ablationPanel: ablationPanel(thresholds, {
    option: 'robustness',
    value: 'testAccuracy',
    title: 'Robustness',
  }),
  accuracyVersusParameters: accuracyVersusParameters(runs, {
    published: [{ ...runs[0], testAccuracy: 75, sd: 0.5, source: 'table 1' }],
  }),
  confusionMatrix: confusionMatrix(
    [
      [9, 1],
      [0, 2],
    ],
    { classes: ['shirt', 'coat'] },
  ),
  depthHistogram: depthHistogram(sampleRecord.epochs[0]),
  depthOverEpochs: depthOverEpochs(depths),
  effectSizes: effectSizes([
    { name: 'wider', meanDifference: 1, low95: 0.5, high95: 1.75 },
    { name: 'deeper', meanDifference: -0.5, low95: -1.5, high95: 0.25 },
    { name: 'once', meanDifference: 2, low95: null, high95: null },
  ]),
  flipRate: flipRate(flips, { series: 'bits' }),
  forgetting: forgetting(tasks),
  heatMap: heatMap(thresholds, { x: 'robustness', y: 'reinforcement', value: 'testAccuracy' }),
  learningCurves: learningCurves(epochs),
  lifetimes: lifetimes(memories, { series: 'memory' }),
  optionCurves: optionCurves(thresholds, {
    option: 'robustness',
    value: 'testAccuracy',
    series: 'reinforcement',
    references: [{ name: 'sgd', value: 85 }],
  }),
  sampleGrid: sampleGrid(
    [
      { pixels: [0, 255, 128, 0], caption: 'shirt<br>as coat' },
      { pixels: [1, 2, 3, 4], caption: 'coat<br>as bag' },
    ],
    { shape: SQUARE },
  ),
  stateRaster: stateRaster([
    {
      label: 'sitting',
      states: [
        [1, -1, 1],
        [1, 1, -1],
      ],
    },
    { label: 'walking', states: [[-1, 1, 1]] },
    { label: 'sitting', states: [Int8Array.of(-1, -1, 1), [1, 1, 1], [-1, 1, -1]] },
  ]),
  tradeOff: tradeOff(runs, { cost: 'memoryMegabytes', xTitle: 'memory (MB)', title: 'Memory' }),
  weightImages: weightImages([Int8Array.of(-1, 1, 1, -1), [1, 1, -1, -1], [-1, -1, -1, 1]], {
    shape: SQUARE,
  }),
};
