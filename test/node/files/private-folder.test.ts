import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../src/core/errors.js';
import { makePrivateFolder } from '../../../src/node/files/private-folder.js';
import { errorOf, temporaryFolder } from '../../data/helpers.js';

const isPosix = process.platform !== 'win32';

describe.skipIf(!isPosix)('makePrivateFolder', () => {
  it('makes folders that others cannot enter, and takes one of ours that they could', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b');
    await makePrivateFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o755);
    await makePrivateFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses a link in the place of the folder, wherever it leads', async () => {
    const base = await temporaryFolder();
    mkdirSync(path.join(base, 'target'));
    symlinkSync(path.join(base, 'target'), path.join(base, 'link'));
    const error = await errorOf(() => makePrivateFolder(path.join(base, 'link')));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toBe(
      `${path.join(base, 'link')} is a link, or no folder, so that nothing in it may be run. Name a cache folder of your own in XDG_CACHE_HOME.`,
    );
  });

  it('refuses a place that others can write', async () => {
    const base = await temporaryFolder();
    const open = path.join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const error = await errorOf(() => makePrivateFolder(path.join(open, 'mine')));
    expect(error.message).toMatch(/open can be written by others, so that nothing in it may be run\./);
    chmodSync(open, 0o1777);
    await makePrivateFolder(path.join(open, 'mine'));
  });

  it.skipIf(process.getuid?.() !== 0)('refuses a folder of somebody else', async () => {
    const { chownSync } = await import('node:fs');
    const folder = path.join(await temporaryFolder(), 'theirs');
    mkdirSync(folder);
    chownSync(folder, 12_345, 12_345);
    const error = await errorOf(() => makePrivateFolder(folder));
    expect(error.message).toMatch(/theirs belongs to somebody else, so that nothing in it may be run\./);
  });
});
