import { describe, expect, it } from 'vitest';
import { heatMap } from '../../src/figures/heat-map.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { asRows } from '../../src/statistics/any-rows.js';
import { compare } from '../../src/statistics/compare.js';
import { summarize } from '../../src/statistics/summarize.js';
import { formatTable } from '../../src/tables/format-table.js';
import { dataFrame, table } from '../../src/tables/frames.js';

const rows = ['bep', 'sgd'].flatMap((rule, r) =>
  [1, 2].map((seed) => ({
    rule,
    seed,
    width: r,
    epoch: 1,
    testAccuracy: 80 + r + seed,
    trainAccuracy: null,
  })),
);

describe('rows of a table or a frame', () => {
  it('are the rows that it was made of, null included', () => {
    expect(asRows('rows', table(rows))).toEqual(rows);
    expect(asRows('rows', dataFrame(rows))).toEqual(rows);
    expect(asRows('rows', rows)).toBe(rows);
  });

  it('have null for what is missing, and texts for truth values', () => {
    const cells = { columnNames: () => ['a', 'b', 'c'], objects: () => [{ a: Number.NaN, c: true }] };
    expect(asRows('rows', cells)).toEqual([{ a: null, b: null, c: 'true' }]);
  });

  it('are those that an arquero table shows, in its order', () => {
    const shown = table(rows).filter('d => d.rule === "sgd"').slice(-1);
    expect(asRows('rows', shown)).toEqual([rows[3]]);
  });

  it('are refused when there are none, and for what is no cell and no table', () => {
    expect(() => asRows('rows', table(rows).filter('d => d.seed > 2'))).toThrow(
      'rows: expected at least one row, got []',
    );
    expect(() => asRows('rows', { columnNames: () => ['a'], objects: () => [{ a: [1] }] })).toThrow(
      'rows[0].a: expected a text, a number, a truth value or null, got [ 1 ]',
    );
    expect(() => asRows('published', 'rows' as never)).toThrow(
      "published: expected rows, an arquero table or a danfojs data frame, got 'rows'",
    );
  });

  it('give the same figures, statistics and tables', () => {
    const map = { x: 'width', y: 'rule', value: 'testAccuracy' };
    const curves = { training: false };
    const by = { by: ['rule'], value: 'testAccuracy' };
    const pairs = { between: 'rule', value: 'testAccuracy' };
    for (const given of [table(rows), dataFrame(rows)]) {
      expect(heatMap(given, map)).toEqual(heatMap(rows, map));
      expect(learningCurves(given, curves)).toEqual(learningCurves(rows, curves));
      expect(summarize(given, by)).toEqual(summarize(rows, by));
      expect(compare(given, pairs)).toEqual(compare(rows, pairs));
    }
    const summary = summarize(rows, by);
    const layout = { rows: ['rule'] };
    expect(formatTable(table(summary), layout)).toEqual(formatTable(summary, layout));
    expect(() => formatTable(table([{ rule: 'bep', mean: 1 }]), layout)).toThrow(
      "column: expected one of rule, mean, got 'n'",
    );
  });
});
