import type { Row } from 'xnorlab';
import { PUBLISHED as FIGURE_2, type PublishedRow as Figure2Row } from '../02-comparison/published.js';
import json from './published.json';

/** How the authors' rows of an experiment are told apart, and what they say: of LBES mean, spread and training accuracy of 10 runs. */
export interface PublishedRow extends Row {
  readonly experiment: string;
  readonly dataset: string;
  readonly rule: string;
  /** Widths, input side first; of a committee perceptrons and units. */
  readonly layers: string;
  readonly groupSize: number | null;
  readonly robustness: number | null;
  readonly hiddenBits: number | null;
  readonly trainClassifier: string | null;
  readonly inputs: string | null;
  readonly limitTrain: number | null;
  /** Percent. */
  readonly published: number;
  /** Population standard deviation. */
  readonly spread: number;
  readonly publishedTrain: number | null;
}

/** Columns in which a run of ours is what a published row is of. */
export const SETTING_COLUMNS = [
  'dataset',
  'rule',
  'layers',
  'groupSize',
  'robustness',
  'hiddenBits',
  'trainClassifier',
  'inputs',
  'limitTrain',
] as const;

/** Runs of each published mean of LBES. */
export const PUBLISHED_RUNS = json.lbes.runs;

/** Runs of each published mean of BEP. */
export const PUBLISHED_RUNS_OF_BEP = 5;

/** The bits of ours whose bound, 2^(B − 1) − 1, is nearest to the authors' bound on |h|. */
const BITS_OF_CLIPS: Readonly<Record<number, number>> = { 1: 2, 8: 4, 16: 5, 32: 6, 64: 7, 128: 8 };

/** 1/32 of the 50,000 images that train. */
const SHARE_OF_IMAGES = 1562;

interface JsonRow {
  readonly experiment: string;
  readonly dataset: string;
  readonly rule: string;
  readonly layers: string;
  readonly groupSize?: number;
  readonly robustness?: number;
  readonly clip?: number;
  readonly trainClassifier?: boolean;
  readonly inputs?: string;
  readonly share?: string;
  readonly testAccuracy: number;
  readonly spread: number;
  readonly trainAccuracy?: number;
}

/** Every row of the result tables of LBES. */
export const LBES_ROWS: readonly PublishedRow[] = (json.lbesRows as readonly JsonRow[]).map((row) => {
  const isBinary = row.rule === 'local-error' || row.rule === 'committee';
  return {
    experiment: row.experiment,
    dataset: row.dataset,
    rule: row.rule,
    layers: row.layers,
    groupSize: row.groupSize ?? null,
    robustness: row.robustness ?? null,
    hiddenBits: isBinary ? (row.clip === undefined ? 16 : BITS_OF_CLIPS[row.clip]) : null,
    trainClassifier: row.rule === 'local-error' ? String(row.trainClassifier ?? false) : null,
    inputs: row.inputs ?? null,
    limitTrain: row.share === undefined ? null : SHARE_OF_IMAGES,
    published: row.testAccuracy,
    spread: row.spread,
    publishedTrain: row.trainAccuracy ?? null,
  };
});

/** A point of a curve of LBES: the authors' accuracies after an epoch. */
export interface CurvePoint extends Row {
  readonly dataset: string;
  readonly layers: string;
  readonly groupSize: number;
  readonly epoch: number;
  readonly testAccuracy: number;
  readonly spread: number;
  readonly trainAccuracy: number;
}

export const LBES_CURVES: readonly CurvePoint[] = json.lbesCurves;

/** A row of the ablations of BEP: validation accuracy with one option at `value`. */
export interface AblationRow extends Row {
  readonly option: 'robustness' | 'reinforcement' | 'gate';
  readonly dataset: string;
  readonly layers: string;
  readonly value: number;
  readonly validationAccuracy: number;
}

export const BEP_ABLATIONS = json.bepRows as readonly AblationRow[];

/** The points of BEP's figure 2 on data that can be had: the study `comparison` runs them. */
export const BEP_FIGURE_2: readonly Figure2Row[] = FIGURE_2;

/** What the authors call the tables of UCI that are at hand, by our names. */
export const TABLES: Readonly<Record<string, string>> = {
  penbased: 'uci digits',
  satimage: 'uci landsat',
  magic: 'uci telescope',
  chess: 'uci chess',
  ionosphere: 'uci ionosphere',
  'tic-tac-toe': 'uci tic',
};

/** Tables at hand that lack samples which UCI has. */
const INCOMPLETE = ['uci cancer', 'uci mammographic', 'uci mushroom'];

/** Why a published row is not among ours. */
export function reasonNotRun({ experiment, dataset }: PublishedRow): string {
  if (dataset.endsWith('features')) return 'data not to be had: features of an AlexNet';
  if (INCOMPLETE.includes(dataset)) return 'other samples: ours lack those with missing values';
  if (experiment === 'tables' && !Object.values(TABLES).includes(dataset)) return 'table not at hand';
  if (experiment === 'float-depth') return 'hours of float training';
  return 'hours: not run here';
}
