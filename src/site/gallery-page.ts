import { escapeHtml } from '../core/escape-html.js';
import { type PageLink, pageBar, sitePage } from './page-frame.js';

/** A kind of figure with the code that makes it. */
export interface GalleryEntry {
  readonly name: string;
  /** A picture, as an address from the page. */
  readonly picture: string;
  readonly code: string;
}

const STYLE = `<style>
img { max-width: 100%; background: #fff; border-radius: 4px; }
pre { padding: 0.75rem; border-radius: 4px; background: light-dark(#f4f4f4, #222); font-size: 13px; }
nav { columns: 12rem; }
nav a { display: block; }
</style>
`;

/** Every kind of figure on one page. */
export function galleryPage(entries: readonly GalleryEntry[], links: readonly PageLink[]): string {
  const contents = entries.map(({ name }) => `<a href="#${escapeHtml(name)}">${escapeHtml(name)}</a>\n`);
  const sections = entries.map(
    ({ name, picture, code }) => `<section id="${escapeHtml(name)}">
<h2>${escapeHtml(name)}</h2>
<img alt="${escapeHtml(name)}" loading="lazy" src="${escapeHtml(encodeURI(picture))}">
<pre class="xnorlab-source"><code>${escapeHtml(code)}</code></pre>
</section>
`,
  );
  return sitePage(
    'xnorlab: gallery',
    `${STYLE}${pageBar(links, { hasCode: true })}
<h1>Gallery</h1>
<p>Every kind of figure, with the code that makes it: paste it into a cell of a notebook, and <code>show(figure)</code>.
Numbers are made up.</p>
<nav>
${contents.join('')}</nav>
${sections.join('')}`,
  );
}
