import { escapeHtml } from '../core/escape-html.js';
import { sitePage } from './page-frame.js';

/** A notebook on a site. */
export interface NotebookPage {
  /** File beside the index. */
  readonly file: string;
  readonly title: string;
  /** What it asks, in a sentence or two; empty for nothing. */
  readonly summary: string;
  /** What it found; empty for nothing. */
  readonly verdict: string;
  /** A picture beside the index; undefined for none. */
  readonly picture: string | undefined;
}

/** A page beside the notebooks. */
export interface FurtherPage {
  /** File below the folder of the index. */
  readonly file: string;
  readonly title: string;
  readonly summary: string;
}

const STYLE = `<style>
ol, ul { list-style: none; padding: 0; }
li { margin: 0 0 2rem; display: grid; grid-template-columns: minmax(0, 18rem) minmax(0, 1fr); gap: 0.5rem 1.5rem; }
li.plain { display: block; margin-bottom: 1rem; }
li img { width: 100%; background: #fff; border-radius: 4px; }
li a { font-weight: 600; }
p { margin: 0.25rem 0 0; }
@media (max-width: 40rem) { li { grid-template-columns: minmax(0, 1fr); } }
</style>
`;

/** The page that leads to the others. Works without a network, in light and dark. */
export function indexPage(notebooks: readonly NotebookPage[], further: readonly FurtherPage[]): string {
  const items = notebooks.map((page) => `${notebookItem(page)}\n`).join('');
  const others = further.map((page) => `<li class="plain">${heading(page)}</li>\n`).join('');
  const list = others && `<h2>More</h2>\n<ul>\n${others}</ul>\n`;
  return sitePage('xnorlab', `${STYLE}<h1>xnorlab</h1>\n<h2>Notebooks</h2>\n<ol>\n${items}</ol>\n${list}`);
}

function notebookItem({ picture, verdict, ...page }: NotebookPage): string {
  const found = verdict && `<p><strong>Verdict.</strong> ${escapeHtml(verdict)}</p>`;
  if (picture === undefined) return `<li class="plain">${heading(page)}${found}</li>`;
  const image = `<img alt="" loading="lazy" src="${address(picture)}">`;
  return `<li><a href="${address(page.file)}" tabindex="-1">${image}</a><div>${heading(page)}${found}</div></li>`;
}

function heading({ file, title, summary }: FurtherPage): string {
  return `<a href="${address(file)}">${escapeHtml(title)}</a>${summary && `<p>${escapeHtml(summary)}</p>`}`;
}

function address(file: string): string {
  return escapeHtml(encodeURI(file));
}
