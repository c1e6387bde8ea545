import { rowBytesFor } from './packed-rows';

/**
 * Lists the samples whose largest logit is not at the label or leads by less than `margin`.
 * @returns the number of misclassified samples
 */
export function findTriggers(
  logits: usize,
  samples: i32,
  classes: i32,
  labels: usize,
  margin: f64,
  triggers: usize,
  count: usize,
): i32 {
  let wrong = 0;
  let listed: i32 = 0;
  for (let b = 0; b < samples; b++) {
    const row = logits + ((<usize>b * classes) << 2);
    const best = largestIndex(row, classes, -1);
    const isWrong = best != load<i32>(labels + (<usize>b << 2));
    if (isWrong) wrong++;
    const second = largestIndex(row, classes, best);
    // 64 bits: the lead of one 32-bit integer over another may take 33.
    const lead = <i64>load<i32>(row + (<usize>best << 2)) - load<i32>(row + (<usize>second << 2));
    if (isWrong || <f64>lead < margin) {
      store<i32>(triggers + (<usize>listed << 2), b);
      listed++;
    }
  }
  store<i32>(count, listed);
  return wrong;
}

/** For each listed sample, a step of its label's row towards it and one of the strongest rival's away. */
export function selectRivals(
  logits: usize,
  _samples: i32,
  classes: i32,
  labels: usize,
  listed: usize,
  listedCount: i32,
  stepSamples: usize,
  stepNeurons: usize,
  stepDirections: usize,
): i32 {
  for (let i = 0; i < listedCount; i++) {
    const b = load<i32>(listed + (<usize>i << 2));
    const label = load<i32>(labels + (<usize>b << 2));
    const rival = largestIndex(logits + ((<usize>b * classes) << 2), classes, label);
    const at = <usize>i << 1;
    storeStep(stepSamples, stepNeurons, stepDirections, at, b, label, 1);
    storeStep(stepSamples, stepNeurons, stepDirections, at + 1, b, rival, -1);
  }
  return 2 * listedCount;
}

/**
 * For each listed sample and each group, a step of the wrong neuron nearest to its threshold. Zeros that are left out have the address 0.
 */
export function selectNeurons(
  preActivations: usize,
  _samples: i32,
  neurons: i32,
  listed: usize,
  listedCount: i32,
  desired: usize,
  _desiredCount: i32,
  desiredRows: usize,
  groupSize: i32,
  stepSamples: usize,
  stepNeurons: usize,
  stepDirections: usize,
  desiredZeros: usize,
): i32 {
  const rowBytes = rowBytesFor(neurons);
  let found: usize = 0;
  for (let i = 0; i < listedCount; i++) {
    const b = load<i32>(listed + (<usize>i << 2));
    const row = preActivations + ((<usize>b * neurons) << 2);
    const desiredRow = <usize>load<i32>(desiredRows + (<usize>b << 2)) * rowBytes;
    const wanted = desired + desiredRow;
    for (let start = 0; start < neurons; start += groupSize) {
      // As unsigned integers, negative stabilities exceed all others, and the nearest to 0 is the largest.
      // Pre-activations are sums of ±1, so −2^31, whose negative does not fit, cannot occur.
      let largest: u32 = 0x7fffffff;
      let selected = -1;
      for (let k = start; k < start + groupSize; k++) {
        const z = load<i32>(row + (<usize>k << 2));
        const flip = <i32>wantedBit(wanted, k) - 1;
        const stability = <u32>((z ^ flip) - flip);
        if (stability > largest && !(desiredZeros && wantedBit(desiredZeros + desiredRow, k))) {
          largest = stability;
          selected = k;
        }
      }
      if (selected < 0) continue;
      const direction = <i32>(wantedBit(wanted, selected) << 1) - 1;
      storeStep(stepSamples, stepNeurons, stepDirections, found, b, selected, direction);
      found++;
    }
  }
  return <i32>found;
}

/**
 * For each listed sample and each group, a step of a wrong neuron drawn at random.
 * @returns the number of steps
 */
export function drawNeurons(
  preActivations: usize,
  _samples: i32,
  neurons: i32,
  listed: usize,
  listedCount: i32,
  desired: usize,
  _desiredCount: i32,
  desiredRows: usize,
  groupSize: i32,
  draws: usize,
  stepSamples: usize,
  stepNeurons: usize,
  stepDirections: usize,
): i32 {
  const rowBytes = rowBytesFor(neurons);
  let found: usize = 0;
  for (let i = 0; i < listedCount; i++) {
    const b = load<i32>(listed + (<usize>i << 2));
    const row = preActivations + ((<usize>b * neurons) << 2);
    const wanted = desired + <usize>load<i32>(desiredRows + (<usize>b << 2)) * rowBytes;
    for (let start = 0; start < neurons; start += groupSize, draws += 4) {
      let wrong: u64 = 0;
      for (let k = start; k < start + groupSize; k++) wrong += <u64>isWrong(row, wanted, k);
      if (wrong == 0) continue;
      let before = (<u64>load<u32>(draws) * wrong) >> 32;
      let drawn = start;
      for (; before > 0 || !isWrong(row, wanted, drawn); drawn++) before -= <u64>isWrong(row, wanted, drawn);
      const direction = <i32>(wantedBit(wanted, drawn) << 1) - 1;
      storeStep(stepSamples, stepNeurons, stepDirections, found, b, drawn, direction);
      found++;
    }
  }
  return <i32>found;
}

@inline
function isWrong(row: usize, wanted: usize, k: i32): bool {
  const z = load<i32>(row + (<usize>k << 2));
  return wantedBit(wanted, k) ? z < 0 : z > 0;
}

@inline
function wantedBit(row: usize, k: i32): u32 {
  return (load<u32>(row + ((<usize>k >> 5) << 2)) >>> (k & 31)) & 1;
}

@inline
function storeStep(
  samples: usize,
  neurons: usize,
  directions: usize,
  i: usize,
  b: i32,
  k: i32,
  direction: i32,
): void {
  store<i32>(samples + (i << 2), b);
  store<i32>(neurons + (i << 2), k);
  store<i8>(directions + i, <i8>direction);
}

/** Column of the largest of `classes` ≥ 2 integers other than `except`, the lowest one on ties. */
@inline
function largestIndex(row: usize, classes: i32, except: i32): i32 {
  let best = except == 0 ? 1 : 0;
  let bestValue = load<i32>(row + (<usize>best << 2));
  for (let c = best + 1; c < classes; c++) {
    const value = load<i32>(row + (<usize>c << 2));
    if (value > bestValue && c != except) {
      best = c;
      bestValue = value;
    }
  }
  return best;
}
