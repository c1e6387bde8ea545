/** What assembly/index.ts exports. Arguments named after an operand are its address in linear memory. */
export interface WasmExports {
  /** First address that the compiler left free. */
  readonly heapBase: { readonly value: number };
  gatherRows(source: number, rows: number, count: number, out: number, rowBytes: number): void;
  product(
    inputs: number,
    weights: number,
    out: number,
    samples: number,
    neurons: number,
    rowBytes: number,
    columns: number,
  ): void;
  packSigns16(values: number, rows: number, columns: number, out: number, rowBytes: number): void;
  packSigns32(values: number, rows: number, columns: number, out: number, rowBytes: number): void;
  packGates(
    values: number,
    rows: number,
    columns: number,
    limit: number,
    out: number,
    rowBytes: number,
  ): void;
  packMajority(
    activations: number,
    rows: number,
    groups: number,
    groupSize: number,
    rowBytes: number,
    out: number,
    outRowBytes: number,
  ): void;
  /** Bytes of scratch memory that `backProduct` needs. */
  backProductScratchBytes(samples: number, columns: number, rowBytes: number): number;
  backProduct(
    desired: number,
    gates: number,
    neurons: number,
    rowBytes: number,
    weights: number,
    columns: number,
    weightRowBytes: number,
    listed: number,
    listedCount: number,
    out: number,
    scratch: number,
  ): void;
  /** Number of samples that the last `findTriggers` listed. */
  readonly triggerCount: { readonly value: number };
  /** @returns the number of misclassified samples */
  findTriggers(
    logits: number,
    samples: number,
    classes: number,
    labels: number,
    margin: number,
    triggers: number,
  ): number;
  /** @returns the number of steps */
  selectNeurons(
    preActivations: number,
    neurons: number,
    listed: number,
    listedCount: number,
    desired: number,
    rowBytes: number,
    desiredRows: number,
    groupSize: number,
    stepSamples: number,
    stepNeurons: number,
    stepDirections: number,
  ): number;
  selectRivals(
    logits: number,
    classes: number,
    labels: number,
    listed: number,
    listedCount: number,
    stepSamples: number,
    stepNeurons: number,
    stepDirections: number,
  ): void;
  /** Bytes of scratch memory that `applySteps` needs. */
  applyStepsScratchBytes(steps: number, neurons: number): number;
  /** @returns the number of visible weights that changed sign */
  applySteps(
    hidden: number,
    visible: number,
    inputs: number,
    stepSamples: number,
    stepNeurons: number,
    stepDirections: number,
    steps: number,
    neurons: number,
    columns: number,
    rowBytes: number,
    bound: number,
    scratch: number,
  ): number;
  /** @returns the number of positions hit */
  reinforce(
    hidden: number,
    length: number,
    thresholds: number,
    thresholdCount: number,
    guide: number,
    state: number,
    bound: number,
  ): number;
}
