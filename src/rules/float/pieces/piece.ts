import type { NodeAttributes } from '../onnx-encoding.js';
import type { OnnxGraph } from '../onnx-graph.js';
import { gradientName, type Parameter } from '../parameter.js';

/**
 * One step of a network in floats, Y = f(X) of a batch, with its adjoint: a network is a list of pieces, input side
 * first. Rows are samples; values are [B, N] with the batch size B free. X, Y and what is between are names of values
 * of a graph.
 */
export interface Piece {
  /** What it reads besides X, with what training starts from. */
  readonly parameters: readonly Parameter[];
  readonly cost: PieceCost;
  /** Adds Y as training computes it. Declares its parameters as inputs of the graph. */
  forward(graph: OnnxGraph, inputs: string): Pass;
  /**
   * Adds Y as prediction computes it. Declares its parameters as inputs of the graph.
   * @returns the name of Y
   */
  predict(graph: OnnxGraph, inputs: string): string;
}

/** A piece at work in a training graph. */
export interface Pass {
  /** Name of Y. */
  readonly outputs: string;
  /**
   * Adds the adjoint, and publishes the gradients by those parameters that are trained.
   * @param errors - name of D = ∂loss/∂Y, of the shape of Y
   * @returns the name of ∂loss/∂X; the graph leaves it out where nothing below is trained
   */
  backward(errors: string): string;
}

/** What training with a piece takes, in float operations and values; a count that is absent is 0. */
export interface PieceCost {
  /** Operations for each sample: Y from X. */
  readonly forward?: number;
  /** Operations for each sample where something below is trained: ∂loss/∂X from ∂loss/∂Y. */
  readonly backward?: number;
  /** Operations for each sample where a parameter of the piece is trained: its gradients, as far as `backward` has not them. */
  readonly gradient?: number;
  /** Operations for each batch; updates by optimizers come on top. */
  readonly batch?: number;
  /** Values that are held for each sample of a batch. */
  readonly held?: number;
  /** Values that this implementation makes besides for each sample, for speed: no algorithm needs them, but a machine has to have room. */
  readonly copied?: number;
}

/**
 * Adds a node that computes the gradient by a parameter, and publishes it as `gradientName`; adds nothing where the
 * parameter is not trained.
 */
export function appendGradient(
  graph: OnnxGraph,
  { name, shape, optimizer }: Parameter,
  operator: string,
  operands: readonly string[],
  attributes: NodeAttributes = {},
): void {
  if (!optimizer) return;
  graph.node(operator, operands, attributes, gradientName(name));
  graph.output(gradientName(name), 'float32', shape);
}
