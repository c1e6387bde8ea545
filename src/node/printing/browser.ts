import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { EnvironmentError } from '../../core/errors.js';
import { checkPart, loadPart } from '../parts.js';
import type { BrowserProgram } from './browser-program.js';
import { packagedBrowser } from './packaged-browser.js';

/** Names under which systems install browsers that we can drive. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const INSTALL =
  'Install Chromium or Chrome (Debian and Ubuntu: `apt install chromium`), or name one in XNORLAB_BROWSER.';

/**
 * A Chromium-like browser: `$XNORLAB_BROWSER`, else one on the PATH, else the one that npm brought along (Linux
 * only; unpacked into the user's cache folder at first use). Never one that lies in the temporary folder or the working directory.
 * @throws EnvironmentError when there is none
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env.XNORLAB_BROWSER;
  if (named !== undefined && !isExecutable(named)) {
    throw new EnvironmentError(`XNORLAB_BROWSER names ${named}, which is no program`, 'Correct or unset it.');
  }
  const executablePath = named ?? onPath();
  return executablePath === undefined ? ofPackage() : { executablePath, env: process.env };
}

/**
 * Starts a headless browser; the caller closes it.
 * @throws EnvironmentError when there is none or it does not start
 */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await loadPart('printing', () => import('playwright-core'));
  const { executablePath, env } = await findBrowser();
  const launch = (chromiumSandbox: boolean): Promise<Browser> =>
    chromium.launch({
      executablePath,
      env: definedVariables(env),
      chromiumSandbox,
      args: ['--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
      // Else a notebook's interrupt would end the kernel with the browser.
      handleSIGINT: false,
    });
  // Root, as in containers, has no sandbox, and some systems give none to others; the pages that we open are our own.
  if (hasSandbox) {
    try {
      return await launch(true);
    } catch {
      hasSandbox = false;
    }
  }
  try {
    return await launch(false);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new EnvironmentError(`${executablePath} does not start: ${reason}`, INSTALL, { cause });
  }
}

/** Whether a browser may still start in a sandbox here. */
let hasSandbox = process.getuid?.() !== 0;

function definedVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function onPath(): string | undefined {
  // An empty or relative entry would be the working directory, where anything may lie.
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  return COMMANDS.flatMap((command) => folders.map((folder) => path.join(folder, command))).find(
    isExecutable,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let packaged: Promise<BrowserProgram> | undefined;

/** Once for this process, unless it fails. */
function ofPackage(): Promise<BrowserProgram> {
  packaged ??= unpackBrowser().catch((error) => {
    packaged = undefined;
    throw error;
  });
  return packaged;
}

async function unpackBrowser(): Promise<BrowserProgram> {
  if (process.platform !== 'linux') throw new EnvironmentError('no browser was found', INSTALL);
  checkPart('printing');
  try {
    return await packagedBrowser();
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError('no browser was found', INSTALL, { cause });
  }
}
