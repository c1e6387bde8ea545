import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../core/errors.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';
import { venvPython } from './locations.js';

/** Every Python package of Jupyter with its version; ships with this package. */
const REQUIREMENTS_FILE = join(PACKAGE_ROOT, 'requirements.txt');

const MIN_PYTHON = [3, 11, 2];

const AGAIN = 'Mend that and give the command again';

/** The places for an environment in a home, the preferred one first: a `.venv` there may be somebody else's. */
export function venvFolders(home: string): [string, string] {
  return [join(home, '.venv'), join(home, '.jupyter', 'venv')];
}

/** A virtual environment with Jupyter in it that xnorlab makes and owns. */
export class Venv {
  readonly python: string;

  /** @param folder - absolute */
  constructor(readonly folder: string) {
    this.python = venvPython(folder);
  }

  /** Whether xnorlab has made it: only then it may be changed. */
  get isOwn(): boolean {
    return existsSync(this.#stamp);
  }

  /** Whether nothing is there yet. */
  get isFree(): boolean {
    return !existsSync(this.folder);
  }

  /** Whether it holds all that is required, in the versions of this xnorlab. */
  get isCurrent(): boolean {
    return this.isOwn && existsSync(this.python) && readFileSync(this.#stamp, 'utf8') === requirementsHash();
  }

  /**
   * Makes it anew, with the packages of requirements.txt. It takes about a minute and a network.
   *
   * @throws EnvironmentError when Python is missing or too old, cannot make an environment, or pip fails
   */
  install(): void {
    const python = findPython();
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    // From here on it is ours, however this ends.
    writeFileSync(this.#stamp, 'unfinished');
    writeFileSync(join(this.folder, '.gitignore'), '*\n');
    const pip = this.#create(python);
    const options = ['--quiet', '--disable-pip-version-check', '--require-hashes'];
    const install = ['install', ...options, '-r', REQUIREMENTS_FILE];
    // What pip says goes to stderr: stdout is for results.
    const { status } = spawnSync(pip[0], [...pip.slice(1), ...install], { stdio: ['ignore', 2, 2] });
    if (status !== 0) {
      throw new EnvironmentError(
        `Jupyter could not be installed into ${this.folder}; pip says above why, often that of the network or the package index`,
        AGAIN,
      );
    }
    writeFileSync(this.#stamp, requirementsHash());
  }

  get #stamp(): string {
    return join(this.folder, '.xnorlab-requirements');
  }

  /** @returns the command for its pip */
  #create(python: string): [string, ...string[]] {
    if (succeeds(python, ['-m', 'venv', this.folder])) return [this.python, '-m', 'pip'];
    // Debian splits ensurepip off into python3-venv; the system's own pip can fill the environment as well.
    const hasPip = succeeds(python, ['-m', 'pip', '--version']);
    if (hasPip && succeeds(python, ['-m', 'venv', '--without-pip', this.folder])) {
      return [python, '-m', 'pip', '--python', this.python];
    }
    rmSync(this.folder, { recursive: true, force: true });
    throw new EnvironmentError(
      `${python} cannot make a virtual environment in ${this.folder}: its modules venv and ensurepip are missing, and so is pip`,
      'On Debian and Ubuntu: `apt install python3-venv`. A Python on the PATH that has jupyterlab 4, nbclient and ' +
        'nbconvert will do as well. Then give the command again',
    );
  }
}

function requirementsHash(): string {
  return createHash('sha256').update(readFileSync(REQUIREMENTS_FILE)).digest('hex');
}

function findPython(): string {
  const isNewEnough = ['-c', `import sys; sys.exit(sys.version_info < (${MIN_PYTHON.join(', ')}))`];
  const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
  const python = names.find((name) => succeeds(name, isNewEnough));
  if (python !== undefined) return python;
  throw new EnvironmentError(
    `Jupyter needs Python ${MIN_PYTHON.join('.')} or newer, and there is none on the PATH`,
    'Install it (Debian and Ubuntu: `apt install python3 python3-venv`) and give the command again',
  );
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
