import { escapeHtml } from '../core/escape-html.js';

/** A page of a site of notebooks. */
export interface SitePage {
  /** File beside the index. */
  readonly file: string;
  readonly title: string;
  /** What it asks, in a sentence or two; empty for nothing. */
  readonly summary: string;
}

/** The page that leads to the others. Works without a network, in light and dark. */
export function siteIndex(pages: readonly SitePage[]): string {
  const items = pages.map(
    ({ file, title, summary }) =>
      `<li><a href="${escapeHtml(encodeURI(file))}">${escapeHtml(title)}</a>` +
      `${summary && `<p>${escapeHtml(summary)}</p>`}</li>\n`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>xnorlab: notebooks</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 45rem; margin: 3rem auto; padding: 0 1rem; }
  li { margin-bottom: 1rem; }
  p { margin: 0.25rem 0 0; }
</style>
<h1>xnorlab: notebooks</h1>
<ol>
${items.join('')}</ol>
</html>
`;
}
