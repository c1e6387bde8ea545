import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cachePath } from '../files/folders.js';
import { unpackedFolder } from '../files/unpacked-folder.js';
import type { BrowserProgram } from './browser-program.js';

const PACKAGE = '@sparticuz/chromium';

/** The package brings the libraries that a bare machine lacks only where it believes to be in a function of Lambda. */
const LAMBDA = `nodejs${process.versions.node.split('.')[0]}.x`;

/**
 * Unpacks into the temporary folder, and takes what it finds there for its own: so it gets one that nobody else can write, in a process of
 * its own, as it also changes the environment of the one that it runs in.
 */
const UNPACK =
  'const m = require(process.argv[1]); (m.default ?? m).executablePath().catch((e) => { require("node:fs").writeSync(2, e.message); process.exit(1); })';

/**
 * The browser that npm brought along, unpacked into the user's cache folder at first use, and what is unpacked (210 MB) checked by
 * hash each time: a third of a second of processor time, once for a process, of the seconds that a browser takes to start.
 * @throws EnvironmentError when there is no folder that only this user can write; what unpacking fails with
 */
export async function packagedBrowser(): Promise<BrowserProgram> {
  const entry = require.resolve(PACKAGE);
  const folder = await unpackedFolder(cachePath('browser'), `chromium-${versionOf(entry)}`, async (place) => {
    const env = { ...process.env, TMPDIR: place, AWS_LAMBDA_JS_RUNTIME: LAMBDA };
    await promisify(execFile)(process.execPath, ['-e', UNPACK, entry], { env });
    writeFileSync(path.join(place, FONTS_FILE), fontConfiguration());
  });
  const { LD_LIBRARY_PATH: others } = process.env;
  const libraries = path.join(folder, 'al2023', 'lib');
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      ...process.env,
      HOME: process.env.HOME ?? folder,
      LD_LIBRARY_PATH: others ? `${libraries}${path.delimiter}${others}` : libraries,
      FONTCONFIG_PATH: path.join(folder, 'fonts'),
      FONTCONFIG_FILE: path.join(folder, FONTS_FILE),
    },
  };
}

const FONTS_FILE = 'fonts.conf';

/** The package's configuration knows its one font alone; signs that this lacks, as arrows, come from the system's. */
function fontConfiguration(): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>
`;
}

/** Of the package that a file belongs to. */
function versionOf(file: string): string {
  const [root] = file.split(`${path.sep}build${path.sep}`);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
