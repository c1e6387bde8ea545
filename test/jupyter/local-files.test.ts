import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, shown } from './kernel-client.js';
import { linkPackage, temporaryFolder } from './notebooks.js';

describe('files of the reader’s own that a cell imports', () => {
  const folder = temporaryFolder();
  const notes = join(folder.path, 'notes');
  let kernel: KernelClient;
  beforeAll(async () => {
    mkdirSync(join(notes, 'part'), { recursive: true });
    linkPackage(folder.path);
    kernel = await KernelClient.start(notes);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  function write(name: string, text: string): void {
    writeFileSync(join(notes, name), text);
  }

  async function value(code: string): Promise<unknown> {
    const outcome = await kernel.execute(code);
    return shown(outcome)[0]?.['text/plain'] ?? outcome.reply.evalue;
  }

  it('may lie above the notebook', async () => {
    write('../above.ts', 'export const above: number = 1;');
    expect(await value("import { above } from '../above'; above")).toBe('1');
    write('../above.ts', 'export const above: string = "changed";');
    expect(await value("import { above } from '../above'; above.length")).toBe('7');
  });

  it('are loaded again when they have changed, with all local files that import them', async () => {
    write('leaf.ts', 'export function leaf() { return 1; }');
    write('middle.ts', "import { leaf } from './leaf'; export const middle = () => 10 * leaf();");
    write('part/index.ts', "import { middle } from '../middle'; export const top = () => middle() + 5;");
    const use = "import { top } from './part'; top()";
    expect(await value(use)).toBe('15');
    write('leaf.ts', 'export function leaf() { return 2; }');
    expect(await value(use)).toBe('25');
    write('middle.ts', "import { leaf } from './leaf'; export const middle = () => 100 * leaf();");
    expect(await value(use)).toBe('205');
  });

  it('keep what they hold as long as they do not change', async () => {
    write('counter.ts', 'let count = 0; export const next = () => ++count;');
    const use = "import { next } from './counter'; next()";
    expect([await value(use), await value(use)]).toEqual(['1', '2']);
    write('other.ts', 'export const other = 1;');
    expect(await value("import { other } from './other'; import { next } from './counter'; next()")).toBe(
      '3',
    );
  });

  it('may be JSON, too, and import each other', async () => {
    write('config.json', '{ "epochs": 1 }');
    write('config.ts', "import config from './config.json'; export const epochs = config.epochs;");
    const use = "import { epochs } from './config'; epochs";
    expect(await value(use)).toBe('1');
    write('config.json', '{ "epochs": 2 }');
    expect(await value(use)).toBe('2');
    write(
      'ping.ts',
      "import { pong } from './pong'; export const ping = 1; export const getPong = () => pong;",
    );
    write(
      'pong.ts',
      "import { ping } from './ping'; export const pong = 2; export const getPing = () => ping;",
    );
    expect(
      await value(
        "import { getPong } from './ping'; import { getPing } from './pong'; [getPing(), getPong()]",
      ),
    ).toBe('[ 1, 2 ]');
  });

  it('are found when they were not there before, and loaded when they failed before', async () => {
    expect(await value("import { late } from './late'; late")).toContain("Cannot find module './late'");
    write('late.ts', 'throw new Error("not ready"); export const late = 1;');
    await expect.poll(() => value("import { late } from './late'; late")).toBe('not ready');
    write('late.ts', 'export const late = 1;');
    expect(await value("import { late } from './late'; late")).toBe('1');
  });

  it('are checked for their types', async () => {
    write('wrong.ts', 'export const wrong: number = "text";');
    expect(await value("import { wrong } from './wrong';")).toBe(
      "wrong.ts 1:14 - Type 'string' is not assignable to type 'number'.",
    );
  });
});
