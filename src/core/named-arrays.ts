/** Arrays of numbers by name, of the types that files can hold. */
export type NamedArrays = Readonly<
  Record<string, Int16Array | Int32Array | Uint32Array | Float32Array | Float64Array>
>;

/** The arrays under names that start with `prefix`/. */
export function withPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [`${prefix}/${name}`, values]));
}

/** The arrays whose names start with `prefix`/, without it. */
export function underPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  const entries = Object.entries(arrays).filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(entries.map(([name, values]) => [name.slice(prefix.length + 1), values]));
}
