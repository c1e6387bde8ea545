/**
 * `npm run fuzz -- [--seconds N] [--target NAME] [--seed N] [--cases N] [--case N]`: gives every reader of a format that comes from outside, and every kernel, changed files and wrong
 * calls, in a process of its own. A finding is an error that is not ours, a crash, a hang, memory that grows, or something accepted that
 * is not sound; its input is written to `results/fuzz/`, and the status is 1.
 *
 *     --seconds   for each target; default 20
 *     --target    that one alone
 *     --seed      of all cases: the same seed gives the same cases. Default: the day, so that every day has its own
 *     --cases     at most so many for each target
 *     --case      that one alone, again
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const failures = path.resolve(here, '../../results/fuzz');

/** A case takes milliseconds; a process needs some seconds to begin. */
const HANG_MS = 60_000;

const NAMES = [
  ...[
    'npy',
    'npz',
    'gzip',
    'csv',
    'table',
    'idx',
    'pickle',
    'cifar',
    'picture',
    'shape',
    'model',
    'checkpoint',
    'config',
    'sweep',
    'job',
  ],
  ...['native-hostile', 'wasm-hostile', 'reference-hostile', 'native-valid', 'wasm-valid'],
];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    target: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
    cases: { type: 'string', default: '1e15' },
    case: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds: expected a number above 0, got ${values.seconds}`);
const names = values.target === undefined ? NAMES : [values.target];
const unknown = names.find((name) => !NAMES.includes(name));
if (unknown !== undefined) throw new Error(`--target: expected one of ${NAMES.join(', ')}, got ${unknown}`);

const MOST_FINDINGS = 20;
const scratch = mkdtempSync(path.join(tmpdir(), 'xnorlab-fuzzing-'));
let findings = 0;
try {
  for (const name of names) await fuzz(name);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = findings > 0 ? 1 : 0;

async function fuzz(name) {
  const one = values.case === undefined ? undefined : Number(values.case);
  let next = one ?? 0;
  const last = one === undefined ? Number(values.cases) : one + 1;
  let [left, cases, accepted, found] = [seconds, 0, 0, 0];
  while (left > 0 && next < last && found < MOST_FINDINGS) {
    const outcome = await watch(name, next, last, left);
    for (const { finding, case: number, file } of outcome.findings) {
      found++;
      process.stderr.write(
        `${name}, seed ${values.seed}, case ${number}${file ? `, ${file}` : ''}:\n${finding}\n\n`,
      );
    }
    cases += outcome.cases;
    accepted += outcome.accepted;
    next += Math.max(1, outcome.cases);
    left -= outcome.seconds;
  }
  findings += found;
  const counts = `${String(cases).padStart(9)} cases, ${String(accepted).padStart(8)} accepted, ${found} findings`;
  process.stdout.write(`${name.padEnd(18)} ${counts}, ${(seconds - left).toFixed(0)} s\n`);
}

/** Lets a process run cases until they are done or the time is up; one that hangs or dies is a finding. */
function watch(name, first, last, left) {
  const place = path.join(scratch, `${name}-${first}`);
  const script = path.join(here, 'child.mjs');
  const args = [
    '--max-old-space-size=1024',
    script,
    name,
    values.seed,
    first,
    last,
    left,
    place,
    failures,
  ].map(String);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const result = { findings: [], cases: 0, accepted: 0, seconds: 1 };
  let [text, complaint, isHung] = ['', '', false];
  child.stdout.on('data', (piece) => (text += piece));
  child.stderr.on('data', (piece) => (complaint = `${complaint}${piece}`.slice(-4000)));
  let [at, since] = [first, performance.now()];
  const timer = setInterval(() => {
    const now = runningCase(place, first);
    // Loading all of it can take long where others want the processors, too.
    if (now !== at || !existsSync(place)) [at, since] = [now, performance.now()];
    isHung = performance.now() - since > HANG_MS;
    if (isHung) child.kill('SIGKILL');
  }, 100);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearInterval(timer);
      const reached = runningCase(place, first);
      result.cases = reached - first;
      for (const line of text.split('\n').filter(Boolean)) {
        const told = JSON.parse(line);
        if (told.finding !== undefined) result.findings.push(told);
        else Object.assign(result, told);
      }
      const ended = isHung
        ? `hangs for ${HANG_MS / 1000} s`
        : `ends the process (${signal ?? `status ${code}`})\n${complaint}`;
      if (code !== 0) {
        result.findings.push({ finding: ended, case: reached });
        result.cases = reached - first + 1;
      }
      resolve(result);
    });
  });
}

/** The case that a process runs, or ran last. */
function runningCase(place, first) {
  try {
    const bytes = readFileSync(place);
    return bytes.length === 8 ? bytes.readDoubleLE() : first;
  } catch {
    return first;
  }
}
