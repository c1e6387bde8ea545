import type { InputTreatment } from './residual-network.js';

/** Names of schedules, from a single binary stage to all. */
export const SCHEDULES = ['direct', 'two-stage', 'progressive'] as const;

/** Name of one. */
export type Schedule = (typeof SCHEDULES)[number];

/** What the blocks of a network are made of in a stage. */
export interface StageTreatment {
  readonly inputs: InputTreatment;
  readonly hasSigns: boolean;
}

const REAL: StageTreatment = { inputs: 'none', hasSigns: false };
const SQUASHED: StageTreatment = { inputs: 'tanh', hasSigns: false };
const BINARY_INPUTS: StageTreatment = { inputs: 'sign', hasSigns: false };
const BINARY: StageTreatment = { inputs: 'sign', hasSigns: true };

const STAGES: Readonly<Record<Schedule, readonly StageTreatment[]>> = {
  direct: [BINARY],
  'two-stage': [BINARY_INPUTS, BINARY],
  progressive: [SQUASHED, BINARY_INPUTS, BINARY],
};

/** The stages of a schedule; with a teacher, a real network comes first. */
export function stagesOf(schedule: Schedule, hasTeacher: boolean): StageTreatment[] {
  return [...(hasTeacher ? [REAL] : []), ...STAGES[schedule]];
}
