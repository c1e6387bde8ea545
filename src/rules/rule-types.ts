import type { z } from 'zod';

/** Schemas of options by the name of their rule. */
export type SchemasOf<Rules extends readonly { readonly options: z.ZodObject }[]> = {
  readonly [Rule in Rules[number] as NameOf<Rule['options']>]: Rule['options'];
};

/** The name of a rule, as a type. */
export type NameOf<Options extends z.ZodObject> =
  z.output<Options> extends { readonly name: infer Name extends string } ? Name : never;

/**
 * Schemas of the rules that types know by name, so that `train({ rule: { name: … } })` knows their options. Lists of
 * rules add theirs by declaration merging; other rules are known by what `registerRule` returns.
 */
// biome-ignore lint/suspicious/noEmptyInterface: lists of rules fill it, and types cannot be merged
export interface RuleSchemas {}

/** The schema of the options of a known rule. */
export type SchemaOf<Name extends keyof RuleSchemas> = RuleSchemas[Name] extends infer Schema extends
  z.ZodType
  ? Schema
  : never;

/** For types only: a text that is none of the names in `RuleSchemas`, so that these tell their options apart. */
export declare enum OwnRuleName {
  own = '(own rule)',
}

/** Options of a rule without an entry in `RuleSchemas`, as the function that `registerRule` returned gives them. */
export interface OwnRule {
  readonly name: OwnRuleName;
}

/** What a caller writes: the name of a rule, and options that differ from the defaults. */
export type RuleOptions =
  | { readonly [Name in keyof RuleSchemas]: z.input<SchemaOf<Name>> }[keyof RuleSchemas]
  | OwnRule;

/** Checked options of any rule, told apart by `name`, defaults filled in. */
export type RuleConfig =
  | { readonly [Name in keyof RuleSchemas]: z.output<SchemaOf<Name>> }[keyof RuleSchemas]
  | OwnRule;
