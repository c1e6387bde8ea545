/** One cell of a row. */
export type Cell = string | number | null;

/** A flat row: what tables are made of, and what a query returns. */
export type Row = Readonly<Record<string, Cell>>;
