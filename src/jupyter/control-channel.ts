import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConnectionInfo, FrameSender } from './tslab-internals.js';
import { WatchdogFlag } from './watchdog-flags.js';

/** What the control thread is started with. */
export interface ControlSettings {
  readonly connection: ConnectionInfo;
  readonly flags: Int32Array;
}

const CLOSE_WAIT_MS = 300;

/** Takes a message of the control channel; `sender` carries the reply back. */
export type ControlHandler = (sender: FrameSender, frames: Buffer[]) => void;

/**
 * Starts the thread that serves Jupyter's control channel.
 *
 * @param handle - gets every message but interrupts, which the thread handles itself
 * @returns when the channel is open
 */
export async function openControlChannel(settings: ControlSettings, handle: ControlHandler): Promise<void> {
  const thread = new Worker(join(__dirname, 'control-thread.js'), { workerData: settings });
  const sender: FrameSender = {
    send: (frames) => thread.postMessage(frames.map((frame) => Buffer.from(frame))),
  };
  process.once('exit', () => closeBeforeExit(thread, settings.flags));
  await new Promise<void>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (message: 'ready' | Uint8Array[]) => {
      if (message === 'ready') resolve();
      else handle(sender, toBuffers(message));
    });
  });
}

function toBuffers(frames: readonly Uint8Array[]): Buffer[] {
  return frames.map((frame) => Buffer.from(frame));
}

/** An exit handler cannot await, so it watches the flag. */
function closeBeforeExit(thread: Worker, flags: Int32Array): void {
  thread.postMessage('close');
  const until = performance.now() + CLOSE_WAIT_MS;
  while (Atomics.load(flags, WatchdogFlag.closed) === 0 && performance.now() < until);
}
