import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { readOutputs, temporaryFolder } from './notebooks.js';

/** The xnorlab that makes the project: this checkout's, or one that was installed from a tarball. */
const CLI = process.env.XNORLAB_TEST_CLI ?? join(PACKAGE_ROOT, 'dist', 'cli.js');

describe('a project that `xnorlab init` has made', () => {
  const folder = temporaryFolder();
  const project = join(folder.path, 'my study');
  let told: string;
  beforeAll(() => {
    told = run(folder.path, process.execPath, CLI, 'init', 'my study');
    run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline');
  });
  afterAll(() => folder.remove());

  /** @returns stdout */
  function run(cwd: string, command: string, ...args: string[]): string {
    const env = { ...process.env, XNORLAB_RESULTS: undefined };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, stderr: '' });
    return stdout;
  }

  it('says what comes next', () => {
    expect(told).toContain('cd "my study"\n  npm install\n  npm start');
  });

  it('executes its notebook, which leaves its figure and table in the project', () => {
    const said = run(project, 'npm', 'run', 'notebooks');
    const results = join(project, 'results');
    expect(said).toContain(join(results, 'first-study.html'));
    for (const file of ['curves.html', 'curves.json', 'accuracy.md', 'accuracy.csv', 'accuracy.tex']) {
      expect(existsSync(join(results, 'first-study', file)), file).toBe(true);
    }
    const outputs = readOutputs(join(results, 'first-study.ipynb')).flat();
    expect(outputs.filter(({ output_type }) => output_type === 'error' || output_type === 'stream')).toEqual(
      [],
    );
    // From where the executed notebook lies.
    const links = outputs.flatMap(({ data }) => [...String(data?.['text/html']).matchAll(/href="([^"]*)"/g)]);
    expect(links.map(([, to]) => to)).toContain('first-study/accuracy.tex');
    expect(links.every(([, to]) => existsSync(join(results, to)))).toBe(true);
    const table = readFileSync(join(results, 'first-study', 'accuracy.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(table.map((row) => row.split(',')[0])).toEqual(['groupSize', '3', '15', '45']);
  });

  it('trains its sweep without a notebook, where nothing is left to do', () => {
    expect(run(project, 'npm', 'run', 'sweep')).toContain('9 before');
  });

  it('checks the types of own files against those of xnorlab', () => {
    const compiler = join(PACKAGE_ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const write = (epochs: string): void =>
      writeFileSync(
        join(project, 'own.ts'),
        `import { train } from 'xnorlab';\nawait train({ dataset: 'prototypes', rule: { name: 'sgd', layers: [5] }, epochs: ${epochs} });\n`,
      );
    write('1');
    writeFileSync(
      join(project, 'package.json'),
      readFileSync(join(project, 'package.json'), 'utf8').replace('{', '{ "type": "module",'),
    );
    run(project, process.execPath, compiler);
    write("'one'");
    const { stdout } = spawnSync(process.execPath, [compiler], { cwd: project, encoding: 'utf8' });
    expect(stdout).toContain("Type 'string' is not assignable to type 'number'");
  });

  it('starts JupyterLab with `npm start`', () => {
    expect(run(project, 'npm', 'start', '--', '--help-all')).toContain('--LabApp.');
  });
});
