import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError } from '../../core/errors.js';
import type { Samples } from '../../data/dataset.js';
import type { Model } from '../../models/model.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { PACKAGE_ROOT } from '../files/folders.js';
import { onnxRuntime } from '../onnx-runtime.js';

/** How a network is exported. All optional. */
export interface ExportOptions {
  /**
   * Inputs of the golden vectors, which stand in the file with what the network makes of them: a few samples, such as
   * `test.features.rowRange(0, 8)`. Default: 16 drawn ones, always the same.
   */
  readonly samples?: Samples['features'] | undefined;
}

/** What was exported. */
export interface ExportedFile {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
}

/** A network that can be written for other programs. */
export interface Exportable {
  /**
   * Writes the network to a file that other programs read, whole or not at all: `.npz` (NumPy), `.safetensors`, `.onnx` (ONNX Runtime) or,
   * of networks of bits, `.h` (C99). With it go names of classes and columns, what is done to features, and golden vectors. docs/export.md
   * says how each is laid out and read.
   * @param file - its end says the format
   * @throws ArgumentError for another end, a format that cannot hold the network, one that its learner does not describe, and samples
   *   that it cannot be shown; EnvironmentError when the file cannot be written
   */
  export(file: string, options?: ExportOptions): Promise<ExportedFile>;
}

/** The same model, with `export`. */
export function exportable<Given extends Model>(model: Given): Given & Exportable {
  return { ...model, export: (file, options = {}) => exportModel(model, file, options) };
}

async function exportModel(model: Model, file: string, { samples }: ExportOptions): Promise<ExportedFile> {
  // Loaded on first use: most programs export nothing.
  const { EXPORT_FORMATS, encodeExport } = await import('../../models/export/export-model.js');
  const format = EXPORT_FORMATS.find((end) => file.endsWith(`.${end}`));
  if (!format) throw new ArgumentError('file', 'a name that ends in .npz, .safetensors, .onnx or .h', file);
  const bytes = await encodeExport(model, {
    format,
    samples,
    prefix: prefixOf(file),
    cCode: () => readFileSync(path.join(PACKAGE_ROOT, 'src', 'node', 'models', 'network.c'), 'utf8'),
    onnxRuntime,
  });
  await writeFileAtomically(file, bytes);
  return { file, bytes: bytes.length };
}

/** The name of the file as an identifier of C: `fashion-2.h` gives `fashion_2`. */
function prefixOf(file: string): string {
  const name = path
    .parse(file)
    .name.toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name : `net${name && `_${name}`}`;
}
