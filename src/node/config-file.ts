import { readFileSync, statSync } from 'node:fs';
import type { Document, LineCounter } from 'yaml';
import { ArgumentError } from '../core/errors.js';
import { bytesText } from '../core/matrix-size.js';

/** The content of a YAML or JSON file, and where in the file each value stands. */
export class ConfigFile {
  private constructor(
    readonly file: string,
    /** Plain data: mappings, lists, texts, numbers, booleans and null. The caller may change it. */
    readonly content: Record<string, unknown>,
    /** `line:column`, from 1, of the value that a path leads to, or of the deepest part of the path that is there. */
    readonly locate: (path: readonly PropertyKey[]) => string,
  ) {}

  /**
   * Reads a file. A `$schema` at the top is for editors and left out.
   * @param file - YAML 1.2, of which JSON is a part, with merge keys (`<<: *anchor`)
   * @throws ArgumentError naming file, line and column, when it cannot be read, is not valid, or is not a mapping
   */
  static read(file: string): ConfigFile {
    // Loaded on first use: most programs read no such file.
    const { isNode, LineCounter } = require('yaml') as typeof import('yaml');
    const lines = new LineCounter();
    const text = readText(file);
    const document = documentOf(text, file, lines);
    const positionOf = (offset: number): string => {
      const { line, col } = lines.linePos(offset);
      return `${line}:${col}`;
    };
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) {
      const [offset] = problem.pos;
      const rest = text.slice(offset).split('\n', 1)[0];
      throw new ArgumentError(`${file}:${positionOf(offset)}`, `valid YAML (${problem.message})`, rest);
    }
    checkMeaning(document, text, file, positionOf);
    const content = plainContent(document, file);
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      throw new ArgumentError(file, 'a mapping of options', content);
    }
    const { $schema: _, ...options } = content as Record<string, unknown>;
    return new ConfigFile(file, options, (path) => {
      for (let length = path.length; length > 0; length--) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return positionOf(node.range[0]);
      }
      return '1:1';
    });
  }

  /**
   * Does `work` with the content; what that finds wrong is told with file, line and column.
   * @throws what `work` throws; an ArgumentError about a part of the content as `<file>:<line>:<column> <argument>: …`
   */
  async check<Result>(work: () => Promise<Result> | Result): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.located(error);
    }
  }

  /** The same error; an ArgumentError about a part of the content has file, line and column before the argument. */
  located(error: unknown): unknown {
    if (!(error instanceof ArgumentError)) return error;
    const { argument, expected, received, path } = error;
    const place = path.length > 0 ? `${this.file}:${this.locate(path)} ` : '';
    return new ArgumentError(`${place}${argument}`, expected, received, path);
  }
}

/** More than any sweep says. The reader takes ten microseconds for a value. */
const MOST_BYTES = 2 ** 18;

/** It looks through the file for each alias. */
const MOST_ALIASES = 1000;

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES) {
      throw new ArgumentError(file, `a configuration of at most ${bytesText(MOST_BYTES)}`, bytesText(size));
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArgumentError('config', `a readable YAML or JSON file (${reason})`, file);
  }
}

/** @throws ArgumentError for a text that is nested too deeply to be read */
function documentOf(text: string, file: string, lineCounter: LineCounter): Document {
  const { parseDocument } = require('yaml') as typeof import('yaml');
  try {
    // Keys are compared below: the reader compares each with all before it, which takes minutes for a hundred thousand.
    return parseDocument(text, { lineCounter, prettyErrors: false, merge: true, uniqueKeys: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ArgumentError('config', 'a YAML or JSON file that is nested less deeply', file);
  }
}

/** @throws ArgumentError for a mapping with a key that it has already, and for more aliases than a person writes */
function checkMeaning(
  document: Document,
  text: string,
  file: string,
  positionOf: (offset: number) => string,
): void {
  const { isScalar, visit } = require('yaml') as typeof import('yaml');
  let aliases = 0;
  visit(document, {
    Alias() {
      if (++aliases > MOST_ALIASES) throw new ArgumentError(file, `at most ${MOST_ALIASES} aliases`, aliases);
    },
    Map(_, { items }) {
      const known = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const isMerge = key.value === '<<' || typeof key.value === 'symbol';
        if (known.has(key.value) && !isMerge) {
          const offset = key.range?.[0] ?? 0;
          const rest = text.slice(offset).split('\n', 1)[0];
          throw new ArgumentError(
            `${file}:${positionOf(offset)}`,
            'valid YAML (Map keys must be unique)',
            rest,
          );
        }
        known.add(key.value);
      }
    },
  });
}

/** @throws ArgumentError for aliases without an anchor, or with more copies than a config can mean */
function plainContent(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArgumentError('config', `valid YAML (${reason})`, file);
  }
}
