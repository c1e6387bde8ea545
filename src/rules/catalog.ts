import { z } from 'zod';
import { bep } from './bep/bep.js';
import { bepConfig } from './bep/config.js';
import { committee } from './committee/committee.js';
import { committeeConfig } from './committee/config.js';
import { adam, adamConfig, sgd, sgdConfig } from './gradient-descent.js';
import { iterative, iterativeConfig } from './iterative/iterative.js';
import { localErrorConfig } from './local-error/config.js';
import { localError } from './local-error/local-error.js';
import { qat, qatConfig } from './quantized/qat.js';
import { type ConfiguredRule, configureRule } from './rule.js';

/** The options of any rule, told apart by `name`. A new rule is added here and in `configuredRule`. */
export const ruleConfig = z.discriminatedUnion('name', [
  localErrorConfig,
  bepConfig,
  committeeConfig,
  sgdConfig,
  adamConfig,
  qatConfig,
  iterativeConfig,
]);

/** Checked options of any rule, defaults filled in. */
export type RuleConfig = z.output<typeof ruleConfig>;

/** The rule that a configuration names. */
export function configuredRule(config: RuleConfig): ConfiguredRule {
  switch (config.name) {
    case 'local-error':
      return configureRule(localError, config);
    case 'bep':
      return configureRule(bep, config);
    case 'committee':
      return configureRule(committee, config);
    case 'sgd':
      return configureRule(sgd, config);
    case 'adam':
      return configureRule(adam, config);
    case 'qat':
      return configureRule(qat, config);
    case 'iterative':
      return configureRule(iterative, config);
    default:
      return config satisfies never;
  }
}
