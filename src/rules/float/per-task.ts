import { type FixedParameter, fixed, type Parameter } from './parameter.js';
import type { Piece } from './pieces/piece.js';

/** Where the values are kept that a parameter had at the end of a task: `layer-1/scale/task-2`. @param task - from 1 */
export function taskCopyName(name: string, task: number): string {
  return `${name}/task-${task}`;
}

/**
 * The same piece with room for what its parameters are at the end of each task: so much more of them, which no graph reads under their own
 * names.
 */
export function withTaskCopies(piece: Piece, tasks: number): Piece {
  const copies = Array.from({ length: tasks }, (_, i) =>
    piece.parameters.map((parameter) => taskCopy(parameter, i + 1)),
  );
  return { ...piece, parameters: [...piece.parameters, ...copies.flat()] };
}

function taskCopy(parameter: Parameter, task: number): FixedParameter {
  return { ...fixed(parameter), name: taskCopyName(parameter.name, task) };
}
