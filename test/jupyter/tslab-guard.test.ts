import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { KERNEL_NODE_OPTIONS, kernelNode, MIN_KERNEL_NODE } from '../../src/jupyter/kernel-node.js';
import { KERNEL_SPEC_FILE } from '../../src/jupyter/locations.js';
import { TSLAB_VERSION } from '../../src/jupyter/tslab-internals.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { temporaryFolder } from './notebooks.js';

describe('the kernel and tslab', () => {
  const folder = temporaryFolder();
  afterEach(() => folder.remove());

  it('pins the version whose internals the launcher knows', () => {
    const { peerDependencies } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
      peerDependencies: Record<string, string>;
    };
    expect(peerDependencies.tslab).toBe(TSLAB_VERSION);
  });

  it('refuses to start with another tslab', () => {
    cpSync(join(PACKAGE_ROOT, 'dist'), join(folder.path, 'dist'), { recursive: true });
    cpSync(join(PACKAGE_ROOT, 'package.json'), join(folder.path, 'package.json'));
    const packages = join(folder.path, 'node_modules');
    const tslab = join(packages, 'tslab');
    mkdirSync(tslab, { recursive: true });
    for (const name of readdirSync(join(PACKAGE_ROOT, 'node_modules'))) {
      if (name !== 'tslab') symlinkSync(join(PACKAGE_ROOT, 'node_modules', name), join(packages, name));
    }
    writeFileSync(join(tslab, 'package.json'), '{"name":"tslab","version":"9.9.9"}');
    const launcher = join(folder.path, 'dist', 'jupyter', 'launcher.js');
    const { status, stderr } = spawnSync(
      kernelNode(),
      [...KERNEL_NODE_OPTIONS, launcher, 'connection.json'],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr).toContain(`version 9.9.9, expected ${TSLAB_VERSION}`);
    expect(stderr).toContain('npm run setup');
  });

  it('is registered to run on a Node that lets it stop a cell', () => {
    const [node, ...rest] = (JSON.parse(readFileSync(KERNEL_SPEC_FILE, 'utf8')) as { argv: string[] }).argv;
    const version = spawnSync(node as string, ['--version'], { encoding: 'utf8' }).stdout;
    expect(Number.parseInt(version.slice(1), 10)).toBeGreaterThanOrEqual(MIN_KERNEL_NODE);
    expect(rest).toEqual(expect.arrayContaining([...KERNEL_NODE_OPTIONS]));
  });

  it('refuses to start on a Node that does not let it stop a cell', () => {
    const launcher = join(PACKAGE_ROOT, 'dist', 'jupyter', 'launcher.js');
    const { status, stderr } = spawnSync(kernelNode(), [launcher, 'connection.json'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain(`runs on Node ${MIN_KERNEL_NODE} or newer with --no-force-async-hooks-checks`);
  });
});
