import { DataError } from '../core/errors.js';
import type { SourceFile } from './source-file.js';

/** An array of NumPy as a pickle holds it. */
export class PickledArray {
  /** Sizes, outermost first. */
  shape: readonly number[] = [];
  /** In NumPy's short form: `u1`. */
  type = '';
  isBigEndian = false;
  fortranOrder = false;
  bytes: Uint8Array = new Uint8Array(0);
}

/** What a pickle of plain data holds. Texts of Python 2 are bytes; tuples are lists; keys are texts. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickledArray
  | readonly Pickled[]
  | ReadonlyMap<string, Pickled>;

/** Protocol 2 is what Python 2 writes, 4 what Python 3 does. */
const LATEST_PROTOCOL = 4;

/** A name of a function or class; none of them is ever looked up or called. */
class GlobalName {
  constructor(readonly name: string) {}
}

class DataType {
  isBigEndian = false;
  constructor(readonly type: string) {}
}

const MARK = Symbol('mark');

type Item =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickledArray
  | GlobalName
  | DataType
  | Item[]
  | Map<string, Item>
  | typeof MARK;

const RECONSTRUCT = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];
const ENCODE = '_codecs.encode';
const KNOWN_NAMES: readonly string[] = [...RECONSTRUCT, ENCODE, 'numpy.ndarray', 'numpy.dtype'];

/**
 * Reads a pickle of plain data: dictionaries, lists, numbers, texts, bytes and arrays of NumPy, of protocols 2 to 4. It is read and not executed: a
 * pickle is a program for a small machine, of which only the operations that put such data together are known; the only names that it may hold
 * are those that NumPy writes arrays with, and each stands for what is done here. (Readers on npm make texts of Python 2's bytes, and lose some.)
 * @throws DataError for any other operation or name, saying which, and for damage
 */
export function parsePickle(source: SourceFile): Pickled {
  return new PickleReader(source).read();
}

class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  #at = 0;
  readonly #stack: Item[] = [];
  /** Letters that were made bytes so far. */
  #encoded = 0;
  readonly #memo = new Map<number, Item>();

  constructor({ bytes, file }: SourceFile) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  read(): Pickled {
    if (this.#bytes[0] !== 0x80) this.#refuse('no pickle of protocol 2 or later: it begins with 0x80');
    for (;;) {
      const code = this.#take(1)[0];
      if (code === 0x2e) break; // STOP
      this.#perform(code);
    }
    const trailing = this.#bytes.length - this.#at;
    if (trailing > 0) this.#refuse(`${trailing} trailing bytes after the pickle`);
    const result = this.#pop();
    if (this.#stack.length > 0) this.#refuse('more than one object');
    return this.#plain(result);
  }

  /** Operations in the order of Python's pickletools. */
  #perform(code: number): void {
    const stack = this.#stack;
    switch (String.fromCharCode(code)) {
      case '\x80':
        this.#protocol(this.#number(1));
        return;
      case '\x95': // FRAME: so many bytes belong together
        this.#take(8);
        return;
      case 'J':
        stack.push(this.#view.getInt32(this.#skip(4), true));
        return;
      case 'K':
        stack.push(this.#number(1));
        return;
      case 'M':
        stack.push(this.#number(2));
        return;
      case '\x8a':
        stack.push(this.#long(this.#number(1)));
        return;
      case 'G':
        stack.push(this.#view.getFloat64(this.#skip(8)));
        return;
      case 'T': // texts of Python 2, and bytes
      case 'B':
        stack.push(this.#take(this.#number(4)));
        return;
      case 'U':
      case 'C':
        stack.push(this.#take(this.#number(1)));
        return;
      case '\x8e':
        stack.push(this.#take(this.#number(8)));
        return;
      case 'X':
        stack.push(this.#text(this.#number(4)));
        return;
      case '\x8c':
        stack.push(this.#text(this.#number(1)));
        return;
      case 'N':
        stack.push(null);
        return;
      case '\x88':
        stack.push(true);
        return;
      case '\x89':
        stack.push(false);
        return;
      case ']':
      case ')':
        stack.push([]);
        return;
      case 'a': {
        const item = this.#pop();
        this.#list().push(item);
        return;
      }
      case 'e': {
        const items = this.#sinceMark();
        const list = this.#list();
        for (const item of items) list.push(item);
        return;
      }
      case 't':
        stack.push(this.#sinceMark());
        return;
      case '\x85':
      case '\x86':
      case '\x87':
        stack.push(this.#popped(code - 0x84));
        return;
      case '}':
        stack.push(new Map());
        return;
      case 's':
        this.#set(this.#popped(2));
        return;
      case 'u':
        this.#set(this.#sinceMark());
        return;
      case '(':
        stack.push(MARK);
        return;
      case 'q':
        this.#memo.set(this.#number(1), this.#top());
        return;
      case 'r':
        this.#memo.set(this.#number(4), this.#top());
        return;
      case '\x94':
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case 'h':
        stack.push(this.#remembered(this.#number(1)));
        return;
      case 'j':
        stack.push(this.#remembered(this.#number(4)));
        return;
      case 'c':
        stack.push(this.#global(this.#line(), this.#line()));
        return;
      case '\x93': {
        const [module, name] = this.#popped(2);
        stack.push(this.#global(this.#textOf(module), this.#textOf(name)));
        return;
      }
      case 'R': {
        const [name, values] = this.#popped(2);
        stack.push(this.#made(name, values));
        return;
      }
      case 'b': {
        const state = this.#pop();
        this.#complete(this.#top(), state);
        return;
      }
      default:
        this.#refuse(`operation 0x${code.toString(16).padStart(2, '0')}, which plain data does not need`);
    }
  }

  #protocol(protocol: number): void {
    if (protocol >= 2 && protocol <= LATEST_PROTOCOL) return;
    this.#refuse(`protocol ${protocol}, expected 2 to 4: save it with pickle.dump(…, protocol=4)`);
  }

  #global(module: string, name: string): GlobalName {
    const full = `${module}.${name}`;
    if (KNOWN_NAMES.includes(full)) return new GlobalName(full);
    this.#refuse(
      `names ${JSON.stringify(full.slice(0, 80))}, expected dictionaries, lists and arrays of numbers alone`,
    );
  }

  /** What the call of a name would make. */
  #made(called: Item, values: Item): Item {
    if (called instanceof GlobalName && Array.isArray(values)) {
      const [first, second] = values;
      if (RECONSTRUCT.includes(called.name)) return new PickledArray();
      if (called.name === 'numpy.dtype') return new DataType(this.#textOf(first));
      if (called.name === ENCODE && typeof first === 'string' && this.#textOf(second) === 'latin1') {
        this.#encoded += first.length;
        // Once for each text in the file is what NumPy needs; a text can be named again and again.
        if (this.#encoded > this.#bytes.length) this.#refuse('more bytes made of texts than it has');
        return Uint8Array.from(first, (letter) => this.#latin1(letter));
      }
    }
    this.#refuse('a call of something else than NumPy writes arrays with');
  }

  /** Gives an array or its type the rest of what belongs to it. */
  #complete(made: Item, state: Item): void {
    if (made instanceof DataType && Array.isArray(state)) {
      made.isBigEndian = this.#textOf(state[1]) === '>';
      return;
    }
    if (made instanceof PickledArray && Array.isArray(state)) {
      const [, shape, type, fortranOrder, bytes] = state;
      if (
        Array.isArray(shape) &&
        shape.every((size) => typeof size === 'number') &&
        type instanceof DataType
      ) {
        if (!(bytes instanceof Uint8Array))
          this.#refuse('an array of Python objects, expected one of numbers');
        made.shape = shape;
        made.type = type.type;
        made.isBigEndian = type.isBigEndian;
        made.fortranOrder = fortranOrder === true || fortranOrder === 1;
        made.bytes = bytes;
        return;
      }
    }
    this.#refuse('an object of something else than NumPy writes arrays with');
  }

  #set(items: Item[]): void {
    const target = this.#top();
    if (!(target instanceof Map) || items.length % 2 > 0)
      this.#refuse('entries that belong to no dictionary');
    for (let i = 0; i < items.length; i += 2) target.set(this.#textOf(items[i]), items[i + 1]);
  }

  #list(): Item[] {
    const target = this.#top();
    return Array.isArray(target) ? target : this.#refuse('items that belong to no list');
  }

  #textOf(item: Item): string {
    if (typeof item === 'string') return item;
    if (item instanceof Uint8Array) return String.fromCharCode(...item.subarray(0, 256));
    this.#refuse('something else in the place of a text');
  }

  #latin1(letter: string): number {
    const code = letter.charCodeAt(0);
    return code <= 0xff ? code : this.#refuse('bytes with a letter that is none of Latin-1');
  }

  /** The result, with nothing in it that is only needed on the way. A list can lie in itself. */
  #plain(result: Item): Pickled {
    const found = new Set([result]);
    for (const item of found) {
      if (item instanceof GlobalName || item instanceof DataType) this.#refuse('no data, but a name');
      if (!Array.isArray(item) && !(item instanceof Map)) continue;
      for (const inner of item.values()) found.add(inner);
    }
    return result as Pickled;
  }

  /** No mark is among them: it stands for nothing. */
  #popped(count: number): Item[] {
    const popped = this.#stack.splice(-count, count);
    if (popped.length < count || popped.includes(MARK)) this.#refuse('an operation without what it is for');
    return popped;
  }

  #pop(): Item {
    return this.#popped(1)[0];
  }

  #top(): Item {
    const top = this.#stack.at(-1);
    return top === undefined || top === MARK ? this.#refuse('an operation without what it is for') : top;
  }

  #sinceMark(): Item[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) this.#refuse('an end without a beginning');
    return this.#stack.splice(mark).slice(1);
  }

  #remembered(key: number): Item {
    const item = this.#memo.get(key);
    return item === undefined ? this.#refuse(`object ${key}, which was not there before`) : item;
  }

  #number(sizeBytes: 1 | 2 | 4 | 8): number {
    const start = this.#skip(sizeBytes);
    if (sizeBytes === 1) return this.#view.getUint8(start);
    if (sizeBytes === 2) return this.#view.getUint16(start, true);
    if (sizeBytes === 4) return this.#view.getUint32(start, true);
    return Number(this.#view.getBigUint64(start, true));
  }

  /** A whole number of any size, two's complement. */
  #long(sizeBytes: number): number {
    const bytes = this.#take(sizeBytes);
    const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return sizeBytes > 0 && bytes[sizeBytes - 1] >= 0x80 ? value - 256 ** sizeBytes : value;
  }

  #text(sizeBytes: number): string {
    return this.#decoded(this.#take(sizeBytes));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) this.#refuse('a name without an end');
    const text = this.#decoded(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  #decoded(bytes: Uint8Array): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      this.#refuse('a text that is no UTF-8');
    }
  }

  #take(sizeBytes: number): Uint8Array {
    const start = this.#skip(sizeBytes);
    return this.#bytes.subarray(start, start + sizeBytes);
  }

  /** Where the next bytes begin; goes over them. */
  #skip(sizeBytes: number): number {
    const start = this.#at;
    if (start + sizeBytes > this.#bytes.length) this.#refuse('the end of the file inside it: truncated');
    this.#at += sizeBytes;
    return start;
  }

  #refuse(problem: string): never {
    throw new DataError(this.#file, `pickle at byte ${this.#at}: ${problem}`);
  }
}
