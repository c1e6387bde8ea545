import '../../rules/float-rules.js';
import { z } from 'zod';
import { ArgumentError, DataError, EnvironmentError } from '../../core/errors.js';
import { parse } from '../../core/parse.js';
import { RECORD_VERSION, type RunRecord } from '../../records/record.js';
import { runKey } from '../../records/run-key.js';
import { findRule } from '../../rules/registry.js';
import { parseTrainConfig, type TrainConfig } from '../../training/config.js';
import { ruleIdentity } from '../../training/rule-identity.js';
import type { RunDescription } from '../../training/sweep/runner.js';
import { software } from '../software.js';

const requestSchema = z.strictObject({
  xnorlab: z.string(),
  recordVersion: z.int(),
  rule: z.strictObject({ name: z.string(), version: z.int(), sha256: z.string().optional() }),
  datasetSha256: z.string(),
  config: z.record(z.string(), z.unknown()),
});

/** What a job asks for: a run, and on what its result depends besides. No code. */
export type RunRequest = z.output<typeof requestSchema>;

/** The request for a run. On which backend it runs is up to the worker, as results do not depend on it. */
export function runRequest(config: TrainConfig, { dataset }: RunDescription): RunRequest {
  return { ...ownVersions(config), datasetSha256: dataset.sha256, config: { ...config } };
}

/** The key of the run that is asked for. */
export function requestKey({ rule }: RunRequest, { resolved, dataset }: RunDescription): string {
  return runKey(resolved, dataset.sha256, rule);
}

/** A request that was checked. */
export interface CheckedRequest {
  readonly request: RunRequest;
  readonly config: TrainConfig;
}

/**
 * Checks what came from a queue.
 * @throws ArgumentError for a request or configuration that no xnorlab of this version writes
 * @throws EnvironmentError when it is of another version
 */
export function checkRequest(data: unknown): CheckedRequest {
  // First, as another version may ask in other words.
  checkVersion('xnorlab', (data as Partial<RunRequest> | null)?.xnorlab, software().xnorlab);
  const request = parse(requestSchema, data, 'job');
  checkVersion('records of version', request.recordVersion, RECORD_VERSION);
  checkRule(request.rule);
  const config = checkedConfig(request.config);
  const { rule } = ownVersions(config);
  if (request.rule.name !== rule.name) {
    throw new ArgumentError('job.rule.name', `${rule.name}, as in its configuration`, request.rule.name);
  }
  checkVersion(`${rule.name} of version`, request.rule.version, rule.version);
  return { request, config };
}

function checkedConfig(config: RunRequest['config']): TrainConfig {
  try {
    return parseTrainConfig(config);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const { path, expected, received } = error;
    throw new ArgumentError(['job.config', ...path.map(String)].join('.'), expected, received);
  }
}

/** @throws EnvironmentError for a rule that is not registered here, or comes from another file */
function checkRule({ name, sha256 }: RunRequest['rule']): void {
  const rule = findRule(name);
  if (!rule) {
    throw new EnvironmentError(
      `the run asks for the rule ${name}, which is not known here`,
      'A queue brings no code: start the worker with --rules and the file of the rule.',
    );
  }
  const here = rule.source?.sha256;
  if (here === sha256) return;
  const of = (hash: string | undefined): string =>
    hash === undefined ? 'in no file' : `in a file with the hash ${hash}`;
  throw new EnvironmentError(
    `the run asks for the rule ${name} ${of(sha256)}, and here it is ${of(here)}`,
    'Give the worker the same file, see --rules.',
  );
}

function checkVersion(what: string, asked: unknown, own: string | number): void {
  // Of another type, it is no version but a wrong request.
  if (asked === own || typeof asked !== typeof own) return;
  throw new EnvironmentError(
    `the run asks for ${what} ${asked}, and here is ${own}`,
    'Use the same xnorlab on both sides.',
  );
}

function ownVersions({
  rule,
}: Pick<TrainConfig, 'rule'>): Pick<RunRequest, 'xnorlab' | 'recordVersion' | 'rule'> {
  return { xnorlab: software().xnorlab, recordVersion: RECORD_VERSION, rule: ruleIdentity({ rule }) };
}

const progressSchema = z.strictObject({
  epoch: z.int(),
  epochs: z.int(),
  samplesShown: z.int(),
  samples: z.int(),
});

const newsSchema = z.union([
  z.strictObject({ progress: progressSchema }),
  z.strictObject({ refusal: z.strictObject({ worker: z.string(), reason: z.string() }) }),
]);

/** What a worker tells of a run: how far it is, or that this worker cannot train it and has ended for that. */
export type RunNews = z.output<typeof newsSchema>;

/** @returns undefined for anything else, such as nothing yet */
export function readNews(value: unknown): RunNews | undefined {
  return newsSchema.safeParse(value).data;
}

/** How a run ended: a failure that would come again is a result, too. */
export type RunOutcome =
  | { readonly record: RunRecord }
  | { readonly error: { readonly name: string; readonly message: string } };

const outcomeSchema = z.union([
  z.strictObject({
    record: z.looseObject({
      recordVersion: z.literal(RECORD_VERSION),
      config: z.looseObject({ epochs: z.int() }),
      rule: z.strictObject({ name: z.string(), version: z.int(), sha256: z.string().optional() }),
      dataset: z.looseObject({ sha256: z.string() }),
      epochs: z.array(z.looseObject({ epoch: z.int(), testAccuracy: z.number() })).min(1),
      testAccuracy: z.number(),
    }),
  }),
  z.strictObject({ error: z.strictObject({ name: z.string(), message: z.string() }) }),
]);

/**
 * Checks what came back from a queue.
 * @param source - the queue, for messages
 * @throws DataError unless it is the outcome of the run with that key
 */
export function checkOutcome(value: unknown, key: string, source: string): RunOutcome {
  const outcome = outcomeSchema.safeParse(value).data;
  if (!outcome) throw new DataError(source, `what came back for run ${key} is no record of a run`);
  if ('error' in outcome) return outcome;
  const { config, dataset, rule, epochs } = outcome.record;
  if (runKey(config, dataset.sha256, rule) !== key || epochs.length !== config.epochs) {
    throw new DataError(source, `what came back for run ${key} is the record of another run`);
  }
  // As it came: the schema brings keys into another order.
  return value as RunOutcome;
}
