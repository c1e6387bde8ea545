import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WasmModule, webAssembly } from './web-assembly.js';

/** From src/kernels/wasm and from dist/kernels/wasm alike. */
const FOLDER = join(__dirname, '../../../dist/kernels/wasm');

/** Compiled once for each thread; the engine goes on optimising a module for all its instances. */
const compiled = new Map<string, WasmModule>();

/**
 * A module that the build has left, compiled, or the reason why there is none.
 * @param name - `kernels` or `adam`
 */
export function builtModule(
  name: 'kernels' | 'adam',
): { readonly module: WasmModule } | { readonly unavailable: string } {
  try {
    const module = compiled.get(name) ?? new webAssembly.Module(readFileSync(join(FOLDER, `${name}.wasm`)));
    compiled.set(name, module);
    return { module };
  } catch (error) {
    return { unavailable: reason(error as NodeJS.ErrnoException) };
  }
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? 'its WebAssembly module is not built; run `node src/kernels/wasm/build.mjs`'
    : `this JavaScript engine cannot run it: ${error.message}`;
}
