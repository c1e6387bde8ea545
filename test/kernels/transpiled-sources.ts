import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Folder of the TypeScript sources. */
export const SOURCES: string = path.resolve(__dirname, '../../src');

/** JavaScript of a source file, as an ES module for browsers or a CommonJS one for plain Node. */
export function transpile(file: string, module: 'esm' | 'commonjs'): string {
  const { outputText } = ts.transpileModule(readFileSync(path.join(SOURCES, file), 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: module === 'esm' ? ts.ModuleKind.ES2022 : ts.ModuleKind.CommonJS,
    },
  });
  return outputText;
}

/** Writes a source file and all that it requires to `folder`, for threads that cannot read TypeScript. */
export function transpileTree(entry: string, folder: string): void {
  const pending = [entry];
  const done = new Set<string>();
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (done.has(file)) continue;
    done.add(file);
    const text = transpile(file, 'commonjs');
    const target = path.join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    for (const [, required] of text.matchAll(/require\("(\.[^"]+)\.js"\)/g)) {
      pending.push(path.posix.join(path.posix.dirname(file), `${required}.ts`));
    }
  }
}
