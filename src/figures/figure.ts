import type { Config, Data, Layout } from 'plotly.js';

/** A figure as Plotly draws it: plain data, ready to be stored or shown. */
export interface Figure {
  readonly data: readonly Partial<Data>[];
  readonly layout?: Partial<Layout>;
  readonly config?: Partial<Config>;
}

/** A figure, or a part of one, as JSON; typed arrays become lists, NaN and infinities null. */
export function figureJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) => {
      if (ArrayBuffer.isView(part)) return Array.from(part as unknown as ArrayLike<number | bigint>, Number);
      return typeof part === 'bigint' ? Number(part) : part;
    },
    indent,
  );
}
