import type { Kernels } from '../kernels.js';
import type { StepList } from '../lists.js';
import type { WasmExports } from './exports.js';
import type { LinearMemory } from './linear-memory.js';

/** The operations of the contract, without what allocates and describes. */
export type Operations = Omit<
  Kernels,
  'backend' | 'description' | 'bitMatrix' | 'int16Matrix' | 'int32Matrix' | 'sampleList' | 'stepList'
>;

const WORD_BYTES = 4;

/** The operations in WebAssembly, on operands in `memory` or, copied in and out, anywhere else. */
export function wasmOperations(memory: LinearMemory, wasm: WasmExports): Operations {
  return {
    gatherRows(source, rows, out) {
      const { rowWords } = source;
      if (!memory.holds(source.words)) {
        // A data set elsewhere is not copied for the few rows of a batch.
        rows.forEach((row, i) => {
          out.words.set(source.words.subarray(row * rowWords, (row + 1) * rowWords), i * rowWords);
        });
        return;
      }
      memory.begin();
      const indices = memory.input(rows);
      const to = memory.output(out.words);
      wasm.gatherRows(source.words.byteOffset, indices, rows.length, to, rowWords * WORD_BYTES);
      memory.finish(out.words, to);
    },

    product(inputs, weights, out, signs) {
      memory.begin();
      const { rows, columns, rowWords } = inputs;
      const from = memory.input(inputs.words);
      const by = memory.input(weights.words);
      const to = memory.output(out.values);
      wasm.product(from, by, to, rows, weights.rows, rowWords * WORD_BYTES, columns);
      memory.finish(out.values, to);
      if (signs) this.packSigns(out, signs);
    },

    packSigns({ rows, columns, values }, out) {
      memory.begin();
      const pack = values instanceof Int16Array ? wasm.packSigns16 : wasm.packSigns32;
      const from = memory.input(values);
      const to = memory.output(out.words);
      pack(from, rows, columns, to, out.rowWords * WORD_BYTES);
      memory.finish(out.words, to);
    },

    packGates({ rows, columns, values }, limit, gates) {
      memory.begin();
      const from = memory.input(values);
      const to = memory.output(gates.words);
      wasm.packGates(from, rows, columns, limit, to, gates.rowWords * WORD_BYTES);
      memory.finish(gates.words, to);
    },

    packMajority(activations, groupSize, out) {
      memory.begin();
      const from = memory.input(activations.words);
      const to = memory.output(out.words);
      wasm.packMajority(
        from,
        out.rows,
        out.columns,
        groupSize,
        activations.rowWords * WORD_BYTES,
        to,
        out.rowWords * WORD_BYTES,
      );
      memory.finish(out.words, to);
    },

    backProduct(desired, gates, weights, samples, out) {
      memory.begin();
      const rowBytes = desired.rowWords * WORD_BYTES;
      // Rows that are not listed stay: the copy of what lives elsewhere starts with its contents.
      const to = memory.input(out.values);
      wasm.backProduct(
        memory.input(desired.words),
        memory.input(gates.words),
        desired.columns,
        rowBytes,
        memory.input(weights.words),
        weights.columns,
        weights.rowWords * WORD_BYTES,
        memory.input(samples.listed()),
        samples.count,
        to,
        memory.scratch(wasm.backProductScratchBytes(samples.count, weights.columns, rowBytes)),
      );
      memory.finish(out.values, to);
    },

    findTriggers(logits, labels, margin, triggers) {
      memory.begin();
      const from = memory.input(logits.values);
      const wanted = memory.input(labels);
      const to = memory.output(triggers.indices);
      const wrong = wasm.findTriggers(from, logits.rows, logits.columns, wanted, margin, to);
      triggers.count = wasm.triggerCount.value;
      memory.finish(triggers.indices, to, triggers.count);
      return wrong;
    },

    selectNeurons(preActivations, samples, desired, desiredRows, groupSize, steps) {
      memory.begin();
      const from = memory.input(preActivations.values);
      const listed = memory.input(samples.listed());
      const wanted = memory.input(desired.words);
      const wantedRows = memory.input(desiredRows);
      const to = outputSteps(steps);
      steps.count = wasm.selectNeurons(
        from,
        preActivations.columns,
        listed,
        samples.count,
        wanted,
        desired.rowWords * WORD_BYTES,
        wantedRows,
        groupSize,
        ...to,
      );
      finishSteps(steps, to);
    },

    selectRivals(logits, labels, samples, steps) {
      memory.begin();
      const from = memory.input(logits.values);
      const wanted = memory.input(labels);
      const listed = memory.input(samples.listed());
      const to = outputSteps(steps);
      wasm.selectRivals(from, logits.columns, wanted, listed, samples.count, ...to);
      steps.count = 2 * samples.count;
      finishSteps(steps, to);
    },

    applySteps(hidden, visible, inputs, steps, bound) {
      memory.begin();
      const values = memory.input(hidden.values);
      const signs = memory.input(visible.words);
      const flips = wasm.applySteps(
        values,
        signs,
        memory.input(inputs.words),
        memory.input(steps.samples.subarray(0, steps.count)),
        memory.input(steps.neurons.subarray(0, steps.count)),
        memory.input(steps.directions.subarray(0, steps.count)),
        steps.count,
        hidden.rows,
        hidden.columns,
        visible.rowWords * WORD_BYTES,
        bound,
        memory.scratch(wasm.applyStepsScratchBytes(steps.count, hidden.rows)),
      );
      memory.finish(hidden.values, values);
      memory.finish(visible.words, signs);
      return flips;
    },

    reinforce(hidden, gaps, bound) {
      memory.begin();
      const values = memory.input(hidden.values);
      const thresholds = memory.input(gaps.thresholds);
      const guide = memory.input(gaps.guide);
      const state = memory.input(gaps.state);
      const { length } = hidden.values;
      const hits = wasm.reinforce(values, length, thresholds, gaps.thresholds.length, guide, state, bound);
      memory.finish(hidden.values, values);
      memory.finish(gaps.state, state);
      return hits;
    },
  };

  function outputSteps(steps: StepList): StepAddresses {
    return [memory.output(steps.samples), memory.output(steps.neurons), memory.output(steps.directions)];
  }

  function finishSteps(steps: StepList, [samples, neurons, directions]: StepAddresses): void {
    memory.finish(steps.samples, samples, steps.count);
    memory.finish(steps.neurons, neurons, steps.count);
    memory.finish(steps.directions, directions, steps.count);
  }
}

type StepAddresses = [samples: number, neurons: number, directions: number];
