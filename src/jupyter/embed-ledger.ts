/** Remembers which cell's output holds a part that several outputs of a notebook share. */
export class EmbedLedger {
  readonly #holders = new Map<string, string>();

  /** True when no cell holds the part; from then on `cellKey` does. */
  claim(part: string, cellKey: string): boolean {
    if (this.#holders.has(part)) return false;
    this.#holders.set(part, cellKey);
    return true;
  }

  /** Forgets what these cells held: their outputs are gone. */
  release(cellKeys: Iterable<string>): void {
    const gone = new Set(cellKeys);
    for (const [part, holder] of this.#holders) if (gone.has(holder)) this.#holders.delete(part);
  }
}
