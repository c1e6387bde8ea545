import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { KernelClient, type Outcome, printed, shown } from './kernel-client.js';
import { temporaryFolder } from './notebooks.js';

/** What the last expression of a cell shows, or what went wrong. */
function value(outcome: Outcome): string {
  return (
    shown(outcome).at(-1)?.['text/plain'] ?? `${String(outcome.reply.evalue)}${printed(outcome, 'stderr')}`
  );
}

const TRAIN = `const { record } = await train({
  dataset: { name: 'prototypes', prototypes: { features: 20, classes: 2, trainSamples: 40, testSamples: 20 } },
  rule: { name: 'local-error', layers: [9], groupSize: 3 },
  epochs,
});`;

describe('a notebook far from xnorlab, in no project', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    writeFileSync(
      join(folder.path, 'settings.ts'),
      "import { type Figure, resultPath } from 'xnorlab';\nimport { table } from 'arquero';\n" +
        'export const epochs: number = table({ epochs: [2] }).get("epochs", 0);\n' +
        "export const place = (figure: Figure) => resultPath(figure.data.length > 0 ? 'my curves' : '', 'a#b');\n",
    );
    kernel = await KernelClient.start(folder.path);
  });
  afterAll(async () => {
    await kernel?.stop();
    folder.remove();
  });

  it('imports xnorlab, parts of it, packages that it brings along, and files beside the notebook', async () => {
    const outcome = await kernel.execute(
      "import { epochRows, learningCurves, saveFigure, train } from 'xnorlab';\n" +
        "import { referenceKernels } from 'xnorlab/kernels';\nimport { table } from 'arquero';\n" +
        "import { epochs, place } from './settings';\n" +
        '[table({ a: [1, 2] }).numRows(), typeof referenceKernels, epochs]',
    );
    expect(value(outcome)).toBe("[ 2, 'object', 2 ]");
  });

  it('has their types: in completion, in documentation and in complaints', async () => {
    expect((await kernel.complete('table({ a: [1] }).numR')).reply.matches).toEqual(['numRows']);
    expect((await kernel.complete('learningC')).reply.matches).toContain('learningCurves');
    const { reply } = await kernel.inspect('learningCurves()', 15);
    expect(JSON.stringify(reply.data)).toContain('Accuracy over epochs');
    expect(value(await kernel.execute('learningCurves(1)'))).toContain("type 'number' is not assignable");
  });

  it('says what nobody has', async () => {
    expect(value(await kernel.execute("import 'no-such-package';"))).toContain('no-such-package');
  });

  it('trains, and keeps a figure under its own folder, with links to the files', async () => {
    const outcome = await kernel.execute(
      `${TRAIN}\nconst curves = learningCurves(epochRows([record]));\n` +
        "const saved = await saveFigure(curves, place(curves), { formats: ['json'] });\nsaved",
    );
    const file = join(folder.path, 'results', 'my curves', 'a#b.json');
    expect(existsSync(file)).toBe(true);
    expect(value(outcome)).toContain(file);
    expect(shown(outcome).at(-1)?.['text/html']).toBe(
      '<div>results/my curves/ <a href="results/my%20curves/a%23b.json">a#b.json</a></div>',
    );
    expect(value(await kernel.execute('[Array.isArray(saved), saved.length]'))).toBe('[ true, 1 ]');
  });
});

describe('a notebook in a project that has an xnorlab of its own', () => {
  const folder = temporaryFolder();
  const notebooks = join(folder.path, 'project', 'notebooks');
  let kernel: KernelClient;
  beforeAll(async () => {
    const copy = join(folder.path, 'copy');
    cpSync(join(PACKAGE_ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
    symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
    const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as object;
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: '9.9.9' }));
    const declared = join(copy, 'dist', 'index.d.ts');
    writeFileSync(declared, `${readFileSync(declared, 'utf8')}\nexport declare const onlyInCopy: 1;\n`);
    mkdirSync(join(folder.path, 'project', 'node_modules'), { recursive: true });
    mkdirSync(notebooks);
    writeFileSync(join(folder.path, 'project', 'package.json'), '{}');
    symlinkSync(copy, join(folder.path, 'project', 'node_modules', 'xnorlab'), 'dir');
    kernel = await KernelClient.start(notebooks);
  });
  afterAll(async () => {
    await kernel?.stop();
    folder.remove();
  });

  it('runs that one', async () => {
    const outcome = await kernel.execute(
      `import { train } from 'xnorlab';\nconst epochs = 1;\n${TRAIN}\nrecord.software.xnorlab`,
    );
    expect(value(outcome)).toBe("'9.9.9'");
  });

  it('has the types of that one, and packages that only it has', async () => {
    const outcome = await kernel.execute(
      "import { onlyInCopy } from 'xnorlab';\nimport { table } from 'arquero';\nconst one: typeof onlyInCopy = 1;\n" +
        '[one, table({ a: [1] }).numRows()]',
    );
    expect(value(outcome)).toBe('[ 1, 1 ]');
  });

  it('notices when that one is built again', async () => {
    const file = join(folder.path, 'copy', 'dist', 'index.js');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// built again\n`);
    expect(printed(await kernel.execute('1'), 'stderr')).toContain('restart the kernel');
  });
});
