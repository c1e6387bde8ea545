import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** Whether tests can have a Redis of their own; otherwise they are skipped, or fail where CI expects one. */
export const hasRedis = canRun('redis-server', '--version');
if (!hasRedis) {
  const problem = 'there is no redis-server (apt install redis-server): the queue is not tested';
  if (process.env.XNORLAB_EXPECT_REDIS === '1') throw new Error(problem);
  console.warn(problem);
}

function canRun(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A Redis on a free port of this machine, with its data in a folder of its own. */
export class RedisServer {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
    readonly options: readonly string[],
  ) {}

  /** @param options - such as `--requirepass secret` */
  static async start(...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(
      await freePort(),
      mkdtempSync(path.join(tmpdir(), 'xnorlab-redis-')),
      options,
    );
    await server.begin();
    return server;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const persistence = ['--appendonly', 'yes', '--save', ''];
    this.#process = spawn('redis-server', [...args, ...persistence, ...this.options], { stdio: 'ignore' });
    for (let attempt = 0; attempt < 500 && !(await this.#answers()); attempt++) await sleep(20);
  }

  /** @param signal - SIGTERM lets it write what it holds; SIGKILL may cost the last second */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    const client = new Redis(this.port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    let problem = '';
    client.on('error', (error) => {
      problem = error.message;
    });
    try {
      await client.connect();
      return true;
    } catch {
      return problem.startsWith('NOAUTH');
    } finally {
      client.disconnect();
    }
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
