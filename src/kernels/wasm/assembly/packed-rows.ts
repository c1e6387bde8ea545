const WORD_COLUMNS: i32 = 64;

/** Bytes of a packed row. */
@inline
export function rowBytesFor(columns: i32): usize {
  return ((<usize>columns + (WORD_COLUMNS - 1)) >> 6) << 3;
}

/** The bits of a 64-bit word that belong to the `columns` ≥ 1 columns from its first on. */
@inline
export function columnMask(columns: i32): u64 {
  return columns >= WORD_COLUMNS ? ~(<u64>0) : ((<u64>1) << columns) - 1;
}
