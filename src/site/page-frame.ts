import { escapeHtml } from '../core/escape-html.js';
import { PAGE_POLICY } from '../core/page-policy.js';

/** A link at the top of a page: where it leads, what it says. */
export interface PageLink {
  readonly href: string;
  readonly text: string;
}

const CODE_SWITCH = 'xnorlab-code';

/**
 * What all pages of a site share: light and dark as the reader's system has it, a narrow screen, a switch that hides
 * code, for which nothing needs to run.
 */
export const PAGE_STYLE = `<style>
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 0 auto; padding: 0 1rem 3rem; overflow-wrap: break-word;
  font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fff, #111); color: light-dark(#1a1a1a, #e6e6e6); }
a { color: light-dark(#0b57d0, #8ab4f8); }
.xnorlab-bar { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: center; padding: 0.75rem 0;
  margin-bottom: 1rem; border-bottom: 1px solid light-dark(#ddd, #444); font: 14px/1.5 system-ui, sans-serif; }
.xnorlab-bar label { margin-left: auto; cursor: pointer; }
body:has(#${CODE_SWITCH}:not(:checked)) :is(.xnorlab-source, .jp-CodeCell > .jp-Cell-inputWrapper) { display: none; }
pre { overflow-x: auto; }
</style>`;

/** Links to other pages and, where there is code, the switch for it; nothing where there is neither. */
export function pageBar(links: readonly PageLink[], { hasCode }: { readonly hasCode: boolean }): string {
  if (links.length === 0 && !hasCode) return '';
  const nav = links.map(({ href, text }) => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`);
  const code = `<label><input type="checkbox" id="${CODE_SWITCH}" checked autocomplete="off"> Code</label>`;
  return `<header class="xnorlab-bar">${nav.join('\n')}${hasCode ? code : ''}</header>`;
}

/** A page of a site as a whole. Asks nothing of a network. @param head - what else its head holds */
export function sitePage(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${PAGE_POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
${PAGE_STYLE}${head}
<body>
${body}</body>
</html>
`;
}
