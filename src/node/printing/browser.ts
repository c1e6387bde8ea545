import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { EnvironmentError } from '../../core/errors.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { checkPart, loadPart } from '../parts.js';

/** Names under which systems install browsers that we can drive. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const INSTALL =
  'Install Chromium or Chrome (Debian and Ubuntu: `apt install chromium`), or name one in XNORLAB_BROWSER.';

/** A browser to drive, and the environment variables that it needs. */
export interface BrowserProgram {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A Chromium-like browser: `$XNORLAB_BROWSER`, else one on the PATH, else the one that npm brought along (Linux
 * only; unpacked into the temporary folder at first use).
 * @throws EnvironmentError when there is none
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env.XNORLAB_BROWSER;
  if (named !== undefined && !isExecutable(named)) {
    throw new EnvironmentError(`XNORLAB_BROWSER names ${named}, which is no program`, 'Correct or unset it.');
  }
  const executablePath = named ?? onPath();
  return executablePath === undefined ? packagedBrowser() : { executablePath, env: process.env };
}

/**
 * Starts a headless browser; the caller closes it.
 * @throws EnvironmentError when there is none or it does not start
 */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await loadPart('printing', () => import('playwright-core'));
  const { executablePath, env } = await findBrowser();
  try {
    return await chromium.launch({
      executablePath,
      env: definedVariables(env),
      // Root, as in containers, has no sandbox; the pages we open are our own.
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
      // Else a notebook's interrupt would end the kernel with the browser.
      handleSIGINT: false,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new EnvironmentError(`${executablePath} does not start: ${reason}`, INSTALL, { cause });
  }
}

function definedVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
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

function packagedBrowser(): Promise<BrowserProgram> {
  packaged ??= unpackBrowser();
  return packaged;
}

/**
 * The package puts the libraries that a bare machine lacks on LD_LIBRARY_PATH of this process when it is loaded and
 * believes to be in a Lambda function. Only the browser shall see them.
 */
async function unpackBrowser(): Promise<BrowserProgram> {
  if (process.platform !== 'linux') throw new EnvironmentError('no browser was found', INSTALL);
  checkPart('printing');
  const before = { ...process.env };
  process.env.AWS_LAMBDA_JS_RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    return { executablePath, env: { ...process.env, FONTCONFIG_FILE: await fontConfiguration() } };
  } catch (cause) {
    throw new EnvironmentError('no browser was found', INSTALL, { cause });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** The package's configuration knows its one font alone; signs that this lacks, as arrows, come from the system's. */
async function fontConfiguration(): Promise<string> {
  const folder = path.join(tmpdir(), 'fonts');
  const file = path.join(tmpdir(), `xnorlab-fonts-${process.getuid?.()}.conf`);
  await writeFileAtomically(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>
`,
  );
  return file;
}
