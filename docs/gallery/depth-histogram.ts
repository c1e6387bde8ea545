import { depthHistogram } from 'xnorlab';

const layer = { triggers: 0, triggerPercent: 20, flips: 500, flipPercent: 2, boundPercent: 0 };
const epoch = {
  epoch: 10,
  trainAccuracy: 86,
  testAccuracy: 84,
  trainMs: 90,
  elapsedMs: 100,
  layers: [
    { ...layer, depthHistogram: [40, 60, 110, 190, 260, 210, 100, 30] },
    { ...layer, depthHistogram: [10, 30, 60, 120, 200, 260, 220, 100] },
  ],
};

export const figure = depthHistogram(epoch);
