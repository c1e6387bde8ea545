import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { loadPart } from '../node/parts.js';
import { tell } from '../node/printing/terminal.js';
import { ruleFiles } from '../rules/registry.js';

/** `xnorlab worker --queue redis://…`: trains runs that `xnorlab sweep --queue` submits, until it is stopped. */
export function workerCommand(): CommandUnknownOpts {
  const command = new Command('worker')
    .description('Train runs that xnorlab sweep --queue submits, until Ctrl-C.')
    .option('--queue <address>', 'where runs are taken from: redis://host:6379')
    .option('--workers <n>', 'runs that are trained at the same time (one per processor)')
    .option('--rules <file>', 'JavaScript or TypeScript that registers rules of your own; can be given again')
    .option('--data-dir <dir>', 'where data sets are looked for first');
  command.action(async ({ queue, workers, dataDir }) => {
    if (!queue) throw new ArgumentError('--queue', 'the address of a Redis, redis://host:6379', queue);
    // Nothing else needs Redis.
    const { QueueWorker } = await loadPart('queue', () => import('../node/queue/queue-worker.js'));
    const worker = await QueueWorker.open(queue, {
      workers: workers === undefined ? undefined : Number(workers),
      dataDir,
      rules: ruleFiles(),
      log,
    });
    log(`${worker.workers} runs at a time; Ctrl-C finishes them and ends, twice gives them back`);
    await untilStopped(worker);
  });
  return command;
}

interface Stoppable {
  run(): Promise<void>;
  finish(): void;
  giveBack(): void;
}

/** The third Ctrl-C ends the process as it would without us. */
async function untilStopped(worker: Stoppable): Promise<void> {
  const onFirst = (): void => {
    log('finishing what is begun; Ctrl-C again gives it back');
    process.once('SIGINT', onSecond);
    worker.finish();
  };
  const onSecond = (): void => worker.giveBack();
  process.once('SIGINT', onFirst);
  process.once('SIGTERM', onSecond);
  try {
    await worker.run();
  } finally {
    process.off('SIGINT', onFirst).off('SIGINT', onSecond).off('SIGTERM', onSecond);
  }
}

function log(line: string): void {
  tell(line);
}
