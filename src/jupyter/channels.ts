import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InterruptFlag } from './interrupt-flags.js';
import type { ConnectionInfo, FrameSender } from './tslab-internals.js';

/** What the channel thread is started with. */
export interface ChannelSettings {
  readonly connection: ConnectionInfo;
  readonly flags: Int32Array;
}

/** The channels on which Jupyter asks. */
export type ChannelName = 'shell' | 'control';

/** A request or a reply on its way between the two threads. */
export interface ChannelMessage {
  readonly channel: ChannelName;
  readonly frames: readonly Uint8Array[];
}

const CLOSE_WAIT_MS = 300;

/** Takes a request; `sender` carries the reply back. */
export type RequestHandler = (sender: FrameSender, frames: Buffer[]) => void;

/**
 * Starts the thread that serves Jupyter's channels. Each request comes as an event of its own: nothing on the main
 * thread waits for messages that could be cut off together with a cell.
 *
 * @param handle - gets every request but interrupts, which the thread handles itself
 * @returns when the channels are open
 */
export async function openChannels(settings: ChannelSettings, handle: RequestHandler): Promise<void> {
  const thread = new Worker(join(__dirname, 'channel-thread.js'), { workerData: settings });
  const senderOf = (channel: ChannelName): FrameSender => ({
    send: (frames) => {
      const copies = frames.map((frame) => Buffer.from(frame));
      thread.postMessage({ channel, frames: copies } satisfies ChannelMessage);
    },
  });
  const senders = { shell: senderOf('shell'), control: senderOf('control') };
  process.once('exit', () => closeBeforeExit(thread, settings.flags));
  await new Promise<void>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (message: 'ready' | ChannelMessage) => {
      if (message === 'ready') resolve();
      else handle(senders[message.channel], toBuffers(message.frames));
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
  while (Atomics.load(flags, InterruptFlag.closed) === 0 && performance.now() < until);
}
