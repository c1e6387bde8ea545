import { type ImageShape, type Shape, shapeText, sizeOf } from '../core/shape.js';

/** Where each column that a network takes is found in named input, or why the two do not fit. */
export type ColumnMatch = { readonly order: Uint32Array } | { readonly mismatch: string };

/**
 * Finds columns by their names, in whatever order they come.
 * @param known - names of the columns that a network was trained on, in its order
 * @param given - names of the columns of the input
 * @returns `order`: column c of the network is column `order[c]` of the input; or `mismatch`, which completes "the input …" and
 *   names every column that is missing, unknown or there twice
 */
export function matchColumns(known: readonly string[], given: readonly string[]): ColumnMatch {
  const places = new Map(given.map((name, column) => [name, column]));
  const expected = new Set(known);
  const missing = known.filter((name) => !places.has(name));
  const unknown = [...places.keys()].filter((name) => !expected.has(name));
  const twins = given.filter((name, column) => places.get(name) !== column);
  const problems = [
    missing.length > 0 && `lacks ${listed(missing)}`,
    unknown.length > 0 && `has ${listed(unknown)}, which the network was not trained on`,
    twins.length > 0 && `has ${listed([...new Set(twins)])} more than once`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) return { mismatch: problems.join('; ') };
  return { order: Uint32Array.from(known, (name) => places.get(name) ?? 0) };
}

/**
 * Why samples of one shape cannot be shown to a network that was trained on another; undefined where they can. Vectors have no
 * places that could be mistaken: they fit whatever has as many columns.
 * @returns what completes "the input …"
 */
export function shapeMismatch(known: Shape, given: Shape): string | undefined {
  if (known.kind === 'vector' || given.kind === 'vector') {
    const [expected, found] = [sizeOf(known), sizeOf(given)];
    return expected === found
      ? undefined
      : `has ${found} columns, but the network was trained on ${expected}`;
  }
  if (sameShape(known, given)) return undefined;
  return `holds samples of ${shapeText(given)}, but the network was trained on ${shapeText(known)}`;
}

function sameShape(one: Shape, other: Shape): boolean {
  if (one.kind === 'image' && other.kind === 'image') {
    const sizes = ({ channels, height, width, interleaved = 1 }: ImageShape): string =>
      [channels, height, width, interleaved].join();
    return sizes(one) === sizes(other);
  }
  if (one.kind === 'sequence' && other.kind === 'sequence') {
    return one.steps === other.steps && sameShape(one.of, other.of);
  }
  return one.kind === other.kind && sizeOf(one) === sizeOf(other);
}

const LISTED = 8;

function listed(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return names.slice(0, LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
