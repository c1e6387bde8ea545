import type { Shape } from '../../core/shape.js';
import type { Dataset } from '../dataset.js';
import type { SourceFile } from '../source-file.js';

/** A file of a known data set. */
export interface KnownFile {
  /** Its name, without the `.gz` that it may have. */
  readonly name: string;
  /** Other names that it goes by, without `.gz`. */
  readonly otherNames?: readonly string[];
  /** SHA-256 of the uncompressed contents, so that a copy that was compressed anew passes. */
  readonly sha256: string;
}

/** A data set that xnorlab knows: what its files must contain, where they come from, and how they are read. */
export interface KnownDataset {
  /** As in a configuration; also the folder that it lies in. */
  readonly name: string;
  /** One line for lists. */
  readonly title: string;
  /** What the columns of a sample mean. */
  readonly shape: Shape;
  readonly files: readonly KnownFile[];
  /** Other folders that its files are looked for in, below a folder of data sets. */
  readonly otherFolders?: readonly string[];
  /** The page that says what it is. */
  readonly homepage: string;
  /** Where the files can be fetched; absent where the publisher has no address for each. */
  readonly download?: {
    /** Address in front of the names of the files, each with `.gz`; no slash at the end. */
    readonly address: string;
    /** What it takes, about. */
    readonly megabytes: number;
  };
  /**
   * Puts the data set together.
   * @param fileOf - contents of a file, by its name; unpacked, and with the SHA-256 that it must have
   */
  assemble(fileOf: (name: string) => SourceFile): Dataset;
}
