import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { loadPart } from '../node/parts.js';
import { writeOut } from '../node/printing/terminal.js';
import type { QueueContents, QueuedRun } from '../node/queue/queue-jobs.js';

const ACTIONS = ['list', 'retry', 'drop'] as const;

/** `xnorlab queue`: what a queue holds, and what was put aside: queue it again, or drop it. */
export function queueCommand(): CommandUnknownOpts {
  const command = new Command('queue')
    .description(
      'Say what a queue holds; queue again or drop what was put aside, as no worker could train it.',
    )
    .argument('[action]', 'list, retry or drop', 'list')
    .argument('[keys...]', 'keys of runs (retry and drop: all that were put aside or given up)')
    .option('--queue <address>', 'where runs are queued: redis://host:6379')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async (action, keys, { queue, json }) => {
    if (!queue) throw new ArgumentError('--queue', 'the address of a Redis, redis://host:6379', queue);
    if (!isAction(action)) throw new ArgumentError('action', 'list, retry or drop', action);
    if (action === 'list' && keys.length > 0) throw new ArgumentError('keys', 'none: list says all', keys);
    const { QueueJobs } = await loadPart('queue', () => import('../node/queue/queue-jobs.js'));
    const jobs = await QueueJobs.open(queue);
    try {
      if (action === 'list') {
        const contents = await jobs.list();
        writeOut(json ? document(contents) : inWords(contents));
      } else {
        const taken = await jobs[action](keys);
        const done = action === 'retry' ? 'queued again' : 'dropped';
        writeOut(json ? document({ [action]: taken }) : `${taken.length} runs ${done}\n`);
      }
    } finally {
      jobs.close();
    }
  });
  return command;
}

function isAction(word: string): word is (typeof ACTIONS)[number] {
  return (ACTIONS as readonly string[]).includes(word);
}

function inWords({ workers, runs }: QueueContents): string {
  const counts = ['aside', 'failed', 'refused', 'waiting', 'active', 'finished'].map((state) => [
    state,
    runs.filter((run) => run.state === state).length,
  ]);
  const told = counts.filter(([, count]) => count !== 0).map(([state, count]) => `${count} ${state}`);
  const versions = [...new Set(workers.map(({ version }) => version ?? '0.2'))];
  return [
    `${told.join(', ') || 'nothing'}; ${workers.length} workers${versions.length ? ` of xnorlab ${versions.join(', ')}` : ''}\n`,
    ...runs.filter(({ state }) => !['waiting', 'finished'].includes(state)).map(runInWords),
  ].join('');
}

function runInWords({ key, version, state, reasons, epochs }: QueuedRun): string {
  const head = `${key}  ${state}${epochs === undefined ? '' : ` after ${epochs} epochs`}  xnorlab ${version}\n`;
  return head + reasons.map(({ worker, reason }) => `    ${worker ? `${worker}: ` : ''}${reason}\n`).join('');
}

function document(content: object): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
