import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../files/folders.js';

/** Everything that building the addon leaves behind; ignored by git. */
export const BUILD_FOLDER = join(PACKAGE_ROOT, 'build', 'native');

const FILE_NAME = 'xnorlab_kernels.node';

/** The addon that was compiled in this checkout. */
export const ADDON_FILE = join(BUILD_FOLDER, FILE_NAME);

/** The addon that comes with the package, compiled for this system by who packed it. */
export const PREBUILD_FILE = join(
  PACKAGE_ROOT,
  'prebuilds',
  `${process.platform}-${process.arch}`,
  FILE_NAME,
);
