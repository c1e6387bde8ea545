import { z } from 'zod';
import { adam, adamConfig, sgd, sgdConfig } from './gradient-descent.js';
import { localErrorConfig } from './local-error/config.js';
import { localError } from './local-error/local-error.js';
import { type ConfiguredRule, configureRule } from './rule.js';

/** The options of any rule, told apart by `name`. A new rule is added here and in `configuredRule`. */
export const ruleConfig = z.discriminatedUnion('name', [localErrorConfig, sgdConfig, adamConfig]);

/** Checked options of any rule, defaults filled in. */
export type RuleConfig = z.output<typeof ruleConfig>;

/** The rule that a configuration names. */
export function configuredRule(config: RuleConfig): ConfiguredRule {
  switch (config.name) {
    case 'local-error':
      return configureRule(localError, config);
    case 'sgd':
      return configureRule(sgd, config);
    case 'adam':
      return configureRule(adam, config);
    default:
      return config satisfies never;
  }
}
