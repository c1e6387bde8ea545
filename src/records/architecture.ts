import { configCell } from './config-columns.js';
import type { RunRecord } from './record.js';

/**
 * Where configurations say the widths of hidden layers. Records of xnorlab 0.2 have no `architecture`; the options of all rules
 * that it had begin with this one.
 */
export const WIDTHS_OF_OLD_RECORDS = 'rule.layers';

/** The hidden layers of a run in a few characters, input side first: `525,525`. */
export function architectureOf({ architecture, config }: Pick<RunRecord, 'architecture' | 'config'>): string {
  return architecture ?? String(configCell(config, WIDTHS_OF_OLD_RECORDS) ?? '');
}
