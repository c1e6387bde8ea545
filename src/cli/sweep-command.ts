import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { ConfigFile } from '../node/config-file.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { parseAddress } from '../node/queue/address.js';
import { sweepOf } from '../node/sweep/read-sweep.js';
import { type SweepSummary, sweep } from '../node/sweep/sweep.js';
import type { TrainConfig } from '../training/config.js';
import { expandSweep } from '../training/sweep/expand.js';
import { describeFields, distinguishingFields } from '../training/sweep/fields.js';
import type { SweepBest, SweepRun } from '../training/sweep/sweep-runs.js';
import { sweepProgress } from './progress.js';

interface SweepFlags {
  readonly store?: string | undefined;
  readonly workers?: string | undefined;
  readonly backend?: string | undefined;
  readonly queue?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly retryFailed?: true | undefined;
  readonly checkpointSeconds?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly json?: true | undefined;
}

/** `xnorlab sweep FILE`: trains every run of a sweep into a store. Ends with 1 when a run failed. */
export function sweepCommand(): CommandUnknownOpts {
  const command = new Command('sweep')
    .description('Train the runs of a sweep into a store; called again, it goes on where it was.')
    .argument('<file>', 'the sweep, YAML or JSON')
    .option('--rules <file>', 'JavaScript or TypeScript that registers rules of your own; can be given again')
    .option('--store <dir>', 'the folder that the runs go to; made if need be')
    .option('--workers <n>', 'runs that are trained at the same time (one per processor)')
    .option('--backend <name>', 'kernels: auto, native, wasm or reference (auto)')
    .option('--queue <address>', 'have them trained by the workers of a queue: redis://host:6379')
    .option('--data-dir <dir>', 'where data sets are looked for first')
    .option('--retry-failed', 'run again what failed before')
    .option('--checkpoint-seconds <s>', 'least time between two checkpoints of a run; 0: every epoch (10)')
    .option('--dry-run', 'list the runs and train nothing')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(runSweep);
  return command;
}

async function runSweep(file: string, flags: SweepFlags): Promise<void> {
  const source = ConfigFile.read(file);
  const spec = sweepOf(source);
  const configs = await source.check(() => expandSweep(spec));
  if (flags.dryRun) {
    writeOut(flags.json ? toJson(configs) : listing(configs));
    return;
  }
  if (!flags.store) throw new ArgumentError('--store', 'the folder that the runs go to', flags.store);
  const { store, queue, backend, dataDir, retryFailed } = flags;
  const workers = asNumber(flags.workers);
  const checkpointSeconds = asNumber(flags.checkpointSeconds);
  if (queue) tell(`trained by the workers of ${parseAddress(queue).shown}: xnorlab worker`);
  const progress = sweepProgress();
  try {
    const outcome = await source.check(() =>
      sweep(spec, {
        store,
        queue,
        backend,
        dataDir,
        workers,
        retryFailed,
        checkpointSeconds,
        ...progress.hooks,
      }),
    );
    progress.stop();
    writeOut(flags.json ? toJson(outcome) : inWords(outcome, store));
    if (outcome.failed > 0) process.exitCode = 1;
  } finally {
    progress.stop();
  }
}

function asNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function listing(configs: readonly TrainConfig[]): string {
  const lines = distinguishingFields(configs).map((fields, i) => `${i + 1}  ${describeFields(fields)}\n`);
  return `${lines.join('')}${configs.length} runs\n`;
}

function inWords({ runs, finished, skipped, failed, best }: SweepSummary, store: string): string {
  const bestLine =
    best && `  best mean on validation data: ${[best.label, accuracyOf(best)].filter(Boolean).join(', ')}`;
  return [
    `${runs.length} runs in ${store}: ${finished} finished now, ${skipped} before, ${failed} failed`,
    ...(bestLine ? [bestLine] : []),
    ...failureLines(runs),
    '',
  ].join('\n');
}

function accuracyOf({ validationAccuracy, standardDeviation, n }: SweepBest): string {
  const spread = standardDeviation === null ? '' : ` ± ${standardDeviation.toFixed(2)}`;
  return `${validationAccuracy.toFixed(2)}${spread} % (n = ${n})`;
}

/** One line for all runs that failed for the same reason. */
function failureLines(runs: readonly SweepRun[]): string[] {
  const labels = new Map<string, string[]>();
  for (const { label, error } of runs) {
    if (error !== undefined) labels.set(error, [...(labels.get(error) ?? []), label]);
  }
  return [...labels].map(([error, [first, ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `  failed: ${first}${more}: ${error}`;
  });
}
