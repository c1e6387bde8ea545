import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, shown } from './kernel-client.js';
import { linkPackage, temporaryFolder } from './notebooks.js';

describe('import attributes', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    linkPackage(folder.path);
    write('run.json', '{ "epochs": 20 }');
    write('note.txt', 'text');
    kernel = await KernelClient.start(folder.path);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  function write(name: string, text: string): void {
    writeFileSync(join(folder.path, name), text);
  }

  async function value(code: string): Promise<unknown> {
    const outcome = await kernel.execute(code);
    return shown(outcome)[0]?.['text/plain'] ?? outcome.reply.evalue;
  }

  it.each([
    ['with', "import a from './run.json' with { type: 'json' };\na.epochs"],
    ['with, without semicolons', "import b from './run.json' with { type: 'json' }\nb.epochs"],
    ['assert', "import c from './run.json' assert { type: 'json' };\nc.epochs"],
    ['a quoted key and a comma', "import d from './run.json' with { 'type': \"json\", };\nd.epochs"],
    ['lines of their own', "import e from './run.json'\n  with {\n  type: 'json'\n}\ne.epochs"],
    ['two imports', "import f from './run.json' with { type: 'json' }; import g from './run.json'; f.epochs"],
    ['all of a module', "import * as all from './run.json' with { type: 'json' }; all.epochs"],
    ['nothing', "import h from './run.json' with {}; h.epochs"],
    ['import()', "(await import('./run.json', { with: { type: 'json' } })).default.epochs"],
    ['import() of old', "(await import('./run.json', { assert: { type: 'json' } })).default.epochs"],
    [
      'import() in a function',
      "const load = async () => import('./run.json', { with: { type: 'json' } }); (await load()).default.epochs",
    ],
  ])('are taken: %s', async (_name, code) => {
    expect(await value(code)).toBe('20');
  });

  it('are taken in local files, too', async () => {
    write(
      'settings.ts',
      "import run from './run.json' with { type: 'json' };\nexport const epochs = run.epochs;\nexport { default as again } from './run.json' with { type: 'json' };",
    );
    expect(await value("import { again, epochs } from './settings'; [epochs, again.epochs]")).toBe(
      '[ 20, 20 ]',
    );
  });

  it('leave what is checked and where it stands', async () => {
    expect(await value("import a from './run.json' with { type: 'json' }; const n: string = a.epochs;")).toBe(
      "1:57 - Type 'number' is not assignable to type 'string'.",
    );
  });

  it.each([
    ['another type', "1;\nimport t from './note.txt' with { type: 'text' };", '2:28'],
    ['another attribute', "import t from './run.json' with { type: 'json', mode: 'fast' };", '1:28'],
    ['another file', "import t from './note' with { type: 'json' };", '1:24'],
    ['another type in import()', "await import('./note.txt', { with: { type: 'text' } });", '1:26'],
    [
      'another option in import()',
      "await import('./run.json', { with: { type: 'json' }, when: 1 });",
      '1:26',
    ],
  ])('are refused in plain words: %s', async (_name, code, place) => {
    expect(await value(code)).toBe(
      `${place} - Import attributes load JSON files here, \`import data from './data.json' with { type: 'json' }\`, ` +
        'and nothing else; read other files with `node:fs`',
    );
  });

  it('are not mistaken for the words elsewhere', async () => {
    expect(
      await value("import { ok as assert } from 'node:assert';\nassert(true); const it = { with: 1 }; it"),
    ).toBe('{ with: 1 }');
  });
});
