import { hex, sha256 } from '../core/sha256.js';
import { canonicalJson } from './canonical-json.js';
import { RECORD_VERSION, type RunRecord } from './record.js';

const KEY_HEX_DIGITS = 32;

/**
 * Names a run by what determines its result: two runs of the same key give the same record, times aside. The order
 * of keys in the configuration and the backend make no difference.
 * @param config - with every default filled in, as in `RunRecord.config`
 * @param datasetSha256 - hash of the data's contents
 * @returns 32 hexadecimal digits
 * @throws ArgumentError for a configuration that JSON cannot hold
 */
export function runKey(config: object, datasetSha256: string, rule: RunRecord['rule']): string {
  const determining = {
    config: { ...config, backend: undefined },
    datasetSha256,
    rule: { name: rule.name, version: rule.version, sha256: rule.sha256 },
    recordVersion: RECORD_VERSION,
  };
  return hex(sha256(canonicalJson(determining))).slice(0, KEY_HEX_DIGITS);
}

/** Whether a text has the form of a key, so that it can name a file. */
export function isRunKey(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
