import { basename, extname } from 'node:path';
import { expandSweep } from '../../training/sweep/expand.js';
import type { SweepSpec } from '../../training/sweep/spec.js';
import { ConfigFile } from '../config-file.js';

/** A sweep with the name that its runs are marked with in a store. */
export type NamedSweep = SweepSpec & { readonly name: string };

/**
 * Reads the sweep that `xnorlab sweep FILE` trains: `await sweep(readSweep('sweep.yaml'), { store })`.
 * @param file - YAML 1.2, of which JSON is a part
 * @throws ArgumentError for what is wrong in it, with file, line and column
 */
export function readSweep(file: string): NamedSweep {
  const source = ConfigFile.read(file);
  const spec = sweepOf(source);
  try {
    expandSweep(spec);
  } catch (error) {
    throw source.located(error);
  }
  return spec;
}

/** The sweep in a file, unchecked. Without a name of its own it has that of the file. */
export function sweepOf({ file, content }: ConfigFile): NamedSweep {
  return { name: basename(file, extname(file)), ...content };
}
