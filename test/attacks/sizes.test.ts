import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

/** What size-attacks.cjs tells of an attack. */
interface Attack {
  readonly name: string;
  readonly error?: string;
  readonly exitCode?: number;
  readonly message?: string;
  readonly grownMib: number;
}

/** Ends what hangs: all of them take seconds. */
const LIMIT_MS = 110_000;

/** What each must say: the option or the file that is to blame, and why. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  'layers of 46400 on native': /^rule\.layers\.1: expected matrices of at most 4\.00 GiB .*, got 46400$/,
  'layers of 46400 on wasm': /^rule\.layers\.1: expected matrices of at most 4\.00 GiB .*, got 46400$/,
  'layers of 46400 on reference': /^rule\.layers\.1: expected matrices of at most 4\.00 GiB .*, got 46400$/,
  'layers of 46400 by bep': /^rule\.layers\.1: .* \(weights \[46400, 46400\] take 4\.01 GiB\)/,
  'layers of 46400 by qat': /^rule\.layers\.1: .* \(weights \[46400, 46400\] take 8\.02 GiB\)/,
  'layers of 46400 by adam': /^rule\.layers\.1: /,
  'layers of 46400 by sgd': /^rule\.layers\.1: /,
  'layers of 46400 by iterative': /^rule\.layers\.1: /,
  'a run beyond the limit':
    /^rule\.layers\.1: expected a run that fits into 64 MiB of memory \(weights \[6000, 6000\] take \d+ MiB of \d+ MiB; see XNORLAB_MEMORY\), got 6000$/,
  'a job for layers of 46400': /^rule\.layers\.0: /,
  'prototypes of 1e9 features': /^features: expected a set of at most 4\.00 GiB/,
  'prototypes of 1e9 classes': /^classes: expected a set of at most 4\.00 GiB/,
  '1e9 seeds': /^axes\.0\.seeds: expected .* at most 100000, got 1000000000$/,
  '1e9 samples': /^axes\.0\.random\.samples: expected .* at most 100000, got 1000000000$/,
  'divisors of 2^53 - 1': /rule\.layers of at most 2147483647/,
  'a mapping of 300,000 keys': /keys\.yaml: expected a configuration of at most 256 KiB/,
  'a mapping of 20,000 keys, the last there before':
    /twice\.yaml:20001:1: expected valid YAML \(Map keys must be unique\), got 'k7: 2'$/,
  'ten thousand aliases': /aliases\.yaml: expected /,
  'lists in lists': /deep\.yaml/,
  'aliases of aliases': /Excessive alias count/,
  'a model of 5 KB of layers of 46400': /its record tells a network of 4\.\d+ GiB, \d+ KiB are there$/,
  'a model of 5 KB of a layer of 30000': /its record tells a network of /,
  'a model of 5 KB of 1e9 classes': /its record tells 1000000000 classes, there are 3 names$/,
  'a model of 5 KB of 1e9 inputs': /its record tells a network of /,
  'gzip of 3 GB': /bomb\.gz: \d MiB unpack to more than 64 MiB/,
  'gzip of 3 GB that tells 1 MB': /liar\.gz: \d MiB unpack to more than 64 MiB/,
  'npz of 1 GB': /bomb\.npz: \d+ .iB unpack to more than 64 MiB/,
  'npz of one array a hundred times': /overlap\.npz: \d+ .iB unpack to more than 64 MiB/,
  'png of 65535 by 65535': /says that it has 65535×65535 pixels/,
  'png of 10 by 10 that unpacks to 2 GB': /bomb\.png: is a damaged picture/,
  'npy of more than there is': /100 follow: truncated$/,
  'pickle that makes bytes of a text a thousand times': /more bytes made of texts than it has$/,
};

const USES = ['npy of 50,000 x 4,096 bools', 'npy of 50,000 x 512 packed bytes'];

describe('what tries to exhaust time or memory', () => {
  const told = new Map<string, Attack>();
  let last = 'nothing';

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-attacks-'));
    const script = path.join(__dirname, 'size-attacks.cjs');
    const child = spawn(process.execPath, [script, folder], { timeout: LIMIT_MS, killSignal: 'SIGKILL' });
    let text = '';
    child.stdout.on('data', (piece) => {
      text += String(piece);
    });
    let complaint = '';
    child.stderr.on('data', (piece) => {
      complaint += String(piece);
    });
    const status = await new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(signal ?? code));
    });
    rmSync(folder, { recursive: true });
    for (const line of text.split('\n').filter(Boolean)) {
      const outcome = JSON.parse(line) as Attack & { readonly begins?: string };
      if (outcome.begins === undefined) told.set(outcome.name, outcome);
      else last = outcome.begins;
    }
    expect(status, `the process ended in: ${last}\n${complaint}`).toBe(0);
  });

  it('ends in an error of ours that names what is to blame', () => {
    expect([...told.keys()]).toEqual([...Object.keys(EXPECTED), ...USES]);
    for (const [name, message] of Object.entries(EXPECTED)) {
      const attack = told.get(name);
      expect(attack?.message, name).toMatch(message);
      expect([1, 2], name).toContain(attack?.exitCode);
    }
  });

  it('takes at most 256 MiB', () => {
    for (const { name, grownMib } of told.values()) expect(grownMib, name).toBeLessThan(256);
  });

  it('is told from large files of bits, which are read as bits', () => {
    for (const name of USES) expect(told.get(name)?.error, name).toBeUndefined();
  });
});
