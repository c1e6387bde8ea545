import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../files/folders.js';

/** Everything that building the addon leaves behind; ignored by git. */
export const BUILD_FOLDER = join(PACKAGE_ROOT, 'build', 'native');

/** The compiled addon. */
export const ADDON_FILE = join(BUILD_FOLDER, 'xnorlab_kernels.node');
