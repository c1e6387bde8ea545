import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rowValues, type Samples } from '../../../src/data/dataset.js';

/** Whether headers can be compiled here. Where not, tests say that they were skipped. */
export const gccIsThere: boolean = spawnSync('gcc', ['--version']).status === 0;
if (!gccIsThere) console.warn('no gcc: exported headers are not compiled');

const FLAGS = ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-pedantic'];

/** What a program that includes a header says. */
export interface HeaderAnswers {
  readonly classes: Int32Array;
  readonly wrongGolden: number;
  readonly names: readonly string[];
}

/**
 * Compiles a program around an exported header, warnings being errors, and shows it samples.
 * @param type - of features, in C
 */
export async function runHeader(
  header: string,
  features: Samples['features'],
  type: 'float' | 'uint8_t' | 'int8_t' = 'float',
): Promise<HeaderAnswers> {
  const prefix = /#ifndef (\w+)_H\n/.exec(readFileSync(header, 'utf8'))?.[1].toLowerCase() ?? '';
  const folder = path.dirname(header);
  const source = path.join(folder, 'program.c');
  const program = path.join(folder, 'program');
  writeFileSync(source, programOf(path.basename(header), prefix, type));
  execFileSync('gcc', [...FLAGS, source, '-o', program], { stdio: 'pipe' });
  const Values = { float: Float32Array, uint8_t: Uint8Array, int8_t: Int8Array }[type];
  const values = new Values(features.rows * features.columns);
  for (let row = 0; row < features.rows; row++) values.set(rowValues(features, row), row * features.columns);
  const input = new Uint8Array(values.buffer);
  const [golden, names, ...classes] = execFileSync(program, { input, maxBuffer: 2 ** 24, encoding: 'utf8' })
    .trim()
    .split('\n');
  return { wrongGolden: Number(golden), names: names.split('\t'), classes: Int32Array.from(classes, Number) };
}

function programOf(header: string, prefix: string, type: string): string {
  const PREFIX = prefix.toUpperCase();
  return `
#include <stdio.h>
#define ${PREFIX}_FEATURE ${type}
#include "${header}"

int main(void) {
  static ${PREFIX}_FEATURE features[${PREFIX}_FEATURES];
  printf("%ld\\n", (long)${prefix}_check());
  for (int c = 0; c < ${PREFIX}_CLASSES; c++) printf("%s%c", ${prefix}_classes[c], c + 1 < ${PREFIX}_CLASSES ? '\\t' : '\\n');
  while (fread(features, sizeof features, 1, stdin) == 1) printf("%ld\\n", (long)${prefix}_predict(features));
  return 0;
}
`;
}
