interface Known {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Texts within the bytes of a file; those that repeat are made once. */
export class ByteTexts {
  readonly #known = new Map<number, Known>();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly bytes: Uint8Array) {}

  /** The text in bytes [start, end); undefined for what is no sound text: see `decode`. */
  text(start: number, end: number): string | undefined {
    let hash = 0;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + this.bytes[i]) | 0;
    const known = this.#known.get(hash);
    if (known && this.#isSame(known, start, end)) return known.text;
    const text = this.decode(start, end);
    if (text !== undefined) this.#known.set(hash, { start, end, text });
    return text;
  }

  /** The text in bytes [start, end), made anew; undefined for bytes that are no UTF-8, or hold NUL or U+FFFD. */
  decode(start: number, end: number): string | undefined {
    try {
      const text = this.#decoder.decode(this.bytes.subarray(start, end));
      return /[\0\ufffd]/.test(text) ? undefined : text;
    } catch {
      return undefined;
    }
  }

  #isSame(known: Known, start: number, end: number): boolean {
    if (known.end - known.start !== end - start) return false;
    for (let i = start, k = known.start; i < end; i++, k++) if (this.bytes[i] !== this.bytes[k]) return false;
    return true;
  }
}
