import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../src/core/errors.js';
import { checkWritable, reserveFile, writeFileAtomically } from '../../../src/node/files/atomic-file.js';
import { temporaryBeside } from '../../../src/node/files/temporary-file.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-files-'));
  file = path.join(folder, 'result.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names as a process would have them that is no more. */
function ofTheDead(name = file): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return temporaryBeside(name).replace(`-${process.pid}-`, `-${pid}-`);
}

describe('what a killed writer left', () => {
  it('goes when the file is written again; that of one who lives, and of other files, stays', async () => {
    const gone = ofTheDead();
    const old = path.join(folder, '.result.json.01234567-89ab-cdef-0123-456789abcdef.tmp');
    const stays = [
      temporaryBeside(file),
      ofTheDead(path.join(folder, 'other.json')),
      // Of another machine, and of an older version: somebody may still be at them.
      temporaryBeside(file).replace(/\.[0-9a-f]{8}-/, '.00000000-'),
      path.join(folder, '.result.json.11234567-89ab-cdef-0123-456789abcdef.tmp'),
      path.join(folder, '.result.json.mine.tmp'),
    ];
    for (const each of [gone, old, ...stays]) writeFileSync(each, 'half');
    utimesSync(old, 1, 1);
    await writeFileAtomically(file, 'whole');
    expect(readFileSync(file, 'utf8')).toBe('whole');
    expect(readdirSync(folder).sort()).toEqual([file, ...stays].map((each) => path.basename(each)).sort());
  });

  it('is noticed by who looks whether a file can be written, too', async () => {
    writeFileSync(ofTheDead(), 'half');
    await checkWritable(file);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('writers of one file at the same time', () => {
  it('leave one of their contents and nothing else', async () => {
    const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000));
    await Promise.all(contents.map((each) => writeFileAtomically(file, each)));
    expect(contents).toContain(readFileSync(file, 'utf8'));
    expect(readdirSync(folder)).toEqual(['result.json']);
  });
});

describe('a reserved file', () => {
  it('takes its room, and is the file with what is written, shorter or longer', async () => {
    for (const length of [10, 200_000]) {
      const reserved = await reserveFile(file, 100_000);
      const [temporary] = readdirSync(folder).filter((name) => name.startsWith('.'));
      expect(readFileSync(path.join(folder, temporary))).toHaveLength(100_000);
      await reserved.write('x'.repeat(length));
      await reserved.release();
      expect(readFileSync(file, 'utf8')).toBe('x'.repeat(length));
      expect(readdirSync(folder)).toEqual(['result.json']);
    }
  });

  it('that is given back leaves what was there', async () => {
    writeFileSync(file, 'before');
    const reserved = await reserveFile(file, 10);
    await reserved.release();
    await reserved.release();
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['result.json']);
  });

  it('says where it cannot be', async () => {
    writeFileSync(path.join(folder, 'text'), '');
    const reserving = reserveFile(path.join(folder, 'text', 'file'), 10);
    await expect(reserving).rejects.toThrow(EnvironmentError);
    await expect(reserving).rejects.toThrow(`cannot write ${path.join(folder, 'text', 'file')}: `);
  });
});
