import { expression } from './compile.js';
import type { Field, Length } from './fields.js';

/** How a language writes the reading of a flat call. */
export interface Dialect {
  /** What declares a constant. */
  readonly declare: string;
  /** Where a field's value comes from: further arguments of what reads it, with the comma before them. */
  source(field: Field): string;
}

/** What reads a typed array, in both languages. */
const READERS = {
  uint32: 'uint32s',
  int32: 'int32s',
  int16: 'int16s',
  int8: 'int8s',
  'int16 or int32': 'integers',
} as const;

/**
 * Lines that read the fields of a flat call and check them: kinds, ranges, lengths, entries of lists; what keeps a backend
 * inside the memory of its operands, whatever it is handed. The same in JavaScript, where `from` is arguments.ts, and in
 * C++, where it is an object of arguments.h. They name every array and number (`variableOf`), every size by its letter, and
 * the checked entries of a list (`entriesOf`).
 */
export function readingLines(fields: readonly Field[], dialect: Dialect): string[] {
  const lists = fields.filter(isIndexList);
  return [
    ...fields.flatMap((field) => reading(field, dialect)),
    ...fields.flatMap((field) => checking(field, lists.indexOf(field), dialect)),
  ];
}

/** Whether a field is a list of indices, of which C++ makes a copy. */
export function isIndexList(field: Field): boolean {
  return field.type === 'array' && field.holds !== undefined && field.holds !== 'directions';
}

/** What a field is called in the lines: `steps.samples` is `stepsSamples`, a size its letter. */
export function variableOf(field: Field): string {
  return field.type === 'number' && field.letter ? field.letter : variableNamed(field.name);
}

/** The same for a name. */
export function variableNamed(name: string): string {
  return name.replace(/\.(.)/g, (_, first: string) => first.toUpperCase());
}

/** What the checked entries of a list are called. */
export function entriesNamed(name: string): string {
  return `${variableNamed(name)}Entries`;
}

function reading(field: Field, { declare, source }: Dialect): string[] {
  const { name } = field;
  const constant = `${declare} ${variableOf(field)} =`;
  if (field.type === 'number') {
    const { minimum, maximum, letter, isOdd } = field;
    const reader = letter ? 'size' : isOdd ? 'oddInteger' : 'integer';
    return [`${constant} from.${reader}("${name}"${source(field)}, ${minimum}, ${maximum});`];
  }
  const read = `${constant} from.${READERS[field.entries]}("${name}"${source(field)});`;
  const { length } = field;
  return length.kind === 'free'
    ? [read, `${declare} ${length.letter} = ${variableOf(field)}.length;`]
    : [read];
}

function checking(field: Field, list: number, { declare }: Dialect): string[] {
  const { name } = field;
  const variable = variableOf(field);
  if (field.type === 'number') {
    const totals = field.totals ?? [];
    return [
      ...(field.divides ? [`from.checkDivisor("${name}", ${variable}, ${expression(field.divides)});`] : []),
      // In floating point, where nothing is too large to be compared.
      ...totals.map((total) => `from.checkTotal("${field.operandName}", 1.0 * ${expression(total)});`),
    ];
  }
  const { length, holds, isOptional } = field;
  const check = `from.${isExact(length) ? 'checkLength' : 'checkCapacity'}("${name}", ${variable}.length, ${entriesOf(length)});`;
  const lines = [isOptional ? `if (${variable}.length > 0) ${check}` : check];
  const count = length.kind === 'free' ? length.letter : entriesOf(length);
  if (holds === 'directions') lines.push(`from.checkDirections("${name}", ${variable}, ${count});`);
  else if (holds) {
    const call = `from.indices("${name}", ${variable}, ${count}, ${expression(holds.below)}, ${list})`;
    lines.push(`${declare} ${entriesNamed(name)} = ${call};`);
  }
  return lines;
}

function isExact({ kind }: Length): boolean {
  return kind === 'matrix' || kind === 'exactly';
}

/** How many entries an array has, or has at least. */
function entriesOf(length: Length): string {
  switch (length.kind) {
    case 'matrix': {
      const columns = expression(length.columns);
      const rowEntries = length.isPacked ? `rowWordsFor(${columns})` : columns;
      return `${expression(length.rows)} * ${rowEntries}`;
    }
    case 'exactly':
    case 'atLeast':
      return expression(length.size);
    case 'free':
      return `${length.minimum}`;
    default:
      return length satisfies never;
  }
}
