/** The contents of a file, with what it is called in errors. */
export interface SourceFile {
  /** Its path or address. */
  readonly file: string;
  readonly bytes: Uint8Array;
}
