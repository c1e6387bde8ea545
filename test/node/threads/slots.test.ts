import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/core/errors.js';
import { Slots } from '../../../src/node/threads/slots.js';

const NEVER = new AbortController().signal;

/** Work that ends when it is told to, and a log of what began. */
function controlledWork(): {
  begun: string[];
  work: (name: string) => () => Promise<string>;
  end: (name: string) => void;
} {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    work: (name) => () => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    },
    end: (name) => ends.get(name)?.(),
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('lets so much go on at a time, the rest in order', async () => {
    const slots = new Slots(2);
    const { begun, work, end } = controlledWork();
    const all = ['a', 'b', 'c', 'd'].map((name) => slots.use('work', NEVER, work(name)));
    await settled();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    await settled();
    for (const name of ['c', 'd']) end(name);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
    const later = ['e', 'f', 'g'].map((name) => slots.use('work', NEVER, work(name)));
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    end('e');
    await settled();
    for (const name of ['f', 'g']) end(name);
    expect(await Promise.all(later)).toEqual(['e', 'f', 'g']);
  });

  it('gives the slot on when work fails', async () => {
    const slots = new Slots(1);
    const failing = slots.use('work', NEVER, () => Promise.reject(new RangeError('failed')));
    const next = slots.use('work', NEVER, async () => 'next');
    await expect(failing).rejects.toThrow(new RangeError('failed'));
    expect(await next).toBe('next');
    expect(await slots.use('work', NEVER, async () => 'later')).toBe('later');
  });

  it('lets what is aborted leave the queue', async () => {
    const slots = new Slots(1);
    const { begun, work, end } = controlledWork();
    const first = slots.use('work', NEVER, work('first'));
    const controller = new AbortController();
    const left = slots.use('work', controller.signal, work('left'));
    const last = slots.use('work', NEVER, work('last'));
    controller.abort();
    await expect(left).rejects.toThrow(new InterruptedError('work'));
    await expect(slots.use('work', controller.signal, work('late'))).rejects.toThrow('work was interrupted');
    end('first');
    await first;
    await settled();
    end('last');
    await last;
    expect(begun).toEqual(['first', 'last']);
  });
});
