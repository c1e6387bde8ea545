import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import { sampleRun } from './sample-run.js';

describe('query', () => {
  let folder: string;
  let store: RunStore;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
    store = openStore(folder, { create: true });
    await store.write(async (writer) => {
      for (const run of [1, 2, 3].map((seed) => sampleRun(seed))) {
        writer.begin(run);
        writer.finish(run.key, run.record);
      }
    });
  });
  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has columns for what one groups by, and JSON for the rest', () => {
    expect(
      store.query(
        `SELECT rule, dataset, layers, config ->> '$.rule.groupSize' AS groupSize, count(*) AS runs,
           avg(testAccuracy) AS mean
         FROM runs WHERE seed > ? AND status = ? GROUP BY groupSize ORDER BY groupSize`,
        [0, 'finished'],
      ),
    ).toEqual([
      { rule: 'local-error', dataset: 'prototypes', layers: '4,2', groupSize: 1, runs: 1, mean: 74 },
      { rule: 'local-error', dataset: 'prototypes', layers: '4,2', groupSize: 2, runs: 2, mean: 74 },
    ]);
  });

  it('joins epochs and their layers with runs', () => {
    const rows = store.query(
      `SELECT runs.seed, epochs.epoch, epochs.testAccuracy, layer, triggerPercent, layers.flips, boundPercent, depthHistogram
       FROM runs JOIN epochs ON epochs.run = runs.id JOIN layers USING (run, epoch) WHERE seed = 2 AND layer = 2`,
    );
    expect(
      rows.map(({ depthHistogram, ...row }) => ({ ...row, counts: JSON.parse(String(depthHistogram)) })),
    ).toEqual([
      {
        seed: 2,
        epoch: 1,
        testAccuracy: 69,
        layer: 2,
        triggerPercent: 50,
        flips: 10,
        boundPercent: 0,
        counts: [8, 0, 0, 0],
      },
      {
        seed: 2,
        epoch: 2,
        testAccuracy: 74,
        layer: 2,
        triggerPercent: 30,
        flips: 4,
        boundPercent: 25,
        counts: [4, 4, 0, 0],
      },
    ]);
  });

  it('takes null for what a run has not', () => {
    const [row] = store.query('SELECT loss, ? AS given FROM epochs -- why? because', [null]);
    expect(row).toEqual({ loss: null, given: null });
  });

  it.each([
    ['DELETE FROM runs', [], 'sql: expected a SELECT, got'],
    ['', [], 'sql: expected a SELECT, got'],
    ['PRAGMA query_only = 0', [], 'sql: expected a SELECT, got'],
    ["ATTACH 'x' AS y", [], 'sql: expected a SELECT, got'],
    [
      'WITH a AS (SELECT 1) DELETE FROM runs RETURNING id',
      [],
      'sql: expected a statement that only reads, got',
    ],
    ['WITH a AS (SELECT 1) DELETE FROM runs', [], 'that SQLite accepts (it returns no rows), got'],
    ['SELECT 1; DELETE FROM runs', [], 'sql: expected one statement, got'],
    ['SELECT FROM', [], 'sql: expected a statement that SQLite accepts (near "FROM": syntax error), got'],
    [
      'SELECT speed FROM runs',
      [],
      'sql: expected a statement that SQLite accepts (no such column: speed), got',
    ],
    ['SELECT id FROM runs WHERE id = ?', [], 'parameters: expected 1 values, one for each ?, got []'],
    ["SELECT '?' AS a", [1], 'parameters: expected 0 values, one for each ?, got [ 1 ]'],
    ['SELECT :a AS a', [], 'sql: expected parameters written as ?, got'],
    ['SELECT ? AS a', [Number.NaN], 'parameters[0]: expected a text, a finite number or null, got NaN'],
    ['SELECT ? AS a', [true], 'parameters[0]: expected a text, a finite number or null, got true'],
    [
      'SELECT runs.id, b.id FROM runs JOIN runs AS b',
      [],
      "sql: expected columns of different names, got 'id'",
    ],
    ["SELECT x'00' AS a", [], 'sql: expected texts and numbers in the column a, got'],
  ])('refuses %s with %j', (sql, parameters, message) => {
    const attempt = (): unknown => store.query(sql, parameters as number[]);
    expect(attempt).toThrow(ArgumentError);
    expect(attempt).toThrow(message);
    expect(store.records()).toHaveLength(3);
  });

  it('accepts what only looks forbidden', () => {
    expect(store.query(`/* a; b */ SELECT 'it''s; :a' AS "c;d" ; -- end`)).toEqual([{ 'c;d': "it's; :a" }]);
  });
});
