import type { Config, Data, Layout } from 'plotly.js';

/** A figure as Plotly draws it: plain data, ready to be stored or shown. */
export interface Figure {
  readonly data: readonly Partial<Data>[];
  readonly layout?: Partial<Layout>;
  readonly config?: Partial<Config>;
}
