import '../../rules/float-rules.js';
import { z } from 'zod';
import { ArgumentError, DataError, EnvironmentError } from '../../core/errors.js';
import { parse } from '../../core/parse.js';
import { checkRecord } from '../../records/check-record.js';
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

const refusedSchema = z.strictObject({
  times: z.int().min(1),
  by: z.array(z.strictObject({ worker: z.string(), reason: z.string() })).min(1),
});

const newsSchema = z.union([
  z.strictObject({ progress: progressSchema }),
  z.strictObject({ refused: refusedSchema }),
]);

/** What a worker tells of a run: how far it is, or who could not train it and why. */
export type RunNews = z.output<typeof newsSchema>;

/** How often a run was refused, and the last reason of each who did, the latest at the end. */
export type Refused = z.output<typeof refusedSchema>;

const KEPT_REASONS = 64;
const REASON_CHARACTERS = 2000;

/** What is known of a run's refusals when there is one more. */
export function refusedBy(before: Refused | undefined, worker: string, reason: string): Refused {
  const others = (before?.by ?? []).filter((each) => each.worker !== worker);
  const by = [...others, { worker, reason: reason.slice(0, REASON_CHARACTERS) }].slice(-KEPT_REASONS);
  return { times: (before?.times ?? 0) + 1, by };
}

/** @returns undefined for anything else, such as nothing yet */
export function readNews(value: unknown): RunNews | undefined {
  return newsSchema.safeParse(value).data;
}

/** @returns undefined where nobody has refused it */
export function readRefused(value: unknown): Refused | undefined {
  const news = readNews(value);
  return news && 'refused' in news ? news.refused : undefined;
}

/** How a run ended: a failure that would come again is a result, too. */
export type RunOutcome =
  | { readonly record: RunRecord }
  | { readonly error: { readonly name: string; readonly message: string } };

/** More than any name and message of ours. */
const ERROR_CHARACTERS = 20_000;

const outcomeSchema = z.union([
  z.strictObject({ record: z.unknown() }),
  z.strictObject({
    error: z.strictObject({ name: z.string().max(200), message: z.string().max(ERROR_CHARACTERS) }),
  }),
]);

/**
 * Checks what came back from a queue, all of it.
 * @param source - the queue, for messages
 * @throws DataError unless it is the outcome of the run with that key
 */
export function checkOutcome(value: unknown, key: string, source: string): RunOutcome {
  const outcome = outcomeSchema.safeParse(value).data;
  if (!outcome) throw new DataError(source, `what came back for run ${key} is no record of a run`);
  if ('error' in outcome) return outcome;
  const { config, dataset, rule } = checkedRecord(outcome.record, key, source);
  if (runKey(config, dataset.sha256, rule) !== key) {
    throw new DataError(source, `what came back for run ${key} is the record of another run`);
  }
  // As it came: the schema brings keys into another order.
  return value as RunOutcome;
}

function checkedRecord(value: unknown, key: string, source: string): RunRecord {
  try {
    return checkRecord(value);
  } catch (cause) {
    if (!(cause instanceof ArgumentError)) throw cause;
    throw new DataError(source, `what came back for run ${key} is no record of a run: ${cause.message}`, {
      cause,
    });
  }
}
