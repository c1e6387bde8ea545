import { describe, expect, it } from 'vitest';
import type { Figure } from '../../src/figures/figure.js';
import { PAPER, SCREEN } from '../../src/figures/theme.js';
import { figures } from './sample-figures.js';

/** What a figure says, without its theme; numbers rounded, so that only real changes show. */
function spec({ data, layout }: Figure): string {
  return rounded({ data, layout: { ...layout, template: undefined } });
}

function rounded(value: unknown): string {
  const round = (_key: string, part: unknown): unknown =>
    typeof part === 'number' ? Number(part.toPrecision(6)) : part;
  const json = JSON.stringify(value, round, 1);
  // Lists of numbers and short texts on one line.
  return `${json.replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s*\n\s*/g, ' '))}\n`;
}

describe('the specification of a figure', () => {
  it.each(Object.keys(figures))('%s', async (name) => {
    await expect(spec(figures[name])).toMatchFileSnapshot(`specs/${name}.snap`);
  });

  it('comes with the theme for the screen', () => {
    for (const { layout } of Object.values(figures)) expect(layout?.template).toBe(SCREEN);
  });
});

describe('a theme', () => {
  it.each([
    ['screen', SCREEN],
    ['paper', PAPER],
  ])('for %s', async (name, theme) => {
    await expect(rounded(theme)).toMatchFileSnapshot(`specs/theme-${name}.snap`);
  });
});
