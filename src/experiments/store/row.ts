/** One cell of a row. */
export type Cell = string | number | null;

/** A flat row, as a query returns it. */
export type Row = Readonly<Record<string, Cell>>;
