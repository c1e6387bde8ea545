import { EnvironmentError } from '../../core/errors.js';

/**
 * Nobody who was there to train a run could: it was put aside, and the others go on. It is no failure of the run, which is trained
 * when what hinders it is mended.
 */
export class RunRefusedError extends EnvironmentError {
  /** @param reason - of the last one who refused it */
  constructor(readonly reason: string) {
    super(
      `the run was put aside, as no worker could train it: ${reason.replace(/\.$/, '')}`,
      'Mend that, and call again: what is finished is kept.',
    );
  }
}
