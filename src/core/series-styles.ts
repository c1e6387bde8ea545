/**
 * Names of series that look the same in every figure, with the number of their style: rules say it when they are
 * registered, figures ask. `undefined`: no number of its own, so one that follows from the name.
 */
const styles = new Map<string, number | undefined>();

/** Notes how series of these names look. */
export function registerStyles(named: Readonly<Record<string, number | undefined>>): void {
  for (const [name, style] of Object.entries(named)) styles.set(name, style);
}

/** @returns whether a name is registered and, if it has one of its own, the number of its style */
export function registeredStyle(name: string): { readonly style: number | undefined } | undefined {
  return styles.has(name) ? { style: styles.get(name) } : undefined;
}
