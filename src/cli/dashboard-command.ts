import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { serveDashboard } from '../node/dashboard/server.js';
import { SnapshotSource } from '../node/dashboard/snapshot-source.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { openStore } from '../node/store/run-store.js';
import { encodeSnapshot } from '../records/store-snapshot.js';
import { dashboardPage } from '../site/dashboard-page.js';

/** `xnorlab dashboard --store DIR`: shows the runs of a store in a browser, as they come. */
export function dashboardCommand(): CommandUnknownOpts {
  const command = new Command('dashboard')
    .description(
      'Show the runs of a store in a browser while a sweep writes them, whoever trains: groups over seeds, curves, options against ' +
        'validation accuracy, failures. For this machine alone, for reading alone.',
    )
    .requiredOption('--store <dir>', 'the folder of the store')
    .option('--port <n>', 'port to serve at; 0 for any that is free', '0')
    .option('--export <file>', 'write the same as one HTML file to send around, instead of serving it');
  command.action(async ({ store: folder, port, export: file }) => {
    const at = portOf(port);
    const store = openStore(folder);
    try {
      const source = new SnapshotSource(store);
      if (file === undefined) await serve(source, at);
      else await exportPage(source, file);
    } finally {
      store.close();
    }
  });
  return command;
}

async function serve(source: SnapshotSource, port: number): Promise<void> {
  // A large store is read before anyone waits for it in a browser.
  source.refresh();
  const { address, close } = await serveDashboard(dashboardPage(parts()), source, port);
  writeOut(`${address}\n`);
  tell('Open it in a browser of this machine. Ctrl-C ends it.');
  const ended = new AbortController();
  await Promise.race(
    ['SIGINT', 'SIGTERM'].map((signal) =>
      once(process, signal, { signal: ended.signal }).catch(() => undefined),
    ),
  );
  ended.abort();
  await close();
}

async function exportPage(source: SnapshotSource, file: string): Promise<void> {
  source.refresh();
  const data = gzipSync(encodeSnapshot(source.snapshot()), { level: 9 }).toString('base64');
  await writeFileAtomically(file, dashboardPage({ ...parts(), data }));
  writeOut(`${file}\n`);
}

function parts(): { readonly style: string; readonly script: string } {
  const read = (name: string): string => readFileSync(path.join(PACKAGE_ROOT, 'dist', 'live', name), 'utf8');
  return { style: read('dashboard.css'), script: read('dashboard.js') };
}

function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ArgumentError('port', 'an integer in [0, 65535]', text);
}
