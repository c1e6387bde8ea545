/**
 * Runs cases of one target, one after the other, in a process that may end: `child.mjs TARGET SEED FIRST LAST SECONDS PLACE FAILURES`. The number of the case
 * that runs stands in the file PLACE, so that whoever watches knows which one it was. Prints a line of JSON at the end, and one for each finding.
 */
import { mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const folder = path.dirname(fileURLToPath(import.meta.url));
const jiti = createJiti(import.meta.url);
const { TARGETS, runCase } = await jiti.import('./targets.ts');
const { RandomStream } = await jiti.import('../../src/core/random.ts');

const [, , name, seed, first, last, seconds, place, failures] = process.argv;
const target = TARGETS.find((one) => one.name === name);
if (!target) throw new Error(`no target ${name}: ${TARGETS.map((one) => one.name).join(', ')}`);
const corpusFolder = path.join(folder, 'corpus', name);
const corpus = readIfThere(corpusFolder).map(
  (file) => new Uint8Array(readFileSync(path.join(corpusFolder, file))),
);

/** A process that has grown to this leaks, or holds on to what it was given. */
const MOST_MIB = 1500;
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
/** Loading all of it takes seconds, which do not count. */
const until = Date.now() + 1000 * Number(seconds);
const watched = openSync(place, 'w');
const number = Buffer.alloc(8);
let accepted = 0;
let found = 0;
let next = Number(first);
for (; next < Number(last) && Date.now() < until; next++) {
  number.writeDoubleLE(next);
  writeSync(watched, number, 0, 8, 0);
  const input = target.input(corpus, RandomStream.named(Number(seed), `fuzz/${name}/${next}`));
  const outcome = await runCase(target, input);
  if (outcome.accepted) accepted++;
  if (outcome.finding !== undefined) {
    tell({ finding: outcome.finding, case: next, file: keep(input) });
    if (++found >= 20) break;
  }
  if (next % 1000 === 0 && process.memoryUsage.rss() > MOST_MIB * 2 ** 20) {
    tell({ finding: `the process has grown beyond ${MOST_MIB} MiB`, case: next });
    break;
  }
}
tell({ cases: next - Number(first), accepted, seconds: Number(seconds) - (until - Date.now()) / 1000 });
process.exit(0);

function readIfThere(files) {
  try {
    return readdirSync(files).sort();
  } catch {
    return [];
  }
}

/** An input that found something, for the next who looks. */
function keep(input) {
  mkdirSync(failures, { recursive: true });
  const file = path.join(failures, `${name}-${seed}-${next}`);
  writeFileSync(file, input);
  return file;
}
