import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireJupyter } from '../../src/jupyter/detect.js';
import { JUPYTER_HOME, jupyterHome, KERNEL_SPEC_FILE, venvPython } from '../../src/jupyter/locations.js';
import { setUpJupyter } from '../../src/jupyter/setup.js';
import { Venv, venvFolders } from '../../src/jupyter/venv.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { temporaryFolder } from './notebooks.js';

describe('where Jupyter lies', () => {
  const folder = temporaryFolder();
  beforeEach(() => vi.stubEnv('XDG_CACHE_HOME', join(folder.path, 'cache')));
  afterEach(() => {
    vi.unstubAllEnvs();
    folder.remove();
  });

  it('is the checkout, wherever the user is', () => {
    expect(JUPYTER_HOME).toBe(PACKAGE_ROOT);
    expect(jupyterHome(PACKAGE_ROOT, '/')).toBe(PACKAGE_ROOT);
  });

  it('is the project of the user when xnorlab is installed', () => {
    const project = join(folder.path, 'project');
    mkdirSync(join(project, 'notebooks', 'deep'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{}');
    const root = join(project, 'node_modules', 'xnorlab');
    expect(jupyterHome(root, join(project, 'notebooks', 'deep'))).toBe(project);
  });

  it.runIf(process.platform === 'linux')(
    'is a part of the cache folder for each installation where there is no project',
    () => {
      const [one, other] = ['one', 'other'].map((name) =>
        jupyterHome(join(folder.path, name, 'node_modules', 'xnorlab'), folder.path),
      );
      expect(one).toMatch(new RegExp(`^${join(folder.path, 'cache', 'xnorlab', 'jupyter')}/[0-9a-f]{12}$`));
      expect(other).not.toBe(one);
    },
  );
});

describe('an environment', () => {
  const folder = temporaryFolder();
  afterEach(() => folder.remove());

  /** Something that looks like an environment of Python. */
  function environment(stamp?: string): Venv {
    const [path] = venvFolders(folder.path);
    mkdirSync(join(venvPython(path), '..'), { recursive: true });
    writeFileSync(venvPython(path), '');
    if (stamp !== undefined) writeFileSync(join(path, '.xnorlab-requirements'), stamp);
    return new Venv(path);
  }

  it('that is not there is free', () => {
    const { isFree, isOwn, isCurrent } = new Venv(join(folder.path, '.venv'));
    expect({ isFree, isOwn, isCurrent }).toEqual({ isFree: true, isOwn: false, isCurrent: false });
  });

  it('that somebody else has made is none of ours, and not touched', () => {
    const { isFree, isOwn, isCurrent } = environment();
    expect({ isFree, isOwn, isCurrent }).toEqual({ isFree: false, isOwn: false, isCurrent: false });
  });

  it('that was not finished, or is of another version, is ours but not current', () => {
    const { isFree, isOwn, isCurrent } = environment('unfinished');
    expect({ isFree, isOwn, isCurrent }).toEqual({ isFree: false, isOwn: true, isCurrent: false });
  });
});

describe('set-up', () => {
  it('finds what is there, says nothing, and mends a kernel spec of another installation', async () => {
    const say = vi.fn();
    const right = readFileSync(KERNEL_SPEC_FILE, 'utf8');
    writeFileSync(KERNEL_SPEC_FILE, right.replace('launcher.js', 'other.js'));
    try {
      await expect(requireJupyter()).rejects.toThrow(
        'the xnorlab kernel is that of another installation; the xnorlab kernel needs ',
      );
      expect(await setUpJupyter(say)).toBe(await requireJupyter());
      expect(readFileSync(KERNEL_SPEC_FILE, 'utf8')).toBe(right);
    } finally {
      writeFileSync(KERNEL_SPEC_FILE, right);
    }
    expect(say).not.toHaveBeenCalled();
  });
});
