import { trainingOperations } from './cost.js';
import type { TrainingStage } from './float-training.js';
import type { Guide } from './guide.js';
import { lengthOf } from './parameter.js';

const FLOAT_BITS = 32;

/** Operations of training in a stage, its guide included: what that predicts, and for each map 6·P·C + 12·P of the comparison. */
export function stageOperations({ pieces, guide }: TrainingStage, samples: number, steps: number): number {
  const ofNetwork = trainingOperations(pieces, samples, steps);
  if (!guide) return ofNetwork;
  const predicting = guide.pieces.reduce((sum, { cost }) => sum + (cost.forward ?? 0), 0);
  const comparing = guide.maps.reduce(
    (sum, { positions, channels }) => sum + positions * (6 * channels + 12),
    0,
  );
  return ofNetwork + samples * (predicting + (guide.attention > 0 ? comparing : 0));
}

/** Bits of the parameters of a guide. */
export function guideMemory(guide: Guide | undefined): number {
  const parameters = (guide?.pieces ?? []).flatMap((piece) => piece.parameters);
  return FLOAT_BITS * parameters.reduce((sum, parameter) => sum + lengthOf(parameter), 0);
}
