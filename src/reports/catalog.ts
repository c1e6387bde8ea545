import { ablations } from './ablations.js';
import { best } from './best.js';
import { beyondThePapers } from './beyond-the-papers.js';
import { comparison } from './comparison.js';
import { metaplasticity } from './metaplasticity.js';
import type { Report } from './report.js';

/** All reports there are. */
export const REPORTS: readonly Report[] = [comparison, ablations, metaplasticity, beyondThePapers, best];
