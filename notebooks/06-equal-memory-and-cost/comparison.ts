import path from 'node:path';
import { expandSweep, keptRows, type Row, readSweep, type TrainConfig } from 'xnorlab';
import { PUBLISHED } from '../02-comparison/published.js';

const COMPARISON = path.join(__dirname, '..', '02-comparison');

/** A run by the name of its rule; `qat` with or without batch normalization. */
export function nameOf({ rule, batchNorm = null }: Row): string {
  return batchNorm === null ? String(rule) : `${rule} ${batchNorm === 'true' ? 'with' : 'without'} batchNorm`;
}

/** The runs of the comparison of the rules, `local-error` first, so that it is the first in legends. */
export function comparisonRuns(): Row[] {
  const rows = keptRows(path.join(COMPARISON, 'rows', 'comparison.jsonl'));
  const isFirst = ({ rule }: Row): number => Number(rule === 'local-error');
  return rows
    .map((row): Row => ({ ...row, series: nameOf(row) }))
    .sort((one, other) => isFirst(other) - isFirst(one));
}

/** Of `local-error` with two layers on FashionMNIST: what has to be matched. */
export function isMatched({ dataset, rule, layers }: Row): boolean {
  return dataset === 'fashion-mnist' && rule === 'local-error' && String(layers).split(',').length === 2;
}

export const PUBLISHED_OF_MATCHED: readonly Row[] = PUBLISHED.filter(isMatched);

/** The networks of the comparison on FashionMNIST, in their first seed. */
export function comparedNetworks(): TrainConfig[] {
  return ['sweep-binary.yaml', 'sweep-float.yaml']
    .flatMap((file) => expandSweep(readSweep(path.join(COMPARISON, file))))
    .filter(({ dataset, seed }) => dataset.name === 'fashion-mnist' && seed === 1);
}
