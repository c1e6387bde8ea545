import type { Redis } from 'ioredis';
import { KEY_PREFIX, QUEUE_NAME_PREFIX } from './settings.js';

/** A worker that is connected. */
export interface PresentWorker {
  /** Its xnorlab; undefined for one of 0.2, which had one queue for all. */
  readonly version: string | undefined;
  /** As it calls itself; empty for one of 0.2. */
  readonly name: string;
}

/** The workers that are connected to a Redis, of all versions: as BullMQ names their connections. */
export async function presentWorkers(client: Redis): Promise<PresentWorker[]> {
  const list = String(await client.client('LIST'));
  return [...list.matchAll(/(?<= |^)name=(\S+)/gm)].flatMap(([, connection]): PresentWorker[] => {
    const [prefix, queue = '', kind, ...name] = connection.split(':');
    if (prefix !== KEY_PREFIX || (kind !== undefined && kind !== 'w')) return [];
    const queueName = Buffer.from(queue, 'base64').toString();
    if (queueName === 'runs') return [{ version: undefined, name: '' }];
    if (!queueName.startsWith(QUEUE_NAME_PREFIX)) return [];
    return [{ version: queueName.slice(QUEUE_NAME_PREFIX.length), name: name.join(':') }];
  });
}
