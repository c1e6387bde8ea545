import type { z } from 'zod';

/**
 * Schemas of options by the name of their rule. A rule's folder adds its own by declaration merging, so that
 * `train({ rule: { name: … } })` knows its options; rules without an entry are known by what `registerRule` returns.
 */
// biome-ignore lint/suspicious/noEmptyInterface: rules fill it, and types cannot be merged
export interface RuleSchemas {}

type SchemaOf<Name extends keyof RuleSchemas> = RuleSchemas[Name] extends infer Schema extends z.ZodType
  ? Schema
  : never;

/** Tells names of other rules from those in `RuleSchemas`, for types only: no name has it. */
export interface OwnRuleName {
  readonly isOwnRule: true;
}

/** Options of a rule without an entry in `RuleSchemas`, as the function that `registerRule` returned gives them. */
export interface OwnRule {
  readonly name: string & OwnRuleName;
}

/** What a caller writes: the name of a rule, and options that differ from the defaults. */
export type RuleOptions =
  | { readonly [Name in keyof RuleSchemas]: z.input<SchemaOf<Name>> }[keyof RuleSchemas]
  | OwnRule;

/** Checked options of any rule, told apart by `name`, defaults filled in. */
export type RuleConfig =
  | { readonly [Name in keyof RuleSchemas]: z.output<SchemaOf<Name>> }[keyof RuleSchemas]
  | OwnRule;
