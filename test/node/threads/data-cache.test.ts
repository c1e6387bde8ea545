import { describe, expect, it } from 'vitest';
import { DataCache } from '../../../src/node/threads/data-cache.js';
import type { SharedData } from '../../../src/node/threads/shared-data.js';
import { parseTrainConfig, type TrainConfig } from '../../../src/training/config.js';

function configOf(name: string): TrainConfig {
  return parseTrainConfig({ dataset: name, rule: { name: 'local-error', layers: [10], groupSize: 5 } });
}

/** A cache of data of 100 bytes each, and the names of what was prepared. */
function cacheOf(idleBytes: number): { cache: DataCache; prepared: string[] } {
  const prepared: string[] = [];
  const cache = new DataCache(async ({ dataset }) => {
    prepared.push(dataset.name);
    if (dataset.name === 'broken' && prepared.length === 1) throw new RangeError('broken');
    return { key: dataset.name, sizeBytes: 100 } as SharedData;
  }, idleBytes);
  return { cache, prepared };
}

const nothing = (data: Promise<SharedData>): Promise<SharedData> => data;

describe('DataCache', () => {
  it('prepares once for all that need it at the same time', async () => {
    const { cache, prepared } = cacheOf(0);
    const all = ['a', 'b', 'a'].map((name) => cache.use(configOf(name), nothing));
    const [first, , third] = await Promise.all(all);
    expect(third).toBe(first);
    expect(prepared).toEqual(['a', 'b']);
  });

  it('frees what nobody needs, and nothing before', async () => {
    const { cache, prepared } = cacheOf(0);
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const long = cache.use(configOf('a'), () => ended);
    await cache.use(configOf('a'), nothing);
    await cache.use(configOf('a'), nothing);
    expect(prepared).toEqual(['a']);
    end();
    await long;
    await cache.use(configOf('a'), nothing);
    expect(prepared).toEqual(['a', 'a']);
  });

  it('keeps as much as it may of what was used last', async () => {
    const { cache, prepared } = cacheOf(200);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.use(configOf(name), nothing);
    expect(prepared).toEqual(['a', 'b', 'c', 'b']);
  });

  it('tries again what failed', async () => {
    const { cache, prepared } = cacheOf(200);
    await expect(cache.use(configOf('broken'), nothing)).rejects.toThrow(new RangeError('broken'));
    expect(await cache.use(configOf('broken'), nothing)).toMatchObject({ key: 'broken' });
    expect(prepared).toHaveLength(2);
  });
});
