import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { requireJupyter } from '../../src/jupyter/detect.js';
import { jupyterEnvironment } from '../../src/jupyter/locations.js';

const TOKEN = 'test';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

/** A JupyterLab that serves one folder. */
export interface LabServer {
  /** Address of a notebook in the folder. */
  address(notebook: string): string;
  stop(): Promise<void>;
}

/** Starts JupyterLab with settings of its own, so that neither the user's nor the machine's matter. */
export async function startLab(folder: string): Promise<LabServer> {
  const python = await requireJupyter();
  const port = await freePort();
  const options = {
    'ServerApp.port': port,
    'ServerApp.ip': '127.0.0.1',
    'ServerApp.root_dir': folder,
    'IdentityProvider.token': TOKEN,
    'LabApp.expose_app_in_browser': 'True',
    'LabApp.news_url': '',
    'LabApp.check_for_updates_class': 'jupyterlab.NeverCheckForUpdate',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(python, ['-m', 'jupyterlab', '--no-browser', '--allow-root', ...args], {
    env: { ...jupyterEnvironment(), HOME: folder, JUPYTER_CONFIG_DIR: join(folder, '.config') },
    stdio: 'ignore',
  });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const base = `http://127.0.0.1:${port}`;
  await answers(`${base}/api?token=${TOKEN}`);
  return {
    address: (notebook) => `${base}/lab/tree/${notebook}?token=${TOKEN}`,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exit;
      clearTimeout(timer);
    },
  };
}

async function answers(url: string): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() > until) throw new Error(`no answer from ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
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
