import type { OptionPlace } from '../training/option-words.js';

/** What a kernel asks about options while somebody types. */
export interface OptionWords {
  optionWords(place: OptionPlace): string | undefined;
  isRule(name: string): boolean;
  datasetNames(): string[];
  ruleNames(): string[];
  fieldPaths(): string[];
}

/** The value of a function that makes options of a rule, as `registerRule` returns it, under this name: the rule's name. */
export const RULE_OF_FUNCTION = Symbol.for('xnorlab.rule');

const WORDS = Symbol.for('xnorlab.optionWords');

/** Lets the kernel ask this build of the library, whose rules are those that cells have registered. */
export function offerOptionWords(): void {
  Object.defineProperty(globalThis, WORDS, { value: loadWords, configurable: true });
}

/** The words of the library that cells have imported, else of the kernel's own. */
export function findOptionWords(): OptionWords {
  return ((globalThis as { [WORDS]?: () => OptionWords })[WORDS] ?? loadWords)();
}

/** Loaded when first asked for: schemas of all rules. */
function loadWords(): OptionWords {
  return require('../training/option-words.js') as OptionWords;
}
