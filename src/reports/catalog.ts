import { checkChoice } from '../core/check.js';
import { ablations } from './ablations.js';
import { best } from './best.js';
import { beyondThePapers } from './beyond-the-papers.js';
import { comparison } from './comparison.js';
import { forgetting } from './forgetting.js';
import { metaplasticity } from './metaplasticity.js';
import { metaplasticityDepths } from './metaplasticity-depths.js';
import { metaplasticityFlips } from './metaplasticity-flips.js';
import type { Report } from './report.js';

/** All reports there are. */
export const REPORTS: readonly Report[] = [
  comparison,
  ablations,
  metaplasticity,
  metaplasticityFlips,
  metaplasticityDepths,
  forgetting,
  beyondThePapers,
  best,
];

/** @throws ArgumentError for a name that no report has */
export function findReport(name: string): Report {
  checkChoice(
    'name',
    name,
    REPORTS.map((report) => report.name),
  );
  return REPORTS.filter((report) => report.name === name)[0];
}
