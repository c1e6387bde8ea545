/** Entry of the thread that reads what child processes print, and sends it on in order. */
import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { type PipeChunk, PipeFlag, type PipeThreadSettings } from './output-pipe.js';
import type { StreamName } from './output-stream.js';

const { ends, port, flags } = workerData as PipeThreadSettings;

const NAMES: readonly StreamName[] = ['stdout', 'stderr'];

function send(name: StreamName, bytes: Uint8Array): void {
  port.postMessage({ name, bytes } satisfies PipeChunk);
}

/** Reads what is in a pipe now. */
function readAll(name: StreamName): void {
  const buffer = Buffer.alloc(64 * 1024);
  for (;;) {
    let length: number;
    try {
      length = readSync(ends[name], buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
      throw error;
    }
    if (length === 0) return;
    send(name, buffer.subarray(0, length));
  }
}

for (const name of NAMES) {
  const socket = new Socket({ fd: ends[name], readable: true, writable: false });
  socket.on('data', (bytes) => send(name, bytes));
}

port.on('message', () => {
  const asked = Atomics.load(flags, PipeFlag.asked);
  for (const name of NAMES) readAll(name);
  Atomics.store(flags, PipeFlag.answered, asked);
  Atomics.notify(flags, PipeFlag.answered);
});
