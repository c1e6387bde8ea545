import { describe, expect, it } from 'vitest';
import { PAPER_WIDTHS_MM } from '../../src/figures/paper.js';
import * as xnorlab from '../../src/index.js';
import { pageText } from './pages.js';

const PAGE = pageText('docs/figures.md');

describe('docs/figures.md', () => {
  it('names only what there is, and all widths with their millimetres', () => {
    const named = [...PAGE.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) =>
      [...names.matchAll(/\w+/g)].map(([name]) => name),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in xnorlab))).toEqual([]);
    for (const [name, mm] of Object.entries(PAPER_WIDTHS_MM)) {
      expect(PAGE).toMatch(new RegExp(`\`${name}\`[^)]*\\(${mm} mm`));
    }
  });
});
