import { DataError } from '../../core/errors.js';

/** A place of a store that is not what was written there. */
export interface Damage {
  /** `run KEY`, `run KEY, epoch 3`, `row 12 of epochs`, `the file`. */
  readonly place: string;
  readonly problem: string;
}

/** Something in a store is not what was written there, so that nothing of it is believed. */
export class StoreDamagedError extends DataError {
  /** @param damages - at least one */
  constructor(
    readonly folder: string,
    readonly damages: readonly Damage[],
  ) {
    const [{ place, problem }, ...others] = damages;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    super(
      folder,
      `is damaged: ${place}: ${problem}${more}; \`xnorlab store ${folder} --check\` says all, --repair keeps what is whole`,
    );
  }
}
