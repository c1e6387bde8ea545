import { DataError } from '../core/errors.js';
import { checkPresent } from './class-names.js';
import { rowLengthHint } from './csv-header.js';
import type { CsvRow } from './csv-table.js';
import { decodeText } from './decode-text.js';
import { refuseForeignFormat } from './foreign-format.js';
import { isNumber } from './parse-float32.js';
import type { SourceFile } from './source-file.js';
import { splitFields } from './split-fields.js';

/** A column as the header of a table declares it. */
export interface Attribute {
  readonly name: string;
  /** Where it is declared, counted from 1. */
  readonly line: number;
  /** Its categories, in the order of the header; absent for numbers. */
  readonly categories?: readonly string[];
  /** The least and the largest number, where the header says them. */
  readonly range?: readonly [least: number, largest: number];
}

/** A table of KEEL or Weka (ARFF), or without a header, as texts. */
export interface AttributeTable {
  readonly file: string;
  /** One for each column; absent where there is no header. */
  readonly attributes?: readonly Attribute[];
  /** Names of the columns: those of the attributes, or `column 1`, `column 2`, …. */
  readonly names: readonly string[];
  /** Names of the columns that are features, where the header says them. */
  readonly inputs?: readonly string[];
  /** Names of the columns to be predicted, where the header says them. */
  readonly outputs?: readonly string[];
  /** At least one, each with a text for each column, quotes and white space around it left out. */
  readonly rows: readonly CsvRow[];
}

/** Types of attributes, in lower case. */
const NUMBER_TYPES = ['real', 'integer', 'numeric'];
const OTHER_TYPES = ['string', 'date', 'relational'];

const RANGE = /^\[\s*([^,\s]+)\s*,\s*([^,\s]+?)\s*\]$/;

/** A name, in quotes or not, and what follows. */
const DECLARATION = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{['"][^\s{[]*))\s*(.*)$/;

interface Line {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads a table as KEEL (`.dat`) and Weka (`.arff`) write it: lines of `@relation`, `@attribute`, `@inputs`, `@outputs`, then `@data` and
 * samples, their fields between commas; or samples alone, as UCI publishes them. Blank lines and those that begin with `%` are skipped. Keywords
 * may be in any case; names and values in quotes of either kind hold commas and spaces, and quotes after a backslash.
 * @throws DataError with the line for anything else: sparse samples, attributes that are texts, dates or tables, another number of fields
 */
export function parseAttributeTable(source: SourceFile): AttributeTable {
  const { file } = source;
  refuseForeignFormat(source, 'a table of comma-separated text', 'a table of KEEL or Weka (ARFF)');
  const lines = decodeText(source)
    .split('\n')
    .map((text, i): Line => ({ line: i + 1, text: text.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('%'));
  if (lines.length === 0) throw new DataError(file, 'holds no samples: nothing but blank lines or comments');
  if (!lines[0].text.startsWith('@')) {
    const rows = lines.map((line) => readRow(line, file));
    const names = rows[0].fields.map((_, column) => `column ${column + 1}`);
    checkLengths(rows, names, file, `line ${rows[0].line} has`);
    return { file, names, rows };
  }
  const data = lines.findIndex(({ text }) => /^@data$/i.test(text));
  if (data < 0) throw new DataError(file, 'has a header, but no line @data after it');
  const header = new HeaderReader(file);
  for (const line of lines.slice(0, data)) header.read(line);
  const { attributes } = header;
  if (attributes.length === 0)
    throw new DataError(file, `line ${lines[data].line}: @data before any @attribute`);
  const names = attributes.map(({ name }) => name);
  const rows = lines.slice(data + 1).map((line) => readRow(line, file));
  if (rows.length === 0) throw new DataError(file, 'holds no samples: a header, but no rows');
  checkLengths(rows, names, file, 'the header has');
  const { inputs, outputs } = header;
  return { file, attributes, names, ...(inputs && { inputs }), ...(outputs && { outputs }), rows };
}

function readRow({ line, text }: Line, file: string): CsvRow {
  if (text.startsWith('{')) {
    const remedy = 'Save it with all values of each sample (in Weka: the filter SparseToNonSparse)';
    throw new DataError(file, `line ${line}: a sparse sample, expected fields between commas. ${remedy}`);
  }
  return { line, fields: splitFields(text, () => new DataError(file, `line ${line}: ${OPEN_QUOTE}`)) };
}

const OPEN_QUOTE = 'a quote that does not close, or text behind one that does, expected a comma';

function checkLengths(rows: readonly CsvRow[], names: readonly string[], file: string, whose: string): void {
  for (const { line, fields } of rows) {
    if (fields.length === names.length && fields.length > 1) continue;
    if (names.length === 1 && fields.length === 1) {
      const problem = `line ${line}: a single field, expected features and a class between commas`;
      throw new DataError(file, problem);
    }
    const problem = `line ${line}: ${fields.length} fields, but ${whose} ${names.length}`;
    throw new DataError(file, problem + rowLengthHint(names, fields));
  }
}

/** Takes in the lines of a header, one by one. */
class HeaderReader {
  readonly attributes: Attribute[] = [];
  inputs: readonly string[] | undefined;
  outputs: readonly string[] | undefined;

  constructor(private readonly file: string) {}

  read({ line, text }: Line): void {
    const [, keyword, rest] = /^(@\w*)\s*(.*)$/.exec(text) ?? [];
    switch (keyword?.toLowerCase()) {
      case '@relation':
        return;
      case '@attribute':
        this.#declare(rest, line);
        return;
      case '@inputs':
      case '@input':
        this.inputs = this.#names(rest, line);
        return;
      case '@outputs':
      case '@output':
        this.outputs = this.#names(rest, line);
        return;
      default: {
        const expected = '@relation, @attribute, @inputs, @outputs or @data';
        this.#refuse(line, `${JSON.stringify(shortened(text))}, expected ${expected}`);
      }
    }
  }

  #declare(declaration: string, line: number): void {
    const [, single, double, plain, type = ''] = DECLARATION.exec(declaration) ?? [];
    const name = (single ?? double)?.replace(/\\(.)/g, '$1') ?? plain;
    if (!name) this.#refuse(line, '@attribute without a name');
    const twin = this.attributes.find((attribute) => attribute.name === name);
    if (twin) this.#refuse(line, `attribute ${name} is declared in line ${twin.line}, too`);
    this.attributes.push({ name, line, ...this.#type(type, name, line) });
  }

  #type(type: string, name: string, line: number): Pick<Attribute, 'categories' | 'range'> {
    if (type.startsWith('{')) return { categories: this.#categories(type, name, line) };
    const [, word, rest] = /^(\w*)\s*(.*)$/.exec(type) ?? ['', '', ''];
    const kind = word.toLowerCase();
    const expected = `expected ${NUMBER_TYPES.join(', ')} or {categories}`;
    if (OTHER_TYPES.includes(kind)) {
      this.#refuse(
        line,
        `attribute ${name} is of type ${kind}, ${expected}. Leave it out, or make categories of it`,
      );
    }
    if (!NUMBER_TYPES.includes(kind)) {
      this.#refuse(line, `attribute ${name} has the type ${JSON.stringify(shortened(type))}, ${expected}`);
    }
    if (rest === '') return {};
    const [, least = '', largest = ''] = RANGE.exec(rest) ?? [];
    if (![least, largest].every(isNumber) || Number(least) > Number(largest)) {
      this.#refuse(
        line,
        `attribute ${name}: ${JSON.stringify(shortened(rest))}, expected a range [least, largest]`,
      );
    }
    return { range: [Number(least), Number(largest)] };
  }

  #categories(type: string, name: string, line: number): readonly string[] {
    const [, list] = /^\{(.*)\}$/.exec(type) ?? [];
    if (list === undefined) this.#refuse(line, `attribute ${name}: categories without a closing }`);
    const categories = this.#names(list, line);
    const again = categories.find((category, i) => categories.indexOf(category) !== i);
    if (again !== undefined) {
      this.#refuse(line, `attribute ${name}: category ${JSON.stringify(again)} is declared twice`);
    }
    checkPresent(
      {
        file: this.file,
        texts: categories.filter((text) => text === '?' || text === ''),
        placeOf: () => `line ${line}, attribute ${name}`,
      },
      'category',
    );
    return categories;
  }

  #names(list: string, line: number): readonly string[] {
    return splitFields(list, () => new DataError(this.file, `line ${line}: ${OPEN_QUOTE}`));
  }

  #refuse(line: number, problem: string): never {
    throw new DataError(this.file, `line ${line}: ${problem}`);
  }
}

const MOST_SHOWN = 40;

function shortened(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
