import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireJupyter } from '../../src/jupyter/detect.js';
import { cachePath, PACKAGE_ROOT } from '../../src/node/files/folders.js';

/** Compiled: `npm run build` comes first. */
const CLI = join(PACKAGE_ROOT, 'dist', 'cli.js');
const TOKEN = 'test';
const LIMIT_MS = 120_000;

/** A JupyterLab that serves one project or folder. */
export interface LabServer {
  /** Where a browser goes when it is opened. */
  readonly home: string;
  /** Address of a notebook, by its path from the project. */
  address(notebook: string): string;
  stop(): Promise<void>;
}

/**
 * Starts JupyterLab on a folder as `xnorlab lab` does, with settings of its own, so that neither the user's nor the machine's matter.
 * @param installed - an xnorlab in place of this checkout's, and the variables that it is started with
 */
export async function startLab(
  folder: string,
  installed?: { readonly cli: string; readonly environment: NodeJS.ProcessEnv },
): Promise<LabServer> {
  if (!installed) await requireJupyter();
  const port = await freePort();
  const options = {
    'ServerApp.port': port,
    'ServerApp.port_retries': 0,
    'ServerApp.ip': '127.0.0.1',
    'IdentityProvider.token': TOKEN,
    'LabApp.expose_app_in_browser': 'True',
    'LabApp.news_url': 'None',
    'LabApp.check_for_updates_class': 'jupyterlab.NeverCheckForUpdate',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const cli = installed?.cli ?? CLI;
  const child = spawn(process.execPath, [cli, 'lab', folder, '--no-browser', '--allow-root', ...args], {
    env: {
      ...(installed?.environment ?? {
        ...process.env,
        HOME: folder,
        // Where the Node of the kernel lies; the spec that names it is the checkout's.
        XDG_CACHE_HOME: dirname(cachePath()),
      }),
      JUPYTER_CONFIG_DIR: join(folder, '.config'),
    },
    // An installed xnorlab registers its kernel in the project where it is called.
    cwd: installed ? folder : PACKAGE_ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, which can be ended as a whole.
    detached: true,
  });
  let log = '';
  child.stderr.on('data', (data) => {
    log += String(data);
  });
  const exit = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), LIMIT_MS);
    await exit;
    clearTimeout(timer);
  };
  const base = `http://127.0.0.1:${port}`;
  const until = performance.now() + LIMIT_MS;
  while (!(await answers(`${base}/api?token=${TOKEN}`))) {
    if (child.exitCode !== null || performance.now() > until) {
      if (child.exitCode === null) await stop();
      throw new Error(`JupyterLab does not answer at ${base}:\n${log}`);
    }
    await sleep(200);
  }
  const home = `${base}/lab?token=${TOKEN}`;
  return { home, address: (notebook) => `${base}/lab/tree/${notebook}?token=${TOKEN}`, stop };
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
