/**
 * `node scripts/cell-picture.mjs`: draws docs/pictures/cell.png again, a cell at work in JupyterLab. It trains on FashionMNIST, and needs Jupyter
 * (`npm run setup`) and a browser.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const built = (file) => createRequire(import.meta.url)(path.join(root, 'dist', file));
const { cachePath } = built('node/files/folders.js');
const { launchBrowser } = built('node/printing/browser.js');

const CELL = `import { epochRows, learningCurves, liveProgress, train } from 'xnorlab';

const options = { dataset: 'fashion-mnist', epochs: 10, seed: 1 };
const binary = await train(
  { ...options, rule: { name: 'local-error', layers: [255, 255], groupSize: 51 } },
  liveProgress('local-error'),
);
const float = await train(
  { ...options, rule: { name: 'sgd', layers: [255, 255] } },
  liveProgress('sgd'),
);
learningCurves(epochRows([binary.record, float.record]))`;

const PORT = 8898;
const TOKEN = 'picture';
const LIMIT = { timeout: 180_000 };

const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-picture-'));
symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
writeFileSync(
  path.join(folder, 'cell.ipynb'),
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'xnorlab', display_name: 'TypeScript (xnorlab)', language: 'typescript' },
    },
    cells: [
      { cell_type: 'code', id: 'cell', metadata: {}, source: CELL, execution_count: null, outputs: [] },
    ],
  }),
);
const options = [
  `--ServerApp.port=${PORT}`,
  '--ServerApp.port_retries=0',
  '--ServerApp.ip=127.0.0.1',
  `--IdentityProvider.token=${TOKEN}`,
  '--LabApp.expose_app_in_browser=True',
  '--LabApp.news_url=None',
  '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
];
const lab = spawn(
  process.execPath,
  [path.join(root, 'dist/cli.js'), 'lab', folder, '--no-browser', '--allow-root', ...options],
  {
    env: {
      ...process.env,
      HOME: folder,
      // Where the Node of the kernel lies, which the kernel spec of this checkout names.
      XDG_CACHE_HOME: path.dirname(cachePath()),
      JUPYTER_CONFIG_DIR: path.join(folder, '.config'),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const browser = await launchBrowser();
try {
  const address = `http://127.0.0.1:${PORT}`;
  while (!(await fetch(`${address}/api?token=${TOKEN}`).catch(() => undefined))?.ok) {
    if (lab.exitCode !== null) throw new Error('JupyterLab does not start');
    await sleep(200);
  }
  const context = await browser.newContext({ viewport: { width: 980, height: 1200 }, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`${address}/doc/tree/cell.ipynb?token=${TOKEN}`, LIMIT);
  await page.locator('.jp-Notebook .jp-CodeCell').waitFor(LIMIT);
  await page.evaluate(async () => {
    const { jupyterapp } = globalThis;
    await jupyterapp.restored;
    const { sessionContext } = jupyterapp.shell.currentWidget;
    await sessionContext.ready;
    await sessionContext.session.kernel.info;
    await jupyterapp.commands.execute('notebook:run-cell');
  });
  await page.locator('.xnorlab-figure .main-svg .scatterlayer .trace').first().waitFor(LIMIT);
  await page.mouse.move(0, 0);
  await sleep(2000);
  const cell = page.locator('.jp-Notebook .jp-CodeCell').first();
  await cell.screenshot({ path: path.join(root, 'docs/pictures/cell.png') });
} finally {
  await browser.close();
  lab.kill('SIGTERM');
  await new Promise((resolve) => lab.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}
