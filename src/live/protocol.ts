import type { ChangeableOption, OptionChange } from '../browser/live-run.js';
import type { Answers, NetworkView } from '../browser/onlooker.js';
import type { Shape } from '../core/shape.js';
import type { EpochRecord, RunRecord } from '../records/record.js';
import type { TrainOptions } from '../training/config.js';

/** Which data is trained on: generated, brought along, or dropped on the page. */
export type DataSource = 'prototypes' | 'digits' | 'own';

/** What the page asks of its worker. */
export type Request =
  /** Once, first: the kernels. */
  | { readonly kind: 'kernels'; readonly bytes: Uint8Array }
  | { readonly kind: 'digits'; readonly packed: Uint8Array }
  | {
      readonly kind: 'own';
      readonly name: string;
      readonly files: readonly { readonly file: string; readonly bytes: Uint8Array }[];
    }
  | {
      readonly kind: 'start';
      readonly options: TrainOptions;
      readonly source: DataSource;
      readonly isPaused: boolean;
    }
  | { readonly kind: 'pause' | 'resume' | 'step' | 'stop' }
  | { readonly kind: 'change'; readonly option: ChangeableOption; readonly value: unknown }
  /** Whether the network is looked at while it trains, and how many neurons of the first layer. */
  | { readonly kind: 'view'; readonly isOn: boolean; readonly neurons: number }
  /** The last frame is drawn: another may come. */
  | { readonly kind: 'drawn' }
  /** A test sample to be answered from now on, by its number; or pixels, 0 or 255. */
  | { readonly kind: 'ask'; readonly sample: number | Uint8Array };

/** What is known of data that is ready. */
export interface DataSummary {
  readonly source: DataSource;
  readonly name: string;
  readonly shape: Shape;
  readonly classes: readonly string[];
  readonly trainSamples: number;
  readonly validationSamples: number;
  readonly testSamples: number;
}

/** A network at one moment, with where its run is. */
export interface Frame {
  readonly epoch: number;
  readonly epochs: number;
  readonly samplesShown: number;
  readonly samples: number;
  readonly view: NetworkView | undefined;
  readonly pace: Pace;
}

/** How a run passes its time, waiting aside. */
export interface Pace {
  /** Training samples shown in all. */
  readonly samples: number;
  /** Time of training, measuring and looking. */
  readonly workMs: number;
  /** Of which the network was looked at and sent to the page. */
  readonly lookMs: number;
}

/** The sample that is answered, as the network sees it. */
export interface AskedSample {
  readonly pixels: Uint8Array;
  readonly label: number | undefined;
}

/** What the worker tells. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'data'; readonly data: DataSummary }
  | {
      readonly kind: 'started';
      readonly config: object;
      readonly data: DataSummary;
      /** What the columns that the network sees mean. */
      readonly input: Shape;
    }
  | {
      readonly kind: 'state';
      readonly isPaused: boolean;
      readonly isPending: boolean;
      readonly changes: readonly OptionChange[];
    }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  | { readonly kind: 'answers'; readonly answers: Answers; readonly asked: AskedSample }
  | { readonly kind: 'ended'; readonly record: RunRecord; readonly pace: Pace }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly about: 'data' | 'run' | 'change'; readonly message: string };
