import { join } from 'node:path';

/** The package's folder, whether this file runs from `src` or from `dist`. */
export const PACKAGE_ROOT = join(__dirname, '..', '..', '..', '..');

/** Everything that building the addon leaves behind; ignored by git. */
export const BUILD_FOLDER = join(PACKAGE_ROOT, 'build', 'native');

/** The compiled addon. */
export const ADDON_FILE = join(BUILD_FOLDER, 'xnorlab_kernels.node');
