/**
 * Entry of the kernel's channel thread. It owns the channels on which Jupyter asks, so that interrupts and shutdowns
 * arrive and the heartbeat goes on while user code blocks the main thread, and it ends the process when Jupyter is gone.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Reply, Router } from 'zeromq';
import type { ChannelMessage, ChannelName, ChannelSettings } from './channels.js';
import { InterruptFlag } from './interrupt-flags.js';
import { bodyOf, messageType } from './message-frames.js';
import { cutOffUntilHandled } from './watchdog.js';

const { connection, flags } = workerData as ChannelSettings;

const SHUTDOWN_GRACE_MS = 1000;
const REPLY_WAIT_MS = 2;
const PARENT_CHECK_MS = 1000;

const sockets = {
  shell: new Router({ sendTimeout: 0, sendHighWaterMark: 0 }),
  control: new Router({ sendTimeout: 0, sendHighWaterMark: 0 }),
};
const heartbeat = new Reply();

async function main(): Promise<void> {
  const { shell_port, control_port, hb_port } = connection;
  await Promise.all([
    sockets.shell.bind(address(shell_port)),
    sockets.control.bind(address(control_port)),
    heartbeat.bind(address(hb_port)),
  ]);
  parentPort?.on('message', (message: 'close' | ChannelMessage) => {
    if (message === 'close') close();
    else void sockets[message.channel].send(message.frames.map((frame) => Buffer.from(frame)));
  });
  parentPort?.postMessage('ready');
  watchParent();
  await Promise.all([serveRequests('shell'), serveRequests('control'), echoHeartbeat()]);
}

function address(port: number): string {
  return `${connection.transport}://${connection.ip}:${port}`;
}

async function serveRequests(channel: ChannelName): Promise<void> {
  for await (const frames of sockets[channel]) {
    if (channel === 'control') handleControl(frames);
    else parentPort?.postMessage({ channel, frames } satisfies ChannelMessage);
  }
}

async function echoHeartbeat(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

/** A process that ends with a socket open prints a crash of zeromq's. */
function close(): void {
  for (const socket of [sockets.shell, sockets.control, heartbeat]) socket.close();
  Atomics.store(flags, InterruptFlag.closed, 1);
}

function handleControl(frames: Buffer[]): void {
  const type = messageType(frames);
  if (type === 'interrupt_request') {
    if (!isSigned(frames)) return;
    interrupt();
    reply(frames, 'interrupt_reply', { status: 'ok' });
    return;
  }
  if (type === 'shutdown_request' && isSigned(frames)) void endIfStuck(frames);
  parentPort?.postMessage({ channel: 'control', frames } satisfies ChannelMessage);
}

/** Sends SIGINT to the kernel and its children, as a terminal would, and sees to it that it takes effect. */
function interrupt(): void {
  Atomics.add(flags, InterruptFlag.sent, 1);
  try {
    process.kill(-process.pid, 'SIGINT');
  } catch {
    process.kill(process.pid, 'SIGINT');
  }
  void cutOffUntilHandled(flags);
}

/** The main thread answers a shutdown itself, unless it is stuck. */
async function endIfStuck(frames: Buffer[]): Promise<void> {
  await sleep(SHUTDOWN_GRACE_MS);
  reply(frames, 'shutdown_reply', { status: 'ok', restart: false });
  await sleep(REPLY_WAIT_MS);
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
  void sockets.control.send([...route, sign(parts), ...parts]);
}

void main();
