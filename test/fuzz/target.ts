import { XnorlabError } from '../../src/core/errors.js';
import type { RandomStream } from '../../src/core/random.js';

/** Something that takes what it is given, or refuses it with an error of ours, and does nothing else. */
export interface FuzzTarget {
  readonly name: string;
  /**
   * Makes the input of a case. Without a corpus it is told by the stream alone.
   * @param corpus - files of test/fuzz/corpus/NAME
   */
  input(corpus: readonly Uint8Array[], random: RandomStream): Uint8Array;
  /** Reads it. What it throws that is no XnorlabError, or an Unsound, is a finding. */
  run(input: Uint8Array): Promise<void> | void;
}

/** What was accepted and should not have been. */
export class Unsound extends Error {}

/** @throws Unsound unless it holds */
export function sound(holds: boolean, what: string): void {
  if (!holds) throw new Unsound(what);
}

/** Runs one case. @returns whether the input was accepted; what was found, if anything */
export async function runCase(
  target: FuzzTarget,
  input: Uint8Array,
): Promise<{ readonly accepted: boolean; readonly refusal?: string; readonly finding?: string }> {
  try {
    await target.run(input);
    return { accepted: true };
  } catch (error) {
    if (error instanceof XnorlabError) return { accepted: false, refusal: error.message };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { accepted: false, finding: text };
  }
}
