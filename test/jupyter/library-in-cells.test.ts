import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileAtomically } from '../../src/node/files/atomic-file.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { KernelClient, printed, shown } from './kernel-client.js';

describe('the library in a cell', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute("import { ArgumentError } from 'xnorlab';");
  });
  afterAll(() => kernel.stop());

  it('runs by its package name', async () => {
    const outcome = await kernel.execute("new ArgumentError('seed', 'a whole number', 0.5).message");
    expect(shown(outcome)).toEqual([{ 'text/plain': "'seed: expected a whole number, got 0.5'" }]);
  });

  it('is type checked', async () => {
    const outcome = await kernel.execute("new ArgumentError(1, 'a', 2);");
    expect(outcome.reply.evalue).toContain(
      "Argument of type 'number' is not assignable to parameter of type 'string'",
    );
  });

  it('finds names of earlier cells in shorthand properties, in literals and in patterns', async () => {
    await kernel.execute('const depth = 3; let width = 0;');
    const outcome = await kernel.execute('({ width } = { width: 5 });\n({ depth, deep: { depth, width } })');
    expect(shown(outcome)).toEqual([{ 'text/plain': '{ depth: 3, deep: { depth: 3, width: 5 } }' }]);
  });

  it('completes', async () => {
    expect((await kernel.complete('Argu')).reply.matches).toContain('ArgumentError');
    expect((await kernel.complete("new ArgumentError('a', 'b', 3).exp")).reply.matches).toContain('expected');
  });

  it('shows its documentation', async () => {
    const { reply } = await kernel.inspect('ArgumentError', 3);
    expect(JSON.stringify(reply.data)).toContain('A value handed in by the caller is wrong');
  });

  it.each([
    ['new ArgumentError(|', 'new ArgumentError(argument: string'],
    ["String(new ArgumentError('a', |))", 'new ArgumentError(argument: string'],
    ["new ArgumentError('a', (1), | ", 'new ArgumentError(argument: string'],
    ["[new ArgumentError('a', 'b', 3).message.slice( |", 'Returns a section of a string'],
    [
      "Math.max(new ArgumentError('a', 'b', 3).message.length, | )",
      'Returns the larger of a set of supplied',
    ],
  ])('shows the documentation of what is called in %s', async (text, documentation) => {
    const { reply } = await kernel.inspect(text.replace('|', ''), text.indexOf('|'));
    expect(JSON.stringify(reply.data)).toContain(documentation);
  });

  it('shows nothing where nothing is called', async () => {
    for (const text of ['', 'ArgumentError; ', 'String(1) ; ', '( ']) {
      const { reply } = await kernel.inspect(text, text.length);
      expect(reply).toMatchObject({ found: false, data: {} });
    }
  });

  it('reports once that it was built again', async () => {
    const file = join(PACKAGE_ROOT, 'dist', 'core', 'errors.js');
    const before = readFileSync(file, 'utf8');
    // Atomically, as other tests load it, too.
    await writeFileAtomically(file, `${before}\n// built again\n`);
    try {
      expect(printed(await kernel.execute('1'), 'stderr')).toContain('restart the kernel');
      expect(printed(await kernel.execute('1'), 'stderr')).toBe('');
    } finally {
      await writeFileAtomically(file, before);
    }
  });
});
