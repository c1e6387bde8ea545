import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunRecord } from '../../src/records/record.js';
import { FreshProject, manifest, sizeOf } from './installed.js';

/** What environment.md promises of a plain installation. */
const [MOST_TARBALL_BYTES, MOST_INSTALLED_BYTES] = [3e6, 60e6];

const { version, exports, peerDependencies, devDependencies } = manifest();

/** `xnorlab`, `xnorlab/rules`, …: what programs import; not files. */
const ENTRIES = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [path.posix.join('xnorlab', name)],
);

const SMALL = ['--dataset', 'prototypes', '--limit-train', '500', '--layers', '20', '--epochs', '1'];

describe('the package, installed in an empty folder', () => {
  const project = new FreshProject();
  beforeAll(() => project.install(inject('tarball')), 5 * 60_000);
  afterAll(() => project.remove());

  it('is small and has nothing of its optional parts', () => {
    expect(statSync(inject('tarball')).size).toBeLessThan(MOST_TARBALL_BYTES);
    const modules = path.join(project.folder, 'node_modules');
    expect(sizeOf(modules)).toBeLessThan(MOST_INSTALLED_BYTES);
    const parts = Object.keys(peerDependencies).filter((name) => existsSync(path.join(modules, name)));
    expect(parts).toEqual([]);
    const tests = readdirSync(path.join(modules, 'xnorlab'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.test\.|\.map$|\.ipynb$|\.cpp$/.test(file) && !file.startsWith('templates'),
    );
    expect(tests).toEqual([]);
  });

  it('says its version', async () => {
    expect(await project.xnorlab('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('says what is there and how to get the rest, as it is for a project', async () => {
    const { code, stdout } = await project.xnorlab('doctor');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ backend native: native \(/m);
    expect(stdout).toMatch(/^✓ backend wasm: /m);
    expect(stdout).toContain(
      `· part queue: no bullmq, no ioredis, for sweeps on many machines\n    Get it with \`npx xnorlab add queue\`, which is \`npm install --save-exact bullmq@${peerDependencies.bullmq} ioredis@${peerDependencies.ioredis}\`.`,
    );
    expect(stdout).not.toMatch(/npm run setup|npm ci|g\+\+|checkout/);
  });

  it.each([
    ['local-error', ['--group-size', '5']],
    ['qat', []],
  ])('trains %s on the native kernels that came with it', async (rule, options) => {
    const words = ['train', '--rule', rule, ...SMALL, ...options, '--json'];
    const { code, stdout, stderr } = await project.xnorlab(...words);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const record = JSON.parse(stdout) as RunRecord;
    expect(record.backend).toMatchObject({ name: 'native' });
    expect(record.software.commit).toMatch(/^[0-9a-f]{40}(-dirty)?$/);
  });

  it('sweeps in threads, keeps runs, and shows them, all in the project', async () => {
    project.write(
      'sweep.yaml',
      'base: { dataset: { name: prototypes, limitTrain: 200 }, epochs: 1, rule: { name: local-error, layers: [20], groupSize: 5 } }\naxes: [{ seeds: 2 }]\n',
    );
    expect(await project.xnorlab('sweep', 'sweep.yaml', '--store', 'results/a')).toMatchObject({ code: 0 });
    expect(await project.xnorlab('store', 'results/a', '--export', 'csv', '--to', 'out')).toMatchObject({
      code: 0,
    });
    expect(readdirSync(path.join(project.folder, 'out'))).not.toEqual([]);
  });

  it.each([
    [
      'float',
      'train',
      '--rule',
      'sgd',
      '--dataset',
      'prototypes',
      '--limit-train',
      '100',
      '--layers',
      '10',
      '--epochs',
      '1',
      // Native kernels have float operations of their own.
      '--backend',
      'wasm',
    ],
    ['queue', 'worker', '--queue', 'redis://localhost:1'],
  ])('says how to get what %s needs', async (part, ...words) => {
    const { code, stderr } = await project.xnorlab(...words);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `not installed. Get it with \`npx xnorlab add ${part}\`, which is \`npm install --save-exact `,
    );
  });

  it('refuses a part that there is not', async () => {
    const { code, stderr } = await project.xnorlab('add', 'everything');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are float, printing, queue, notebooks');
  });

  it('is imported and required by each of its entries, and loads neither frames nor statistics for that', async () => {
    const script = `
      const names = ${JSON.stringify(ENTRIES)};
      (async () => {
        for (const name of names) {
          const [required, imported] = [Object.keys(require(name)), Object.keys(await import(name))];
          const lost = required.filter((each) => !imported.includes(each));
          console.log(name, required.length > 0, lost.join());
        }
        console.log(Object.keys(require.cache).filter((file) => file.includes('inlined')).length);
        console.log(require.resolve('xnorlab/kernels.wasm').endsWith('.wasm'));
      })();`;
    project.write('entries.cjs', script);
    const { stdout, stderr } = await project.run('node', 'entries.cjs');
    expect(stderr).toBe('');
    expect(stdout).toBe(`${ENTRIES.map((name) => `${name} true \n`).join('')}0\ntrue\n`);
  });

  it('makes frames, tables, statistics and pages without any part, and says what a drawing needs', async () => {
    project.write(
      'study.mjs',
      `import { compareSameSeeds, dataFrame, figureSvg, learningCurves, epochRows, saveFigure, saveTable, table, train } from 'xnorlab';
       const { record } = await train({ dataset: { name: 'prototypes', limitTrain: 200 }, epochs: 2, rule: { name: 'local-error', layers: [20], groupSize: 5 } });
       const frame = dataFrame([{ rule: 'a', v: 1 }, { rule: 'a', v: 2 }, { rule: 'b', v: null }]);
       console.log(JSON.stringify(frame.groupby(['rule']).col(['v']).mean().values), JSON.stringify(frame.column('v').values));
       console.log(table([{ a: 1 }, { a: 2 }]).rollup({ s: (d) => op.sum(d.a) }).get('s'));
       const figure = learningCurves(epochRows([record]));
       console.log((await saveFigure(figure, 'results/curves.html')).length, (await saveTable([{ a: 1 }], 'results/t')).length);
       await figureSvg(figure).catch((error) => console.log(error.name, error.message));`,
    );
    const { stdout, stderr } = await project.run('node', 'study.mjs');
    expect(stderr).toBe('');
    const [frame, sum, files, drawing] = stdout.trim().split('\n');
    expect(frame).toBe('[["a",1.5],["b",null]] [1,2,null]');
    expect(sum).toBe('3');
    expect(files).toBe('1 3');
    expect(drawing).toContain(
      'EnvironmentError playwright-core and @sparticuz/chromium, needed for figures as SVG',
    );
    expect(existsSync(path.join(project.folder, 'results', 'curves.html'))).toBe(true);
  });

  it('keeps nothing of the user in its own folder, and looks for data in the project', async () => {
    const own = path.join(project.folder, 'node_modules', 'xnorlab');
    expect(
      readdirSync(own).filter((name) => ['data', 'results', '.jupyter', '.venv', 'build'].includes(name)),
    ).toEqual([]);
    project.write('data/mine/train.csv', '0,1,a\n1,0,b\n');
    project.write('data/mine/test.csv', '0,1,a\n1,0,b\n');
    const { stdout } = await project.xnorlab('data', '--json');
    const listed = JSON.parse(stdout) as { name: string; folder?: string; note?: string }[];
    expect(listed).toContainEqual(
      expect.objectContaining({ name: 'mine', folder: path.join(project.folder, 'data', 'mine') }),
    );
    expect(stdout).not.toContain('node_modules');
  });

  it.each(['node16', 'bundler'])(
    'has types for plain tsc with moduleResolution %s',
    async (moduleResolution) => {
      if (!existsSync(path.join(project.folder, 'node_modules', 'typescript'))) {
        await project.install('--no-save', `typescript@${devDependencies.typescript}`);
      }
      const lines = ENTRIES.map(
        (name, i) => `import * as entry${i} from '${name}';\nexport { entry${i} };\n`,
      );
      const file = project.write(
        `types-${moduleResolution}.ts`,
        `${lines.join('')}import { dataFrame, type RunRecord, table, train } from 'xnorlab';
export const record: Promise<RunRecord> = train({ dataset: 'prototypes', rule: { name: 'local-error', layers: [20] } }).then((run) => run.record);
export const mean: number = dataFrame([{ v: 1 }]).column('v').mean();
export const rows: number = table([{ v: 1 }]).numRows();
// @ts-expect-error: the types are not any
export const wrong: string = dataFrame([{ v: 1 }]).column('v').mean();
// @ts-expect-error: nor are those of arquero
export const wrongToo: string = table([{ v: 1 }]).numRows();
`,
      );
      const module = moduleResolution === 'bundler' ? 'preserve' : 'node16';
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', module];
      const compiled = await project.run(
        'npx',
        '--no-install',
        'tsc',
        ...options,
        '--moduleResolution',
        moduleResolution,
        file,
      );
      expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );
});

describe('the manifest', () => {
  it('asks a project for the same versions of optional parts as are tested here', () => {
    const here = Object.fromEntries(
      Object.keys(peerDependencies).map((name) => [name, devDependencies[name]]),
    );
    expect(here).toEqual(peerDependencies);
  });
});
