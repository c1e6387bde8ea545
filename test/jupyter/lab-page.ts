import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { type LabServer, startLab } from './lab-server.js';
import { type CellText, linkPackage, temporaryFolder, writeNotebook } from './notebooks.js';

/** How long a test waits for what a page shall show: long, as a busy machine is no reason to fail. */
export const LIMIT = { timeout: 120_000 };

interface LabWindow {
  readonly jupyterapp: {
    readonly restored: Promise<void>;
    readonly commands: { execute(command: string, options?: object): Promise<unknown> };
    readonly shell: {
      readonly currentWidget: {
        readonly sessionContext: {
          readonly ready: Promise<void>;
          readonly session: { readonly kernel: { readonly info: Promise<unknown> } };
        };
      };
    };
  };
}

/** Opens a notebook in JupyterLab and waits until its kernel answers. */
export async function openNotebook(page: Page, address: string): Promise<void> {
  await page.goto(address, LIMIT);
  await page.locator('.jp-Notebook').waitFor(LIMIT);
  await page.evaluate(async () => {
    const { jupyterapp } = globalThis as unknown as LabWindow;
    await jupyterapp.restored;
    const { sessionContext } = jupyterapp.shell.currentWidget;
    await sessionContext.ready;
    await sessionContext.session.kernel.info;
  });
}

/** Executes one of JupyterLab's own commands, as its menus do. */
export async function runCommand(page: Page, command: string, options: object = {}): Promise<void> {
  await page.evaluate(
    async ([name, args]) => {
      await (globalThis as unknown as LabWindow).jupyterapp.commands.execute(name, args);
    },
    [command, options] as const,
  );
}

/** JupyterLab in a folder of its own, with one notebook open in a browser. */
export class OpenedLab {
  readonly #folder = temporaryFolder();
  #lab: LabServer | undefined;
  #browser: Browser | undefined;
  #page: Page | undefined;

  /** @param name - of the notebook and, in front of their own, of screenshots */
  constructor(
    readonly name: string,
    readonly cells: readonly CellText[],
    readonly viewport: { readonly width: number; readonly height: number },
  ) {}

  async open(): Promise<void> {
    const notebook = `${this.name}.ipynb`;
    linkPackage(this.#folder.path);
    writeNotebook(join(this.#folder.path, notebook), this.cells);
    this.#lab = await startLab(this.#folder.path);
    this.#browser = await launchBrowser();
    this.#page = await this.#browser.newPage({ viewport: this.viewport });
    this.#page.setDefaultTimeout(LIMIT.timeout);
    await openNotebook(this.#page, this.#lab.address(notebook));
  }

  get page(): Page {
    if (this.#page) return this.#page;
    throw new Error('the notebook is not open');
  }

  /** A picture for whoever wants to see it, in the folder `$XNORLAB_SCREENSHOTS`. */
  async snapshot(name: string): Promise<void> {
    const target = process.env.XNORLAB_SCREENSHOTS;
    if (target !== undefined) await this.page.screenshot({ path: join(target, `${this.name}-${name}.png`) });
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#lab?.stop();
    this.#folder.remove();
  }
}
