import { loadKernels } from '../browser/kernels.js';
import { LiveRun } from '../browser/live-run.js';
import { askLearner, Onlooker } from '../browser/onlooker.js';
import { ownDataset } from '../browser/own-files.js';
import { decodePageSet, type PageSet, preparedFor } from '../browser/page-set.js';
import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError, InterruptedError } from '../core/errors.js';
import { type Dataset, FeatureMatrix } from '../data/dataset.js';
import { generatePrototypes } from '../data/prototypes.js';
import { transformerOf } from '../data/transformation.js';
import type { TrainConfig } from '../training/config.js';
import { type PreparedData, prepareDataset } from '../training/prepared-data.js';
import type { TrainProgress } from '../training/train-run.js';
import type { AskedSample, DataSource, DataSummary, Reply, Request } from './protocol.js';

/** The shortest time from frame to frame: thirty a second. */
const FRAME_MS = 33;

/** Looking takes at most one part in so many of the time, and for that frames become fewer. */
const LOOK_SHARE = 10;

const page = self as unknown as {
  postMessage(reply: Reply, transfer: Transferable[]): void;
  addEventListener(kind: 'message', listener: (event: { readonly data: Request }) => void): void;
};

function tell(reply: Reply, transfer: Transferable[] = []): void {
  page.postMessage(reply, transfer);
}

/** What is held here between messages. */
class Studio {
  #kernels: Uint8Array | undefined;
  #digits: PageSet | undefined;
  #own: Dataset | undefined;
  #run: LiveRun | undefined;
  #source: DataSource = 'prototypes';
  #over: Promise<void> = Promise.resolve();
  #view = { isOn: true, neurons: 40 };
  #isDrawn = true;
  #asked: { readonly bits: BitMatrix; readonly shown: AskedSample } | undefined;
  #onlooker = new Onlooker();
  #pace = { samples: 0, workMs: 0, lookMs: 0 };
  #lastFrame = 0;
  #frameMs = FRAME_MS;
  #lastWork = 0;
  #samplesBefore = 0;
  #isWaiting = false;

  async take(request: Request): Promise<void> {
    switch (request.kind) {
      case 'kernels':
        this.#kernels = request.bytes;
        tell({ kind: 'ready' });
        return;
      case 'digits':
        this.#digits = decodePageSet('digits', request.packed);
        tell({ kind: 'data', data: summary('digits', this.#digits) });
        return;
      case 'own':
        this.#own = ownDataset(request.name, request.files);
        tell({ kind: 'data', data: summaryOf(this.#own) });
        return;
      case 'start':
        return this.#start(request);
      case 'pause':
      case 'resume':
      case 'step':
      case 'stop':
        this.#run?.[request.kind]();
        return;
      case 'change':
        this.#run?.change(request.option, request.value);
        return;
      case 'view':
        this.#view = { isOn: request.isOn, neurons: request.neurons };
        return;
      case 'drawn':
        this.#isDrawn = true;
        return;
      case 'ask':
        return this.#ask(request.sample);
    }
  }

  async #start({ options, source, isPaused }: Request & { kind: 'start' }): Promise<void> {
    this.#run?.stop();
    await this.#over;
    this.#source = source;
    const run = new LiveRun(
      options,
      {
        kernels: () => loadKernels(this.#kernels ?? new Uint8Array()),
        prepare: (config) => this.#prepare(config),
        onBatch: (progress) => this.#afterBatch(progress),
        onEpoch: (record) => {
          tell({ kind: 'epoch', record });
          this.#samplesBefore = 0;
        },
        onState: () => this.#tellState(),
      },
      isPaused,
    );
    this.#run = run;
    this.#onlooker = new Onlooker();
    this.#pace = { samples: 0, workMs: 0, lookMs: 0 };
    this.#lastFrame = 0;
    this.#samplesBefore = 0;
    this.#isDrawn = true;
    const { prepared, config } = run;
    tell({ kind: 'started', config, data: summary(source, prepared), input: prepared.task.input });
    this.#tellState();
    this.#lastWork = performance.now();
    this.#over = run.run().then(
      ({ record }) => {
        this.#work();
        this.#frame({
          epoch: record.epochs.length,
          epochs: record.epochs.length,
          samplesShown: 0,
          samples: 0,
        });
        tell({ kind: 'ended', record, pace: { ...this.#pace } });
      },
      (error: unknown) => {
        if (error instanceof InterruptedError) tell({ kind: 'stopped' });
        else tell({ kind: 'failed', about: 'run', message: (error as Error).message });
      },
    );
  }

  #prepare(config: TrainConfig): PreparedData {
    switch (this.#source) {
      case 'prototypes':
        return prepareDataset(config, generatePrototypes(config.dataset.prototypes));
      case 'digits':
        if (!this.#digits) throw new ArgumentError('dataset', 'data that is loaded', config.dataset.name);
        return preparedFor(this.#digits, config);
      case 'own':
        if (!this.#own) throw new ArgumentError('dataset', 'data that is loaded', config.dataset.name);
        return prepareDataset(config, this.#own);
    }
  }

  #tellState(): void {
    const run = this.#run;
    if (!run) return;
    tell({ kind: 'state', isPaused: run.isPaused, isPending: run.hasPending, changes: [...run.changes] });
  }

  /** Counts the time since it was called last as spent in work, unless the run has waited. */
  #work(hasWaited = false): void {
    const now = performance.now();
    if (!hasWaited) this.#pace.workMs += now - this.#lastWork;
    this.#lastWork = now;
  }

  #afterBatch(progress: TrainProgress): void {
    this.#work(this.#isWaiting);
    this.#pace.samples += progress.samplesShown - this.#samplesBefore;
    this.#samplesBefore = progress.samplesShown;
    this.#isWaiting = this.#run?.isPaused ?? false;
    const isDue = this.#lastWork - this.#lastFrame >= this.#frameMs && this.#isDrawn;
    if (this.#view.isOn && (isDue || this.#isWaiting)) this.#frame(progress);
  }

  #frame(progress: TrainProgress): void {
    const learner = this.#run?.learner;
    if (!learner) return;
    const start = performance.now();
    this.#lastFrame = start;
    const view = this.#onlooker.look(learner, this.#view.neurons);
    this.#isDrawn = false;
    tell(
      { kind: 'frame', frame: { ...progress, view, pace: { ...this.#pace } } },
      view ? [view.first.buffer as ArrayBuffer] : [],
    );
    void this.#answer();
    const lookMs = performance.now() - start;
    this.#pace.lookMs += lookMs;
    this.#frameMs = Math.max(FRAME_MS, LOOK_SHARE * lookMs);
  }

  async #ask(sample: number | Uint8Array): Promise<void> {
    const prepared = this.#run?.prepared;
    if (!prepared) return;
    if (typeof sample === 'number') {
      const { inputs, labels } = prepared.task.test;
      if (!(inputs instanceof BitMatrix)) return;
      const row = sample % labels.length;
      const bits = inputs.rowRange(row, row + 1);
      this.#asked = { bits, shown: { pixels: positive(bits), label: labels[row] } };
    } else {
      const features = new FeatureMatrix(1, sample.length, sample);
      const { transformation } = prepared.task;
      const bits =
        transformation.inputForm === 'binarized' && transformation.takesBits
          ? packed(sample)
          : transformerOf(transformation)(features);
      if (!(bits instanceof BitMatrix)) return;
      this.#asked = { bits, shown: { pixels: positive(bits), label: undefined } };
    }
    return this.#answer();
  }

  async #answer(): Promise<void> {
    const [asked, learner] = [this.#asked, this.#run?.learner];
    if (!asked || !learner || asked.bits.columns !== this.#run?.prepared.description.inputs) return;
    tell({ kind: 'answers', answers: await askLearner(learner, asked.bits), asked: asked.shown });
  }
}

/** 1 for bits that are +1. */
function positive(bits: BitMatrix): Uint8Array {
  return Uint8Array.from(bits.signs(0), (sign) => (sign > 0 ? 1 : 0));
}

function packed(pixels: Uint8Array): BitMatrix {
  return BitMatrix.fromSigns([Array.from(pixels, (pixel) => (pixel > 0 ? 1 : -1))]);
}

function summaryOf({ name, shape, classes, train, validation, test }: Dataset): DataSummary {
  return {
    source: 'own',
    name,
    shape,
    classes,
    trainSamples: train.labels.length,
    validationSamples: validation?.labels.length ?? 0,
    testSamples: test.labels.length,
  };
}

function summary(
  source: DataSource,
  { description, classes, task }: Pick<PreparedData, 'description' | 'classes' | 'task'>,
): DataSummary {
  const { name, shape = task.input, trainSamples, validationSamples, testSamples } = description;
  return { source, name, shape, classes, trainSamples, validationSamples, testSamples };
}

const studio = new Studio();

page.addEventListener('message', ({ data: request }) => {
  studio.take(request).catch((error: unknown) => {
    const about =
      request.kind === 'digits' || request.kind === 'own'
        ? 'data'
        : request.kind === 'change'
          ? 'change'
          : 'run';
    tell({ kind: 'failed', about, message: (error as Error).message });
  });
});
