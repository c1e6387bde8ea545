import { expect, it } from 'vitest';
import { indexPage } from '../../src/site/index-page.js';

it('leads to every page, whatever it is called', () => {
  const further = [{ file: 'x/a.html', title: 'More <of it>', summary: 'All & sundry' }];
  const page = { summary: '', verdict: '', picture: undefined };
  const index = indexPage(
    [
      {
        ...page,
        file: '01-a.html',
        title: 'A & <b>',
        summary: 'Why?',
        verdict: 'x < y',
        picture: '01 a.svg',
      },
      { ...page, file: '02 %.html', title: 'B' },
    ],
    further,
  );
  expect(index).toContain(
    '<a href="01-a.html">A &amp; &lt;b&gt;</a><p>Why?</p><p><strong>Verdict.</strong> x &lt; y</p>',
  );
  expect(index).toContain('src="01%20a.svg"');
  expect(index).toContain('<li class="plain"><a href="02%20%25.html">B</a></li>\n');
  expect(index).toContain('<a href="x/a.html">More &lt;of it&gt;</a><p>All &amp; sundry</p>');
  expect(index).not.toMatch(/https?:/);
  expect(indexPage([], [])).not.toContain('More');
});
