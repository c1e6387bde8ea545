import type { RunRecord } from '../../records/record.js';

/**
 * Where in a record what its configuration does not determine is found: how long it took, when, on what; and shapes and architecture,
 * which records of xnorlab 0.2 lack, and data and options cover.
 */
function isIncidental(key: string): boolean {
  return (
    key.endsWith('Ms') ||
    ['startedAt', 'backend', 'software', 'architecture', 'shape', 'inputShape'].includes(key)
  );
}

/**
 * The first place where two records of one configuration differ that should not, as `path: before, after`; undefined
 * when there is none. Times, backends and versions of software may differ.
 */
export function outcomeDifference(before: RunRecord, after: RunRecord): string | undefined {
  return difference(before, after, '');
}

function difference(before: unknown, after: unknown, path: string): string | undefined {
  if (!isNested(before) || !isNested(after)) {
    return Object.is(before, after) ? undefined : `${path}: ${before}, ${after}`;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isIncidental(key)) continue;
    const found = difference(before[key], after[key], path ? `${path}.${key}` : key);
    if (found) return found;
  }
  return undefined;
}

function isNested(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
