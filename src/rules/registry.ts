import { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import { registerStyles } from '../core/series-styles.js';
import { completeOptions } from './complete-options.js';
import type { MemoryPart } from './memory-part.js';
import type { ConfiguredRule, RuleDefinition, RuleDescription } from './rule.js';
import type { OwnRule, RuleConfig, RuleOptions } from './rule-types.js';

/** Where a rule of a user's file comes from. */
export interface RuleFile {
  /** Absolute. */
  readonly file: string;
  /** Of its content, in hexadecimal digits. */
  readonly sha256: string;
}

/** A rule that `train`, `sweep` and the command line know by its name. */
export interface RegisteredRule {
  /** Its options have `name` among them. */
  readonly definition: RuleDefinition<z.ZodObject>;
  /** Part of xnorlab. */
  readonly isBuiltIn: boolean;
  /** The file that it was loaded from; absent for rules that are part of xnorlab or a program. */
  readonly source?: RuleFile;
}

/** What a caller writes of the options of a rule, its name aside. */
export type OwnInput<Options extends z.ZodObject> = Omit<z.input<Options>, 'name'>;

/** Makes options of a rule for `train({ rule })` and sweeps; what is left out has its default. */
export type RuleOptionsFunction<Options extends z.ZodObject> = (
  ...options: Record<never, never> extends OwnInput<Options>
    ? [options?: OwnInput<Options>]
    : [options: OwnInput<Options>]
) => OwnRule & OwnInput<Options>;

const rules = new Map<string, RegisteredRule>();
let registrations = 0;
let source: RuleFile | undefined;

/**
 * Makes a rule of your own known by its name: to `train`, to `sweep`, to figures and, from a file, to the command line. A
 * rule that is registered again replaces the earlier one.
 *
 *     const mine = registerRule({ name: 'mine', version: 1, options: z.strictObject({ … }), … });
 *     await train({ dataset: 'fashion-mnist', rule: mine({ layers: [255] }) });
 *
 * @param definition - its options may leave out `name`
 * @returns a function that makes options of the rule
 * @throws ArgumentError for a definition that is wrong, or the name of a rule that is part of xnorlab
 */
export function registerRule<Options extends z.ZodObject, Name extends string>(
  definition: RuleDefinition<Options, Name>,
): RuleOptionsFunction<Options> {
  if (rules.get(definition.name)?.isBuiltIn) {
    throw new ArgumentError('name', 'a name that no rule of xnorlab has', definition.name);
  }
  add(definition, false);
  const makeOptions = (options: object = {}): object => ({ name: definition.name, ...options });
  // So that a notebook can explain what stands in its parentheses.
  const optionsOf: unknown = Object.defineProperty(makeOptions, Symbol.for('xnorlab.rule'), {
    value: definition.name,
  });
  // `OwnRule` is a name for types, which values do not show.
  return optionsOf as RuleOptionsFunction<Options>;
}

/** As `registerRule`, for rules that are part of xnorlab. */
export function registerBuiltIn(definition: RuleDefinition<z.ZodObject>): void {
  add(definition, true);
}

function add<Options extends z.ZodObject>(definition: RuleDefinition<Options>, isBuiltIn: boolean): void {
  const { name, styles = { [name]: undefined } } = definition;
  const complete = { ...definition, options: completeOptions(definition) };
  // Methods take what their own options give, and are given nothing else.
  const registered = complete as unknown as RuleDefinition<z.ZodObject>;
  rules.set(name, { definition: registered, isBuiltIn, ...(source && { source }) });
  registerStyles(styles);
  registrations++;
}

/** Does `work`; the rules that it registers come from `file`. */
export function registerFrom(file: RuleFile, work: () => void): void {
  source = file;
  try {
    work();
  } finally {
    source = undefined;
  }
}

/** The rule of a name; undefined when there is none. */
export function findRule(name: string): RegisteredRule | undefined {
  return rules.get(name);
}

/** Names of all rules, in the order in which they were registered first. */
export function ruleNames(): string[] {
  return [...rules.keys()];
}

/** Files that rules were loaded from. */
export function ruleFiles(): RuleFile[] {
  return [...new Set([...rules.values()].flatMap((rule) => rule.source ?? []))];
}

/** Grows with every registration, so that what was made of the rules can be made again. */
export function registryVersion(): number {
  return registrations;
}

/** What `make` makes of the registered rules, made again when another is registered. */
export function perRegistry<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value; readonly version: number } | undefined;
  return () => {
    if (made?.version !== registrations) made = { value: make(), version: registrations };
    return made.value;
  };
}

/** The options of any rule, told apart by `name`. */
export const ruleOptionsSchema: () => z.ZodType<RuleConfig, RuleOptions> = perRegistry(() => {
  const [first, ...others] = [...rules.values()].map(({ definition }) => definition.options);
  // Which rules there are, types know by `RuleSchemas`.
  return z.discriminatedUnion('name', [first, ...others]) as unknown as z.ZodType<RuleConfig, RuleOptions>;
});

/**
 * The rule that a checked configuration names.
 * @throws ArgumentError when there is none of the name
 */
export function configuredRule(config: RuleConfig): ConfiguredRule {
  const rule = rules.get(config.name);
  if (!rule) throw new ArgumentError('rule.name', `one of ${ruleNames().join(', ')}`, config.name);
  const { definition, source } = rule;
  const options: Record<string, unknown> = { ...config };
  return {
    name: definition.name,
    version: definition.version,
    stateVersion: definition.stateVersion ?? definition.version,
    inputForm: definition.inputForm(options),
    ...(definition.thermometerLevels !== undefined && { thermometerLevels: definition.thermometerLevels }),
    needsOnnxRuntime: definition.needsOnnxRuntime ?? false,
    ...(source && { sha256: source.sha256 }),
    check: (run) => definition.check?.(options, run),
    describe: (problem) => definition.describe(options, problem),
    memory: (problem) =>
      definition.memory?.(options, problem) ?? describedMemory(definition.describe(options, problem)),
    createLearner: async (problem, context) => definition.createLearner(options, problem, context),
  };
}

/** What is known of a rule that says no more than its description: the bits that its algorithm needs. */
function describedMemory({ memoryBits }: RuleDescription): MemoryPart[] {
  const bytes = { model: memoryBits.model / 8, activations: memoryBits.activations / 8 };
  return [
    { path: ['rule'], what: 'the model', bytes: bytes.model, matrixBytes: 0 },
    { path: ['batchSize'], what: 'a batch', bytes: bytes.activations, matrixBytes: 0 },
  ];
}
