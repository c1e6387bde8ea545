import type { RandomStream } from '../../core/random.js';
import type { Optimizer } from './optimizer.js';

/** An array that training graphs read and steps change. */
export interface Parameter {
  /** Its name in the graphs: `layer-1/weights`. */
  readonly name: string;
  /** [K, N], [K] or [1]. */
  readonly shape: readonly number[];
  /** How it follows its gradient; absent where it is not trained. */
  readonly optimizer?: Optimizer;
  /** Whether graphs may read its signs, too, as `signsName`. Default: false. */
  readonly hasSigns?: boolean;
  /**
   * What training starts from: as many values as the shape says, row after row.
   * @param stream - of this parameter's own, for those that are random
   */
  initial(stream: RandomStream): Float32Array;
}

/** A parameter that is not trained. */
export type FixedParameter = Parameter & { readonly optimizer?: never };

/** The same parameter for graphs in which it is not trained. */
export function fixed({ optimizer: _, ...parameter }: Parameter): FixedParameter {
  return parameter;
}

/** How many values a parameter has. */
export function lengthOf({ shape }: Parameter): number {
  return shape.reduce((length, size) => length * size, 1);
}

/** Prefix of the names of all parameters of layer `layer`, counted from 0: `layer-1`. */
export function layerName(layer: number): string {
  return `layer-${layer + 1}`;
}

/** Name of the weights of layer `layer`, counted from 0: `layer-1/weights`. */
export function weightsName(layer: number): string {
  return `${layerName(layer)}/weights`;
}

/** Name of the scale [1] of layer `layer`, counted from 0: `layer-1/scale`. */
export function scaleName(layer: number): string {
  return `${layerName(layer)}/scale`;
}

/** The output of a step along which the optimizer updates the parameter `name`. */
export function gradientName(name: string): string {
  return `${name}/gradient`;
}

/** The output of a step that replaces the parameter `name`. */
export function nextName(name: string): string {
  return `${name}/next`;
}

/** The input that is fed the signs of the parameter `name`, ±1 with sign(0) = +1, of its shape. */
export function signsName(name: string): string {
  return `${name}/signs`;
}

/** Name of the moment `moment` of the parameter `name`: `layer-1/weights/velocity`. */
export function momentName(name: string, moment: string): string {
  return `${name}/${moment}`;
}
