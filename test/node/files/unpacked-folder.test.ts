import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackedFolder } from '../../../src/node/files/unpacked-folder.js';
import { errorOf, temporaryFolder } from '../../data/helpers.js';

describe('unpackedFolder', () => {
  it('makes a folder once, and again when anything in it has changed', async () => {
    const folder = path.join(await temporaryFolder(), 'cache');
    let made = 0;
    const make = async (place: string) => {
      made++;
      writeFileSync(path.join(place, 'program'), 'right');
      mkdirSync(path.join(place, 'lib'));
      writeFileSync(path.join(place, 'lib', 'library'), 'right, too');
    };
    const get = () => unpackedFolder(folder, 'version-1', make);
    const place = await get();
    expect(place).toBe(path.join(folder, 'version-1'));
    await get();
    expect(made).toBe(1);

    const spoilers: (() => void)[] = [
      () => writeFileSync(path.join(place, 'program'), 'wrong'),
      () => writeFileSync(path.join(place, 'lib', 'planted'), 'more'),
      () => rmSync(path.join(place, 'lib', 'library')),
      () => rmSync(`${place}.json`),
      () => writeFileSync(`${place}.json`, '{"program":'),
      () => rmSync(place, { recursive: true }),
    ];
    for (const [i, spoil] of spoilers.entries()) {
      spoil();
      expect(await get()).toBe(place);
      expect(made).toBe(i + 2);
      expect(readFileSync(path.join(place, 'program'), 'utf8')).toBe('right');
      expect(readdirSync(path.join(place, 'lib'))).toEqual(['library']);
    }
    expect(readdirSync(folder).sort()).toEqual(['version-1', 'version-1.json']);
  });

  it('leaves nothing behind of what cannot be made', async () => {
    const folder = path.join(await temporaryFolder(), 'cache');
    const error = await errorOf(() =>
      unpackedFolder(folder, 'version-1', async () => {
        throw new Error('no room');
      }),
    );
    expect(error.message).toBe('no room');
    expect(readdirSync(folder)).toEqual([]);
  });
});
