import type { RunRecord } from '../records/record.js';
import { configuredRule } from '../rules/registry.js';
import type { TrainConfig } from './config.js';

/** What a record says of the rule of a configuration. */
export function ruleIdentity({ rule }: Pick<TrainConfig, 'rule'>): RunRecord['rule'] {
  const { name, version, sha256 } = configuredRule(rule);
  return { name, version, ...(sha256 !== undefined && { sha256 }) };
}
