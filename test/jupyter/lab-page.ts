import type { Page } from 'playwright-core';

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
