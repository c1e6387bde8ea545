/** The two streams a cell can print to. */
export type StreamName = 'stdout' | 'stderr';

const FLUSH_CHARACTERS = 64 * 1024;
const FLUSH_AFTER_MS = 50;

/** Timers that user code cannot reach, cancel or attribute to a cell. */
const { setTimeout, clearTimeout } = globalThis;

/**
 * Gathers what a cell prints into few messages: thousands of small ones overrun ZeroMQ and the clients.
 * Flushes at 64 K characters, 50 ms after the first unsent character, and when the stream changes; the owner
 * flushes before any other output and at the end of the cell.
 */
export class OutputStream {
  #name: StreamName = 'stdout';
  #parts: string[] = [];
  #characters = 0;
  #firstAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly publish: (name: StreamName, text: string) => void) {}

  write(name: StreamName, text: string): void {
    if (text === '') return;
    if (name !== this.#name) this.flush();
    if (this.#parts.length === 0) {
      this.#name = name;
      this.#firstAtMs = performance.now();
    }
    this.#parts.push(text);
    this.#characters += text.length;
    // The clock is asked as well as the timer: in a synchronous loop no timer fires.
    if (this.#characters >= FLUSH_CHARACTERS || performance.now() - this.#firstAtMs > FLUSH_AFTER_MS) {
      this.flush();
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.flush(), FLUSH_AFTER_MS);
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#parts.length === 0) return;
    const text = this.#parts.join('');
    this.#parts = [];
    this.#characters = 0;
    this.publish(this.#name, text);
  }
}
