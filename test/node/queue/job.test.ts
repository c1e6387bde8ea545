import { describe, expect, it } from 'vitest';
import { ArgumentError, DataError, EnvironmentError } from '../../../src/core/errors.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import {
  checkOutcome,
  checkRequest,
  type Refused,
  readNews,
  readRefused,
  refusedBy,
  requestKey,
  runRequest,
} from '../../../src/node/queue/job.js';
import { train } from '../../../src/node/train.js';
import { parseTrainConfig } from '../../../src/training/config.js';
import { resolvedConfig } from '../../../src/training/prepared-data.js';

const CONFIG = parseTrainConfig({
  dataset: {
    name: 'prototypes',
    prototypes: { features: 40, classes: 2, trainSamples: 40, testSamples: 20 },
  },
  rule: { name: 'local-error', layers: [6], groupSize: 3 },
  epochs: 2,
});

async function sample() {
  const prepared = await prepareData(CONFIG);
  const { description: dataset } = prepared;
  const description = { dataset, resolved: resolvedConfig(CONFIG, prepared) };
  const request = runRequest(CONFIG, description);
  return { description, request, key: requestKey(request, description) };
}

/** As it comes out of a queue. */
function sent(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

describe('a request', () => {
  it('comes through a queue as it was', async () => {
    const { description } = await sample();
    const request = runRequest(CONFIG, description);
    expect(checkRequest(sent(request))).toEqual({ request, config: CONFIG });
  });

  it('is refused as the fault of the run when it holds what it should not', async () => {
    const { request } = await sample();
    const config = sent(request.config);
    const wrong: [object | null, string][] = [
      [null, 'job: expected an object, got null'],
      [{}, 'job.xnorlab: expected a string, got undefined'],
      [{ ...request, code: 'process.exit()' }, 'job: expected no key code, got {'],
      [{ ...request, config: { ...config, script: 'x' } }, 'job.config.script: expected no key script'],
      [
        { ...request, config: { ...config, epochs: 0 } },
        'job.config.epochs: expected a number of at least 1, got 0',
      ],
      [
        { ...request, config: { ...config, backend: 'native' } },
        'job.config.backend: expected no key backend',
      ],
      [
        { ...request, config: { ...config, rule: { name: 'local-error', layers: [6], groupSize: 4 } } },
        `job.config.rule.groupSize: expected a divisor of the layer's 6 neurons, got 4`,
      ],
      [
        { ...request, rule: { ...request.rule, name: 'bep' } },
        `job.rule.name: expected local-error, as in its configuration, got 'bep'`,
      ],
      [JSON.parse(`{"__proto__": {"xnorlab": "0"}, "xnorlab": 3}`), 'job.xnorlab: expected a string, got 3'],
    ];
    for (const [data, message] of wrong) {
      expect(() => checkRequest(data)).toThrow(ArgumentError);
      expect(() => checkRequest(data)).toThrow(message);
    }
  });

  it('for a rule that is not here is refused as nobody’s fault: a queue brings no code', async () => {
    const { request } = await sample();
    const other = {
      ...request,
      rule: { name: 'mine', version: 1 },
      config: { ...request.config, rule: { name: 'mine' } },
    };
    expect(() => checkRequest(sent(other))).toThrow(EnvironmentError);
    expect(() => checkRequest(sent(other))).toThrow(
      'the run asks for the rule mine, which is not known here. A queue brings no code: start the worker with --rules',
    );
    const fromFile = { ...request, rule: { ...request.rule, sha256: 'abc' } };
    expect(() => checkRequest(sent(fromFile))).toThrow(
      'the run asks for the rule local-error in a file with the hash abc, and here it is in no file',
    );
  });

  it('of another version is refused as nobody’s fault, whatever else it holds', async () => {
    const { request } = await sample();
    const other: [object, RegExp][] = [
      [
        { xnorlab: '99.0.0', new: 1 },
        /^the run asks for xnorlab 99\.0\.0, and here is \d+\.\d+\.\d+\. Use the same/,
      ],
      [{ ...request, recordVersion: 99 }, /records of version 99, and here is \d+\./],
      [
        { ...request, rule: { ...request.rule, version: 99 } },
        /local-error of version 99, and here is \d+\./,
      ],
    ];
    for (const [data, message] of other) {
      expect(() => checkRequest(data)).toThrow(EnvironmentError);
      expect(() => checkRequest(data)).toThrow(message);
    }
  });
});

describe('an outcome', () => {
  it('is taken for what it is only if it is the record of that run, or its failure', async () => {
    const { key } = await sample();
    const { record, learner } = await train(CONFIG);
    await learner.dispose();
    // To the order of keys, which a store keeps.
    expect(JSON.stringify(checkOutcome(sent({ record }), key, 'q'))).toBe(JSON.stringify({ record }));
    const error = { name: 'DivergedError', message: 'it diverged' };
    expect(checkOutcome({ error }, key, 'q')).toEqual({ error });
    const { totals: _, ...withoutTotals } = record;
    const huge = { ...record, backend: { ...record.backend, description: 'x'.repeat(30_000_000) } };
    const notOne = [
      undefined,
      null,
      {},
      { record: {} },
      { error, record },
      { error: { name: 'Error', message: 'x'.repeat(30_000_000) } },
      { record: { ...record, epochs: [] } },
      { record: withoutTotals },
      { record: huge },
      { record: { ...record, testAccuracy: String(record.testAccuracy) } },
      { record: { ...record, epochs: record.epochs.slice(1) } },
    ];
    for (const value of notOne) {
      expect(() => checkOutcome(value, key, 'q')).toThrow(DataError);
      expect(() => checkOutcome(value, key, 'q')).toThrow(
        `q: what came back for run ${key} is no record of a run`,
      );
    }
    const others = [
      { ...record, config: { ...record.config, seed: 2 }, seed: 2 },
      { ...record, dataset: { ...record.dataset, sha256: '0' } },
      { ...record, rule: { ...record.rule, version: 99 } },
    ];
    for (const other of others) {
      expect(() => checkOutcome({ record: other }, key, 'q')).toThrow('is the record of another run');
    }
  });
});

describe('news', () => {
  it('is progress or refusals, or nothing', () => {
    const progress = { epoch: 1, epochs: 2, samplesShown: 3, samples: 4 };
    expect(readNews({ progress })).toEqual({ progress });
    expect(readRefused({ progress })).toBeUndefined();
    const refused = { times: 1, by: [{ worker: 'w', reason: 'r' }] };
    expect(readNews({ refused })).toEqual({ refused });
    expect(readRefused({ refused })).toEqual(refused);
    for (const other of [0, undefined, 'half', { progress: 1 }, { refused: { ...refused, by: [] } }]) {
      expect(readNews(other)).toBeUndefined();
    }
  });

  it('of refusals holds the last reason of each worker, and how often there was one', () => {
    let refused: Refused | undefined;
    for (const [worker, reason] of ['a1', 'b2', 'a3'].map((both) => [...both])) {
      refused = refusedBy(refused, worker, reason);
    }
    expect(refused).toEqual({
      times: 3,
      by: [
        { worker: 'b', reason: '2' },
        { worker: 'a', reason: '3' },
      ],
    });
    for (let i = 0; i < 100; i++) refused = refusedBy(refused, `worker ${i}`, 'x'.repeat(100_000));
    expect(refused?.times).toBe(103);
    expect(JSON.stringify(refused).length).toBeLessThan(150_000);
  });
});
