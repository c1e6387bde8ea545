import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * Training samples of the made-up Fashion-MNIST for pages that ask for more than its 600: examples/group-sizes.yaml takes the first 10,000.
 */
const TRAIN_SAMPLES: Readonly<Record<string, number>> = { 'docs/sweeps.md': 10_000 };

/** What came of a program. */
export interface Outcome {
  /** Exit status; −1 when it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A reader's project: `node_modules/xnorlab` is this checkout, `examples/` its examples, Fashion-MNIST is small and made up. */
export class ReaderFolder {
  readonly path: string = realpathSync(mkdtempSync(path.join(tmpdir(), 'xnorlab-reader-')));

  constructor() {
    mkdirSync(path.join(this.path, 'node_modules'));
    symlinkSync(ROOT, path.join(this.path, 'node_modules', 'xnorlab'), 'dir');
    cpSync(path.join(ROOT, 'examples'), path.join(this.path, 'examples'), { recursive: true });
    this.write('package.json', '{ "private": true }\n');
  }

  /** Variables for the programs of a page. */
  static environment(page: string): NodeJS.ProcessEnv {
    const madeUp = path.join(__dirname, 'made-up-fashion-mnist.cjs');
    const { XNORLAB_RESULTS: _, ...environment } = process.env;
    return {
      ...environment,
      NODE_OPTIONS: `--require ${JSON.stringify(madeUp)}`,
      ...(page in TRAIN_SAMPLES && { MADE_UP_TRAIN_SAMPLES: String(TRAIN_SAMPLES[page]) }),
    };
  }

  /** @returns the path */
  write(name: string, text: string): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Runs Node as the programs of a page are run, to its end. */
  node(page: string, ...words: string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = { cwd: this.path, env: ReaderFolder.environment(page), maxBuffer: 2 ** 26 };
      execFile(process.execPath, words, options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
