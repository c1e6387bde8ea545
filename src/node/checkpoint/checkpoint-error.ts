import { DataError } from '../../core/errors.js';

/** A file with a saved network or run is damaged, of another kind, or does not belong to what it is used for. */
export class CheckpointError extends DataError {}
