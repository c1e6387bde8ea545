import { z } from 'zod';
import { decodeContainer, encodeContainer } from '../../core/container.js';
import { CheckpointError } from '../../core/errors.js';
import { underPrefix, withPrefix } from '../../core/named-arrays.js';
import { type EpochRecord, RECORD_VERSION } from '../../records/record.js';
import type { RunIdentity, RunState } from '../../training/run-state.js';

const contentSchema = z
  .strictObject({
    run: z.unknown(),
    startedAt: z.iso.datetime(),
    elapsedMs: z.number(),
    epochs: z.array(z.custom<EpochRecord>(isObject)),
    order: z.array(z.int()).length(4),
    selectedEpoch: z.int().min(1),
  })
  .refine(({ epochs, selectedEpoch }) => selectedEpoch <= epochs.length);

/**
 * A run in progress as the bytes of a file: `encodeContainer` of the kind `run`. The content is `run` (configuration,
 * rule, data set and version of the record), `startedAt`, `elapsedMs`, `epochs`, `order` and `selectedEpoch`; the
 * arrays are those of the learner's state as `learner/…` and of the selected network as `selected/…`.
 */
export function encodeRun(identity: RunIdentity, state: RunState): Uint8Array {
  const { learner, selected, ...rest } = state;
  return encodeContainer('run', {
    content: { run: plainIdentity(identity), ...rest, selectedEpoch: selected.epoch },
    arrays: {
      ...withPrefix('learner', learner),
      ...(selected.state && withPrefix('selected', selected.state)),
    },
  });
}

/**
 * Reads what `encodeRun` wrote.
 * @param source - the file, to be named in errors
 * @throws CheckpointError when the bytes are no undamaged run, or are of another run than `identity`, saying where
 *   the two differ
 */
export function decodeRun(bytes: Uint8Array, identity: RunIdentity, source: string): RunState {
  const { content, arrays } = decodeContainer(bytes, 'run', source);
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) throw new CheckpointError(source, 'describes its run as no xnorlab does');
  const { run, selectedEpoch, ...rest } = parsed.data;
  const difference = firstDifference(run, plainIdentity(identity));
  if (difference) throw new CheckpointError(source, `is of another run: ${difference}`);
  const state = underPrefix('selected', arrays);
  const hasState = Object.keys(state).length > 0;
  return {
    ...rest,
    learner: underPrefix('learner', arrays),
    selected: { epoch: selectedEpoch, ...(hasState && { state }) },
  };
}

/** The identity as JSON gives it back, without shapes: the hash of the data covers them, and older files lack them. */
function plainIdentity({ config, rule, dataset: data }: RunIdentity): unknown {
  const { shape: _shape, inputShape: _inputShape, ...dataset } = data;
  return JSON.parse(JSON.stringify({ recordVersion: RECORD_VERSION, rule, config, dataset }));
}

/** Where two plain values differ first, in words; undefined if nowhere. The order of keys makes no difference. */
function firstDifference(found: unknown, expected: unknown, path = ''): string | undefined {
  if (!isObject(found) || !isObject(expected)) {
    if (found === expected) return undefined;
    return `its ${path} is ${JSON.stringify(found) ?? 'absent'}, here it is ${JSON.stringify(expected) ?? 'absent'}`;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const difference = firstDifference(found[key], expected[key], path ? `${path}.${key}` : key);
    if (difference) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
