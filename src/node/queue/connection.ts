import { Redis } from 'ioredis';
import { checkNumber } from '../../core/check.js';
import { EnvironmentError } from '../../core/errors.js';
import { parseAddress, type QueueAddress } from './address.js';
import { KEY_PREFIX, QUEUE_NAME } from './settings.js';

const CONNECT_TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;
const DEFAULT_PATIENCE_SECONDS = 600;
const DAY_SECONDS = 86_400;

/** The oldest Redis with all that BullMQ asks for. */
const LEAST_REDIS = '6.2.0';

/** How to connect. */
export interface ConnectOptions {
  /** How long a lost connection is tried again, in [0, 86400]. Default 600. */
  readonly patienceSeconds?: number | undefined;
}

/** A Redis that answered and is fit for a queue. What is asked while the connection is lost waits for it to be back. */
export class QueueConnection {
  readonly #lost = new AbortController();
  #lostAt: number | undefined;
  #isReady = false;
  #isClosed = false;
  #lastError = 'no answer';
  #onChange: (isUp: boolean) => void = () => undefined;

  /** For BullMQ; its duplicates keep to the same patience. */
  readonly client: Redis;

  private constructor(
    readonly address: QueueAddress,
    readonly patienceSeconds: number,
  ) {
    this.client = new Redis(address.url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: null,
      retryStrategy: () => (this.#isHopeless() ? null : RETRY_MS),
    });
    this.client.on('error', (error: NodeJS.ErrnoException) => {
      this.#lastError = error.message || error.code || error.name;
    });
    this.client.on('close', () => {
      if (this.#lostAt !== undefined || this.#isClosed) return;
      this.#lostAt = performance.now();
      this.#onChange(false);
    });
    this.client.on('ready', () => {
      if (this.#lostAt === undefined) return;
      this.#lostAt = undefined;
      this.#onChange(true);
    });
    this.client.on('end', () => {
      if (!this.#isClosed) this.#lost.abort(this.#lossError());
    });
  }

  /**
   * @throws ArgumentError for what is no address of a Redis
   * @throws EnvironmentError when there is none, it refuses the password or keeps the user from what a queue does, is too old, a replica or in a cluster, forgets what it is
   *   given, or has no database of that number
   */
  static async open(
    queue: string,
    { patienceSeconds = DEFAULT_PATIENCE_SECONDS }: ConnectOptions = {},
  ): Promise<QueueConnection> {
    const address = parseAddress(queue);
    checkNumber('patienceSeconds', patienceSeconds, 0, DAY_SECONDS);
    const connection = new QueueConnection(address, patienceSeconds);
    try {
      await connection.#connect();
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Aborts when patience has ended; its reason is an EnvironmentError. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Has `listener` called when the connection gets lost and when it is back. */
  onChange(listener: (isUp: boolean) => void): void {
    this.#onChange = listener;
  }

  /** At once. Whatever still waits for an answer fails. */
  close(): void {
    this.#isClosed = true;
    // On what has ended by itself, ioredis would wait for its end.
    if (this.client.status !== 'end') this.client.disconnect();
  }

  async #connect(): Promise<void> {
    // What listens there may be no Redis, and never say anything.
    const timer = setTimeout(() => this.client.disconnect(), CONNECT_TIMEOUT_MS);
    let info: string;
    try {
      await this.client.connect();
      info = await this.client.info();
    } catch (error) {
      throw isDenial(error) ? this.#denial(error) : this.#refusal({ cause: error });
    } finally {
      clearTimeout(timer);
    }
    this.#isReady = true;
    this.#checkFitness(info);
    await this.#checkDatabase();
    await this.#checkPermission();
  }

  /** A worker that may not run scripts, or not touch the keys of the queue, would wait for ever. */
  async #checkPermission(): Promise<void> {
    try {
      await this.client.eval("return redis.call('del', KEYS[1])", 1, `${KEY_PREFIX}:${QUEUE_NAME}:nothing`);
    } catch (error) {
      // What else may be wrong is said when it hinders.
      if (isDenial(error)) throw this.#denial(error);
    }
  }

  #denial(cause: Error): EnvironmentError {
    return new EnvironmentError(
      `the Redis at ${this.address.shown} keeps its user from what a queue does (${cause.message})`,
      `Let the user run all commands, scripts and info among them, on keys ${KEY_PREFIX}:*.`,
      { cause },
    );
  }

  /** ioredis goes on in database 0 when there is none of the number asked for. */
  async #checkDatabase(): Promise<void> {
    const { db = 0 } = this.client.options;
    try {
      await this.client.select(db);
    } catch (cause) {
      throw new EnvironmentError(
        `the Redis at ${this.address.shown} has no database ${db} (${cause instanceof Error ? cause.message : cause})`,
        'Name one that there is: a Redis has 16, from 0 on, unless its `databases` says otherwise.',
        { cause },
      );
    }
  }

  #isHopeless(): boolean {
    if (!this.#isReady || this.#isClosed) return true;
    return this.#lostAt !== undefined && performance.now() - this.#lostAt > 1000 * this.patienceSeconds;
  }

  #refusal(options: ErrorOptions): EnvironmentError {
    const { shown } = this.address;
    const reason = this.#lastError;
    if (/^(WRONGPASS|NOAUTH)|invalid password/.test(reason)) {
      return new EnvironmentError(
        `the Redis at ${shown} refuses the user or password (${reason})`,
        'Write them into the address: redis://user:password@host:6379, with an empty user for the default one.',
        options,
      );
    }
    return new EnvironmentError(
      `no Redis answers at ${shown} (${reason})`,
      'Start one there, or correct the address.',
      options,
    );
  }

  #lossError(): EnvironmentError {
    return new EnvironmentError(
      `the connection to the Redis at ${this.address.shown} was lost for more than ${this.patienceSeconds} s (${this.#lastError})`,
      'See that it runs and can be reached, then call again: what is finished is kept.',
    );
  }

  #checkFitness(info: string): void {
    const { shown } = this.address;
    const version = infoField(info, 'redis_version') ?? 'an unknown version';
    if (version.localeCompare(LEAST_REDIS, undefined, { numeric: true }) < 0) {
      throw new EnvironmentError(
        `the Redis at ${shown} is ${version}, and ${LEAST_REDIS} is needed`,
        'Update it.',
      );
    }
    if (infoField(info, 'role') === 'slave') {
      const primary = `${infoField(info, 'master_host')}:${infoField(info, 'master_port')}`;
      throw new EnvironmentError(
        `the Redis at ${shown} is a replica, which takes no jobs`,
        `Name its primary, ${primary}.`,
      );
    }
    if (infoField(info, 'cluster_enabled') === '1') {
      throw new EnvironmentError(
        `the Redis at ${shown} is part of a cluster, over which a queue cannot be spread`,
        'Use a single Redis.',
      );
    }
    const policy = infoField(info, 'maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction') {
      throw new EnvironmentError(
        `the Redis at ${shown} may drop what it is given (maxmemory-policy ${policy})`,
        'Set maxmemory-policy noeviction.',
      );
    }
  }
}

/** Whether Redis knows the user, and has rules about what it may do. */
function isDenial(error: unknown): error is Error {
  return error instanceof Error && error.message.includes('NOPERM');
}

function infoField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}
