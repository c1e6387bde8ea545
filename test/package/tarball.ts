import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { packXnorlab } from './installed.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The packed tarball: one for all tests of the package. */
    tarball: string;
  }
}

/** Packs once, before the tests of the package; they take it by `inject('tarball')`. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-tarball-'));
  provide('tarball', await packXnorlab(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}
