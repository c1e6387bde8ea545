import { spawnSync } from 'node:child_process';
import path from 'node:path';

const OWN = path.resolve(__dirname, '..', '.venv');

/**
 * A Python that has these modules: `$XNORLAB_PYTHON`, this checkout's, or the machine's. What it is for is not part of xnorlab, so that it may
 * be absent; tests then say that they were skipped.
 * @throws Error where `XNORLAB_EXPECT_PYTHON=1` says that there is one, as in CI
 */
export function pythonWith(...modules: string[]): string | undefined {
  const own = path.join(OWN, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const found = [process.env.XNORLAB_PYTHON, own, 'python3', 'python']
    .filter((python) => python !== undefined)
    .find((python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0);
  if (found === undefined && process.env.XNORLAB_EXPECT_PYTHON === '1') {
    throw new Error(
      `XNORLAB_EXPECT_PYTHON=1, but no Python has ${modules.join(', ')}: test/requirements.txt`,
    );
  }
  return found;
}
