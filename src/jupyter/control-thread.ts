/**
 * Entry of the kernel's control thread. It owns Jupyter's control channel, so that interrupts and shutdowns arrive
 * while user code blocks the main thread, and it ends the process when Jupyter is gone.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { Session } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Router } from 'zeromq';
import type { ControlSettings } from './control-channel.js';
import { bodyOf, messageType } from './message-frames.js';
import { PREPARE_CUT_OFF, WatchdogFlag } from './watchdog-flags.js';

const { connection, flags } = workerData as ControlSettings;

/** The main thread gets this long to react by itself; one that waits for events does at once. */
const FIRST_LOOK_MS = 150;
const NEXT_LOOK_MS = 50;
const POLL_MS = 2;
/** Loading a module is given this long to end. */
const LOAD_LIMIT_MS = 5000;
const MAX_WATCH_MS = 60_000;
const SHUTDOWN_GRACE_MS = 1000;
const PARENT_CHECK_MS = 1000;

const socket = new Router({ sendTimeout: 0, sendHighWaterMark: 0 });

async function main(): Promise<void> {
  await socket.bind(`${connection.transport}://${connection.ip}:${connection.control_port}`);
  parentPort?.on('message', (message: 'close' | Uint8Array[]) => {
    if (message === 'close') close();
    else void socket.send(message.map((frame) => Buffer.from(frame)));
  });
  parentPort?.postMessage('ready');
  watchParent();
  for await (const frames of socket) handle(frames);
}

/** A process that ends with the socket open prints a crash of zeromq's. */
function close(): void {
  socket.close();
  Atomics.store(flags, WatchdogFlag.closed, 1);
}

function handle(frames: Buffer[]): void {
  const type = messageType(frames);
  if (type === 'interrupt_request') {
    if (!isSigned(frames)) return;
    interrupt();
    reply(frames, 'interrupt_reply', { status: 'ok' });
    return;
  }
  if (type === 'shutdown_request' && isSigned(frames)) void endIfStuck(frames);
  parentPort?.postMessage(frames);
}

/** Sends SIGINT to the kernel and its children, as a terminal would, and sees to it that it takes effect. */
function interrupt(): void {
  const number = Atomics.add(flags, WatchdogFlag.sent, 1) + 1;
  try {
    process.kill(-process.pid, 'SIGINT');
  } catch {
    process.kill(process.pid, 'SIGINT');
  }
  void cutOffWhenStuck(number);
}

async function cutOffWhenStuck(number: number): Promise<void> {
  const start = performance.now();
  await sleep(FIRST_LOOK_MS);
  while (!isAcknowledged(number) && performance.now() < start + MAX_WATCH_MS) {
    const isLoading =
      Atomics.load(flags, WatchdogFlag.loading) === 1 && performance.now() < start + LOAD_LIMIT_MS;
    if (!isLoading && Atomics.load(flags, WatchdogFlag.compiling) === 0) await cutOff(number);
    await sleep(NEXT_LOOK_MS);
  }
}

/** One attempt; comes back when the main thread has answered, or has reacted to the interrupt by itself. */
async function cutOff(number: number): Promise<void> {
  let isAnswered = false;
  // Connected only as long as needed: Node does not end a process that is being inspected.
  const inspector = new Session();
  inspector.connectToMainThread();
  inspector.post(
    'Runtime.evaluate',
    { expression: `globalThis[Symbol.for('${PREPARE_CUT_OFF}')]?.()` },
    () => {
      isAnswered = true;
    },
  );
  while (!isAnswered && !isAcknowledged(number)) {
    if (Atomics.exchange(flags, WatchdogFlag.ready, 0) === 1) {
      // Queued behind the evaluation, so it takes effect before any further line of user code.
      inspector.post('Runtime.terminateExecution');
      Atomics.store(flags, WatchdogFlag.ordered, 1);
    }
    await sleep(POLL_MS);
  }
  inspector.disconnect();
}

function isAcknowledged(number: number): boolean {
  return Atomics.load(flags, WatchdogFlag.acknowledged) >= number;
}

/** The main thread answers a shutdown itself, unless it is stuck. */
async function endIfStuck(frames: Buffer[]): Promise<void> {
  await sleep(SHUTDOWN_GRACE_MS);
  reply(frames, 'shutdown_reply', { status: 'ok', restart: false });
  await sleep(POLL_MS);
  process.kill(process.pid, 'SIGKILL');
}

/** Jupyter killed outright cannot stop its kernels; they would go on for ever. */
function watchParent(): void {
  if (!process.env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, PARENT_CHECK_MS);
}

function isSigned(frames: Buffer[]): boolean {
  const [signature, ...body] = bodyOf(frames);
  return signature?.toString() === sign(body.slice(0, 4));
}

function sign(parts: (Buffer | string)[]): string {
  const hmac = createHmac('sha256', connection.key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

function reply(frames: Buffer[], type: string, content: object): void {
  const [, header = Buffer.from('{}')] = bodyOf(frames);
  const own = {
    ...JSON.parse(header.toString()),
    msg_type: type,
    msg_id: randomUUID(),
    date: new Date().toISOString(),
  };
  const parts = [JSON.stringify(own), header.toString(), '{}', JSON.stringify(content)];
  const route = frames.slice(0, frames.length - bodyOf(frames).length);
  void socket.send([...route, sign(parts), ...parts]);
}

void main();
