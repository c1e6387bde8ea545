import path from 'node:path';
import { ArgumentError } from '../../core/errors.js';

/**
 * Takes the extension off a file's name that says in which format something is kept. A point before anything but a letter
 * belongs to the name: `p=0.46`.
 * @param known - the formats there are: `.md`
 * @throws ArgumentError for another extension
 */
export function splitExtension<const Extension extends string>(
  file: string,
  known: readonly Extension[],
): { readonly name: string; readonly extension?: Extension } {
  const { ext } = path.parse(file);
  const extension = known.find((one) => one === ext);
  if (extension !== undefined) return { name: file.slice(0, -ext.length), extension };
  if (!/^\.[A-Za-z]/.test(ext)) return { name: file };
  throw new ArgumentError('file', `a name that ends in one of ${known.join(', ')}, or in none`, file);
}
