/** `xnorlab/tables`: rows as frames, as tables for people, and the statistics behind them. */
export { type ComparisonRows, type ComparisonTableOptions, formatComparison } from './format-comparison.js';
export { formatMean, formatSigned } from './format-number.js';
export { formatTable, type SummaryRows, type TableOptions } from './format-table.js';
export { FormattedTable } from './formatted-table.js';
export { dataFrame, table } from './frames.js';
export type { LatexOptions } from './latex.js';
export { latexTable } from './latex.js';
export { markdownTable } from './markdown.js';
export type { Tabular, TextCell, TextTable } from './text-table.js';
