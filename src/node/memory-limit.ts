import { availableMemory, env } from 'node:process';
import { ArgumentError } from '../core/errors.js';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};

/**
 * How much memory a run may take: `$XNORLAB_MEMORY`, a number of bytes with K, M, G or T behind it (`4G`, `512M`; powers of 1024); else
 * what the system has left for this process, its control group included.
 * @throws ArgumentError for a variable that says something else
 */
export function memoryLimit(text: string | undefined = env.XNORLAB_MEMORY): number {
  if (text === undefined || text === '') return availableMemory();
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  if (amount !== undefined) return Number(amount) * UNITS[unit.toUpperCase()];
  throw new ArgumentError('XNORLAB_MEMORY', 'an amount of memory such as 4G or 512M', text);
}
