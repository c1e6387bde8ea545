import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RandomStream } from '../dist/core/random.js';
import { markdownTable } from '../dist/tables/markdown.js';
import { show, spread } from './timing.js';

const DIST = path.resolve(__dirname, '..', 'dist');
const COLUMNS = 784;
const ROWS_AT_ONCE = 500;

/** Run by a process of its own, so that its peak memory is that of loading: what a set takes until it is packed. */
const PREPARE = `
const { prepareData } = require(process.argv[1] + '/node/prepare-data.js');
const { parseTrainConfig } = require(process.argv[1] + '/training/config.js');
const rule = { name: 'local-error', layers: [16], groupSize: 4 };
const before = process.cpuUsage();
prepareData(parseTrainConfig({ dataset: process.argv[2], rule }), { dataDir: process.argv[3] }).then(() => {
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ seconds: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024 }));
});`;

interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * Processor time and peak memory from files to packed bits, anew and from the cache, for sets of float features made for this.
 * @param rows - of the array; the table has a tenth
 */
export function loading(say: (text: string) => void, repeats: number, rows = 50_000): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-bench-'));
  try {
    writeArray(path.join(folder, 'array', 'train'), rows);
    writeArray(path.join(folder, 'array', 'test'), 1000);
    for (const [split, size] of [
      ['train', rows / 10],
      ['test', 500],
    ] as const)
      writeTable(path.join(folder, 'table', `${split}.csv`), size);
    say('\n## From files to packed bits, processor time\n');
    const sets = { array: `.npy, ${rows} × ${COLUMNS} float32`, table: `.csv, ${rows / 10} × ${COLUMNS}` };
    const table = Object.entries(sets).flatMap(([name, files]) =>
      (['off', 'on'] as const).map((cache) => {
        if (cache === 'on') cost(name, folder, cache);
        const costs = Array.from({ length: repeats }, () => cost(name, folder, cache));
        return {
          files,
          cache: cache === 'on' ? 'kept' : 'off',
          s: show(spread(costs.map(({ seconds }) => seconds)), 2),
          'peak MB': spread(costs.map(({ megabytes }) => megabytes)).median.toFixed(0),
        };
      }),
    );
    say(markdownTable(table));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cost(name: string, folder: string, cache: 'on' | 'off'): Cost {
  const env = { ...process.env, XNORLAB_CACHE: cache, XDG_CACHE_HOME: path.join(folder, 'cache') };
  const output = execFileSync(process.execPath, ['-e', PREPARE, DIST, name, folder], {
    env,
    encoding: 'utf8',
  });
  return JSON.parse(output) as Cost;
}

function writeArray(folder: string, rows: number): void {
  const random = RandomStream.named(1, 'bench/loading');
  mkdirSync(folder, { recursive: true });
  write(path.join(folder, 'features.npy'), (put) => {
    put(header('<f4', `${rows}, ${COLUMNS}`));
    for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
      const values = new Float32Array(Math.min(ROWS_AT_ONCE, rows - row) * COLUMNS);
      for (let i = 0; i < values.length; i++) values[i] = random.normal();
      put(new Uint8Array(values.buffer));
    }
  });
  write(path.join(folder, 'labels.npy'), (put) => {
    put(header('|u1', `${rows},`));
    put(Uint8Array.from({ length: rows }, (_, i) => i % 10));
  });
}

function writeTable(file: string, rows: number): void {
  const random = RandomStream.named(2, 'bench/loading');
  mkdirSync(path.dirname(file), { recursive: true });
  write(file, (put) => {
    put(Buffer.from(`${Array.from({ length: COLUMNS }, (_, c) => `f${c}`).join(',')},label\n`));
    for (let row = 0; row < rows; row++) {
      const numbers = Array.from({ length: COLUMNS }, () => random.normal().toFixed(4));
      put(Buffer.from(`${numbers.join(',')},${row % 10}\n`));
    }
  });
}

function header(type: string, shape: string): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY\x01\x00\x76\x00', 'latin1'),
    Buffer.from(`${text}\n`),
  ]);
}

function write(file: string, contents: (put: (bytes: Uint8Array) => void) => void): void {
  const descriptor = openSync(file, 'w');
  try {
    contents((bytes) => writeSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
