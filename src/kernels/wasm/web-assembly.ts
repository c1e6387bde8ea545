/**
 * The part of the WebAssembly JavaScript interface used here: neither ES2023 nor @types/node 20 declares it, and
 * the DOM library would declare a browser's globals for all of xnorlab.
 */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, WasmMemory | ((value: number) => number)>>>>,
  ) => { readonly exports: object };
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WasmMemory;
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

/** A compiled module; may be instantiated many times. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

/** Linear memory; growing it replaces `buffer`. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /** @param pages - of 64 KiB, to add. @throws RangeError when they cannot be had */
  grow(pages: number): number;
}

/** The engine's WebAssembly interface. */
export const webAssembly: WebAssemblyApi = (
  globalThis as typeof globalThis & { readonly WebAssembly: WebAssemblyApi }
).WebAssembly;
