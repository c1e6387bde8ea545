import type { OnnxGraph } from '../onnx-graph.js';
import { type Parameter, signsName } from '../parameter.js';
import { totalCost } from './chain.js';
import { appendGradient, type Pass, type Piece } from './piece.js';

/** A layer that sees its own state of the step before. */
export interface RecurrentPieces {
  /** T. */
  readonly steps: number;
  /** n, columns that a step shows: X has T·n. */
  readonly columns: number;
  /** What each step goes through first, n to N columns; nothing of it is trained. */
  readonly shown: Piece;
  /** W_x [K, N]. */
  readonly ofInputs: Parameter;
  /** W_s [K, K]; not looked at where there is one step. */
  readonly ofState: Parameter;
  /** f_t of step t from 0, K to K columns; each has parameters of its own, if any. */
  activation(step: number): Piece;
}

/**
 * A recurrent layer laid out in time. With X [B, T·n], the columns of step t together, and u what each step goes through first:
 *
 *     a_t = u(X_t),   Z_t = a_t·W_xᵀ + S_{t−1}·W_sᵀ,   S_t = f_t(Z_t)   for t = 1 … T,   S_0 = 0,   Y = S_T  [B, K]
 *     back from D_T = ∂loss/∂S_T:   E_t = ∂f_t/∂Z applied to D_t,   D_{t−1} = E_t·W_s
 *     ∂loss/∂W_x = Σ_t E_tᵀ·a_t,   ∂loss/∂W_s = Σ_{t>1} E_tᵀ·S_{t−1},   ∂loss/∂X_t = adjoint of u applied to E_t·W_x
 *
 * Weights are the same at all steps; their gradients are added up from the last step to the first. Of weights that have signs these are
 * used, and the gradient published is that by them, as in product.ts.
 */
export function recurrent({ steps, columns, shown, ofInputs, ofState, activation }: RecurrentPieces): Piece {
  const activations = Array.from({ length: steps }, (_, t) => activation(t));
  const trained = steps > 1 ? [ofInputs, ofState] : [ofInputs];
  const multiply = (
    graph: OnnxGraph,
    values: string,
    weights: Parameter,
    addend: readonly string[],
  ): string => graph.node('Gemm', [values, used(graph, weights), ...addend], { transB: { int: 1 } });
  const step = (graph: OnnxGraph, seen: string, state: string | undefined): string => {
    const ofStep = multiply(graph, seen, ofInputs, []);
    return state === undefined ? ofStep : multiply(graph, state, ofState, [ofStep]);
  };
  return {
    parameters: [...shown.parameters, ...trained, ...activations.flatMap(({ parameters }) => parameters)],
    cost: cost({ steps, shown, ofInputs, activations }),
    forward(graph, inputs) {
      const laidOut: StepPass[] = [];
      for (const [t, piece] of activations.entries()) {
        const below = shown.forward(graph, columnsOf(graph, inputs, t, columns));
        const before = laidOut[t - 1]?.above.outputs;
        laidOut.push({ below, before, above: piece.forward(graph, step(graph, below.outputs, before)) });
      }
      return {
        outputs: laidOut[steps - 1].above.outputs,
        backward(errors) {
          const ofSteps = backThroughTime(graph, laidOut, errors, ofState);
          appendSum(
            graph,
            ofInputs,
            ofSteps.map((ofStep, t) => [ofStep, laidOut[t].below.outputs]),
          );
          const withState = ofSteps.flatMap((ofStep, t) => {
            const { before } = laidOut[t];
            return before === undefined ? [] : [[ofStep, before] as const];
          });
          appendSum(graph, ofState, withState);
          const shownErrors = ofSteps.map((ofStep, t) =>
            laidOut[t].below.backward(graph.node('Gemm', [ofStep, used(graph, ofInputs)])),
          );
          return graph.node('Concat', shownErrors, { axis: { int: 1 } });
        },
      };
    },
    predict: (graph, inputs) =>
      activations.reduce((state: string | undefined, piece, t) => {
        const seen = shown.predict(graph, columnsOf(graph, inputs, t, columns));
        return piece.predict(graph, step(graph, seen, state));
      }, undefined) ?? inputs,
  };
}

/** A step at work in a training graph. */
interface StepPass {
  /** a_t. */
  readonly below: Pass;
  /** S_{t−1}; none at the first step. */
  readonly before: string | undefined;
  /** S_t. */
  readonly above: Pass;
}

/** Declares what graphs read of weights. @returns its name */
function used(graph: OnnxGraph, { name, shape, hasSigns }: Parameter): string {
  return graph.input(hasSigns ? signsName(name) : name, 'float32', shape);
}

/** X_t. */
function columnsOf(graph: OnnxGraph, inputs: string, step: number, columns: number): string {
  const [starts, ends, axes] = [step * columns, (step + 1) * columns, 1].map((at) =>
    graph.constant('int32', [at]),
  );
  return graph.node('Slice', [inputs, starts, ends, axes]);
}

/** E_1 … E_T. */
function backThroughTime(
  graph: OnnxGraph,
  laidOut: readonly StepPass[],
  errors: string,
  ofState: Parameter,
): string[] {
  const ofSteps: string[] = [];
  let above = errors;
  for (let t = laidOut.length - 1; t >= 0; t--) {
    ofSteps[t] = laidOut[t].above.backward(above);
    if (t > 0) above = graph.node('Gemm', [ofSteps[t], used(graph, ofState)]);
  }
  return ofSteps;
}

/** Publishes Σ Eᵀ·A over pairs of E and A, the last first; nothing where there are none. */
function appendSum(
  graph: OnnxGraph,
  weights: Parameter,
  pairs: readonly (readonly [string, string])[],
): void {
  const transposed = { transA: { int: 1 } };
  let sum: readonly string[] = [];
  for (const pair of pairs.slice(1).toReversed()) sum = [graph.node('Gemm', [...pair, ...sum], transposed)];
  for (const pair of pairs.slice(0, 1)) appendGradient(graph, weights, 'Gemm', [...pair, ...sum], transposed);
}

/** Operations of products, and what the pieces around them take: errors go back through time for the gradients, too. */
function cost({
  steps,
  shown,
  ofInputs,
  activations,
}: Pick<RecurrentPieces, 'steps' | 'shown' | 'ofInputs'> & {
  readonly activations: readonly Piece[];
}): Piece['cost'] {
  const [neurons, inputs] = ofInputs.shape;
  const [byInputs, byState] = [2 * steps * inputs * neurons, 2 * (steps - 1) * neurons * neurons];
  const seen = totalCost(Array.from({ length: steps }, () => shown.cost));
  const between = totalCost(activations.map((piece) => piece.cost));
  const of = (count: number | undefined): number => count ?? 0;
  return {
    forward: byInputs + byState + of(seen.forward) + of(between.forward),
    backward: byInputs + of(seen.backward),
    gradient: byInputs + 2 * byState + of(between.backward) + of(between.gradient),
    batch: of(seen.batch) + of(between.batch),
    held: 2 * steps * neurons + of(seen.held) + of(between.held),
  };
}
