import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

/** How a command ended. */
export interface Outcome {
  /** Exit status; −1 when it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Packs this checkout as it is published (`npm pack`, with all that its `prepack` does).
 * @param folder - where the tarball goes
 * @returns its path
 */
export async function packXnorlab(folder: string): Promise<string> {
  const { stdout } = await expectSuccess(
    run('npm', ['pack', '--pack-destination', folder], ROOT, process.env),
  );
  return path.join(folder, stdout.trim().split('\n').at(-1) ?? '');
}

/** Variables that say how a registry is reached: its address, proxies and certificates. */
const NETWORK =
  /^(npm_config_(registry|cafile)|https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_(file|dir)|pip_cert)$/i;

/**
 * An empty folder of someone who has just come: nothing of this checkout or of who develops it is seen from there, neither a home nor
 * variables. Only npm's cache is shared, so that packages are not fetched again, and how this machine reaches a registry.
 */
export class FreshProject {
  /** The project. */
  readonly folder: string;
  /** The user's home. */
  readonly home: string;
  readonly #place: string;
  /** What lies before the PATH. */
  readonly #programs: readonly string[];

  /** @param inside - a folder in a project that there is, with its home, and where further programs lie */
  constructor(inside?: { readonly of: FreshProject; readonly folder: string; readonly programs?: string }) {
    this.#programs = inside?.programs ? [inside.programs] : [];
    this.#place = inside ? inside.of.#place : mkdtempSync(path.join(tmpdir(), 'xnorlab-package-'));
    this.folder = inside ? path.join(inside.of.folder, inside.folder) : path.join(this.#place, 'project');
    this.home = path.join(this.#place, 'home');
    if (!inside) for (const folder of [this.folder, this.home]) mkdirSync(folder);
  }

  /** A folder in it, which something else makes, as a project. @param programs - a folder to be looked into before the PATH */
  inside(folder: string, programs?: string): FreshProject {
    return new FreshProject({ of: this, folder, ...(programs && { programs }) });
  }

  /** The variables of every command here. */
  get environment(): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    const network = Object.entries(process.env).filter(([name]) => NETWORK.test(name));
    return {
      PATH: [
        ...this.#programs,
        ...(PATH ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(ROOT)),
      ].join(path.delimiter),
      HOME: this.home,
      npm_config_cache: process.env.npm_config_cache ?? path.join(homedir(), '.npm'),
      npm_config_update_notifier: 'false',
      ...Object.fromEntries(network),
    };
  }

  /** Runs a command here to its end. */
  run(command: string, ...words: string[]): Promise<Outcome> {
    return run(command, words, this.folder, this.environment);
  }

  /** `npx xnorlab …` with what is installed here; nothing is fetched. */
  xnorlab(...words: string[]): Promise<Outcome> {
    return this.run('npx', '--no-install', 'xnorlab', ...words);
  }

  /** `npm install …` @throws Error when it fails */
  async install(...packages: string[]): Promise<void> {
    await expectSuccess(
      this.run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packages),
    );
  }

  /** Writes a file into the project. */
  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.#place, { recursive: true, force: true });
  }
}

/** Bytes of all files in a folder. */
export function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

/** The manifest of this checkout. */
export function manifest(): {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as ReturnType<typeof manifest>;
}

function run(
  command: string,
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, words, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

async function expectSuccess(running: Promise<Outcome>): Promise<Outcome> {
  const outcome = await running;
  if (outcome.code !== 0)
    throw new Error(`it ended with ${outcome.code}:\n${outcome.stdout}\n${outcome.stderr}`);
  return outcome;
}
