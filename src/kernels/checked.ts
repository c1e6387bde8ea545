import { checkInteger, checkLength } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import type { Kernels } from './kernels.js';

/** Largest |hidden weight| that a 16-bit integer holds symmetrically. */
export const MAXIMUM_BOUND = 32767;

/** Largest limit of a gate: that of a 32-bit integer. */
const MAXIMUM_LIMIT = 2 ** 31 - 1;

/**
 * The same kernels with their shapes checked before each call. Backends then need not check what the contract
 * promises; entries of index lists are the exception that stays with the caller, who made them.
 */
export function checkedKernels(kernels: Kernels): Kernels {
  return {
    ...kernels,
    gatherRows: (source, rows, out) => {
      checkShape('out', out, rows.length, source.columns);
      kernels.gatherRows(source, rows, out);
    },
    product: (inputs, weights, out, signs) => {
      checkShape('weights', weights, weights.rows, inputs.columns);
      checkShape('out', out, inputs.rows, weights.rows);
      if (signs) checkShape('signs', signs, inputs.rows, weights.rows);
      kernels.product(inputs, weights, out, signs);
    },
    packSigns: (values, out) => {
      checkShape('out', out, values.rows, values.columns);
      kernels.packSigns(values, out);
    },
    packGates: (preActivations, limit, gates) => {
      checkInteger('limit', limit, 0, MAXIMUM_LIMIT);
      checkShape('gates', gates, preActivations.rows, preActivations.columns);
      kernels.packGates(preActivations, limit, gates);
    },
    packMajority: (activations, groupSize, out) => {
      checkGroupSize('groupSize', groupSize, activations.columns);
      checkShape('out', out, activations.rows, activations.columns / groupSize);
      kernels.packMajority(activations, groupSize, out);
    },
    backProduct: (desired, gates, weights, samples, out) => {
      checkShape('gates', gates, desired.rows, desired.columns);
      checkShape('weights', weights, desired.columns, weights.columns);
      checkShape('out', out, desired.rows, weights.columns);
      kernels.backProduct(desired, gates, weights, samples, out);
    },
    findTriggers: (logits, labels, margin, triggers) => {
      checkInteger('logits.columns', logits.columns, 2);
      checkLength('labels', labels, logits.rows);
      checkInteger('margin', margin, 0);
      checkInteger('triggers.capacity', triggers.capacity, logits.rows);
      return kernels.findTriggers(logits, labels, margin, triggers);
    },
    selectNeurons: (preActivations, samples, desired, desiredRows, groupSize, steps) => {
      const neurons = preActivations.columns;
      checkShape('desired', desired, desired.rows, neurons);
      checkLength('desiredRows', desiredRows, preActivations.rows);
      checkGroupSize('groupSize', groupSize, neurons);
      checkInteger('steps.capacity', steps.capacity, (samples.count * neurons) / groupSize);
      kernels.selectNeurons(preActivations, samples, desired, desiredRows, groupSize, steps);
    },
    selectRivals: (logits, labels, samples, steps) => {
      checkInteger('logits.columns', logits.columns, 2);
      checkLength('labels', labels, logits.rows);
      checkInteger('steps.capacity', steps.capacity, 2 * samples.count);
      kernels.selectRivals(logits, labels, samples, steps);
    },
    applySteps: (hidden, visible, inputs, steps, bound) => {
      checkShape('visible', visible, hidden.rows, hidden.columns);
      checkShape('inputs', inputs, inputs.rows, hidden.columns);
      checkBound(bound);
      return kernels.applySteps(hidden, visible, inputs, steps, bound);
    },
    reinforce: (hidden, gaps, bound) => {
      checkBound(bound);
      return kernels.reinforce(hidden, gaps, bound);
    },
  };
}

/** @throws ArgumentError unless `groupSize` cuts `neurons` into whole groups */
export function checkGroupSize(argument: string, groupSize: number, neurons: number): void {
  if (Number.isInteger(groupSize) && groupSize >= 1 && neurons % groupSize === 0) return;
  throw new ArgumentError(argument, `a divisor of the layer's ${neurons} neurons`, groupSize);
}

function checkShape(
  argument: string,
  matrix: { rows: number; columns: number },
  rows: number,
  columns: number,
): void {
  if (matrix.rows === rows && matrix.columns === columns) return;
  throw new ArgumentError(argument, `shape [${rows}, ${columns}]`, [matrix.rows, matrix.columns]);
}

function checkBound(bound: number): void {
  checkInteger('bound', bound, 1, MAXIMUM_BOUND);
  if (bound % 2 === 0) throw new ArgumentError('bound', 'an odd integer', bound);
}
