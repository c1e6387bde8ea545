import { EnvironmentError } from '../../core/errors.js';
import { type WasmMemory, webAssembly } from './web-assembly.js';

/** Typed arrays that operands are made of. */
export type Storage = Uint32Array | Int32Array | Int16Array | Int8Array;

type StorageClass<View extends Storage> = new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
) => View;

const PAGE_BYTES = 65_536;

/** 4 GiB less a page, so that the address after the last byte still fits 32 bits. */
const MAXIMUM_PAGES = 65_535;

/** Growth doubles the memory, but adds at most 64 MiB more than was asked for. */
const MAXIMUM_SPARE_PAGES = 1024;

const ALIGNMENT_BYTES = 64;

/** Vectors may touch this much past the end of an operand (assembly/index.ts). */
const MARGIN_BYTES = 64;

const MEBIBYTE = 2 ** 20;

/**
 * The memory of one kernels object: operands that stay, and room for copies of operands that live elsewhere.
 *
 * Growing the memory must not invalidate matrices that were handed out, but views on an ordinary WebAssembly
 * memory are detached when it grows. So it is a shared one: the buffer of a shared memory is only ever replaced
 * by a longer one on the same bytes, and views on the old buffer go on working. Nobody shares it. What follows:
 *
 * - nothing is ever freed singly, because a view on part of a matrix (`rowRange`, `subarray`) does not keep the
 *   matrix alive, so its collection proves nothing. The memory as a whole is collected together with the kernels
 *   and all matrices that they made;
 * - posting such a matrix to a worker thread shares it instead of copying it;
 * - browsers need no cross-origin isolation for it, as long as no matrix is posted.
 */
export class LinearMemory {
  readonly memory: WasmMemory = new webAssembly.Memory({
    initial: 1,
    maximum: MAXIMUM_PAGES,
    shared: true,
  });
  readonly #buffers = new WeakSet<ArrayBufferLike>([this.memory.buffer]);
  #end = 0;
  #scratch = 0;
  #scratchBytes = 0;
  #scratchUsed = 0;

  /** Keeps the addresses before `address` for the module itself. */
  reserveUpTo(address: number): void {
    this.#end = Math.max(this.#end, address);
  }

  /** `length` zeros that stay. @throws EnvironmentError when the memory is full */
  array<View extends Storage>(
    Class: StorageClass<View> & { BYTES_PER_ELEMENT: number },
    length: number,
  ): View {
    const address = this.#allocate(length * Class.BYTES_PER_ELEMENT);
    return new Class(this.memory.buffer, address, length);
  }

  /** Whether `view` lives here, so that its `byteOffset` is its address. */
  holds(view: Storage): boolean {
    return this.#buffers.has(view.buffer);
  }

  /** Begins a call: the copies and scratch memory of the call before are given up. */
  begin(): void {
    this.#scratchUsed = 0;
  }

  /** Scratch memory for this call, with any contents. @returns its address */
  scratch(sizeBytes: number): number {
    const needed = aligned(sizeBytes + MARGIN_BYTES);
    if (this.#scratchUsed + needed > this.#scratchBytes) {
      // What this call has already been lent stays where it is; at least doubling bounds what is lost.
      const grown = Math.max(needed, 2 * this.#scratchBytes);
      this.#scratch = this.#allocate(grown);
      this.#scratchBytes = grown;
      this.#scratchUsed = 0;
    }
    const address = this.#scratch + this.#scratchUsed;
    this.#scratchUsed += needed;
    return address;
  }

  /** Address of an operand that will be read: its own, or that of a copy for this call. */
  input(view: Storage): number {
    if (this.holds(view)) return view.byteOffset;
    const address = this.scratch(view.byteLength);
    // An empty view may be one of a buffer that was transferred away, on which nothing can be made.
    if (view.byteLength > 0) this.#bytes(address, view.byteLength).set(bytesOf(view));
    return address;
  }

  /** Address of an operand that will be overwritten: its own, or that of room for it. See `finish`. */
  output(view: Storage): number {
    return this.holds(view) ? view.byteOffset : this.scratch(view.byteLength);
  }

  /**
   * Completes a write to an operand: copies it back if it lives elsewhere.
   * @param address - where `input` or `output` placed it
   * @param length - number of its first entries that were written. Default: all
   */
  finish(view: Storage, address: number, length: number = view.length): void {
    if (this.holds(view) || length === 0) return;
    const sizeBytes = length * view.BYTES_PER_ELEMENT;
    bytesOf(view).set(this.#bytes(address, sizeBytes));
  }

  #bytes(address: number, sizeBytes: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, sizeBytes);
  }

  /** Fresh memory is 0 and none is used twice, so nothing needs clearing. */
  #allocate(sizeBytes: number): number {
    const address = aligned(this.#end);
    const end = address + sizeBytes + MARGIN_BYTES;
    const present = this.memory.buffer.byteLength / PAGE_BYTES;
    const missing = Math.ceil(end / PAGE_BYTES) - present;
    if (missing > 0) this.#grow(missing, present, sizeBytes);
    this.#end = end;
    return address;
  }

  #grow(missing: number, present: number, sizeBytes: number): void {
    const available = MAXIMUM_PAGES - present;
    try {
      const spare = Math.min(present, MAXIMUM_SPARE_PAGES);
      this.memory.grow(missing > available ? missing : Math.min(available, missing + spare));
    } catch (error) {
      const used = Math.round(this.#end / MEBIBYTE);
      throw new EnvironmentError(
        `the wasm backend's memory holds ${used} MiB and has no room for ${Math.ceil(sizeBytes / MEBIBYTE)} MiB more`,
        'Allocate matrices once instead of for every batch, and new kernels for every run: ' +
          'the memory is freed with the kernels and the matrices that they made.',
        { cause: error },
      );
    }
    this.#buffers.add(this.memory.buffer);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function bytesOf(view: Storage): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
