import '../../rules/float-rules.js';
import path from 'node:path';
import { expandSweep } from '../../training/sweep/expand.js';
import { rulesNamed, type SweepSpec } from '../../training/sweep/spec.js';
import { ConfigFile } from '../config-file.js';
import { loadRules } from '../rules/load-rules.js';

/** A sweep with the name that its runs are marked with in a store. */
export type NamedSweep = SweepSpec & { readonly name: string };

/**
 * Reads the sweep that `xnorlab sweep FILE` trains: `await sweep(readSweep('sweep.yaml'), { store })`. Rules that
 * it names are loaded.
 * @param file - YAML 1.2, of which JSON is a part
 * @throws ArgumentError for what is wrong in it, with file, line and column; what `loadRules` throws
 */
export function readSweep(file: string): NamedSweep {
  const source = ConfigFile.read(file);
  try {
    const spec = sweepOf(source);
    expandSweep(spec);
    return spec;
  } catch (error) {
    throw source.located(error);
  }
}

/**
 * The sweep in a file, unchecked, and its rules loaded. Without a name of its own it has that of the file; files of rules
 * are found beside it.
 * @throws ArgumentError for what names no files of rules; what `loadRules` throws
 */
export function sweepOf({ file, content }: ConfigFile): NamedSweep {
  const rules = loadRules(rulesNamed(content), path.dirname(file)).map((rule) => rule.file);
  return {
    name: path.basename(file, path.extname(file)),
    ...content,
    ...(rules.length > 0 && { rules }),
  };
}
