import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PAGE_POLICY } from '../../src/core/page-policy.js';
import { saveFigure } from '../../src/node/printing/export.js';
import { galleryPage } from '../../src/site/gallery-page.js';
import { indexPage } from '../../src/site/index-page.js';

const ADDRESS = 'http://elsewhere.example/x.png';

/** What a browser fetches by itself: not where links lead. */
const FETCHED =
  /(?:src|srcset|poster|data)\s*=\s*["']?\s*https?:|<link[^>]+href\s*=\s*["']?https?:|url\(\s*["']?https?:|@import/i;

it('lets a page ask its own host, files and itself, and nobody else', () => {
  const [, content = ''] = /content="([^"]*)"/.exec(PAGE_POLICY) ?? [];
  const [fallback, ...others] = content.split('; ').map((directive) => directive.split(' '));
  expect(fallback[0]).toBe('default-src');
  // No scheme of a network, no host, no wildcard.
  for (const source of fallback.slice(1))
    expect(source).toMatch(/^('self'|'unsafe-(inline|eval)'|(file|data|blob):)$/);
  // What `default-src` says nothing of.
  expect(others.map(([name, value]) => `${name} ${value}`)).toEqual([
    "form-action 'none'",
    "base-uri 'none'",
  ]);
});

it('stands before anything that could ask, on every page; labels and figures with addresses do not get by', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-pages-'));
  try {
    const file = path.join(folder, 'figure.html');
    const label = `<img src="${ADDRESS}"><script src="${ADDRESS}"></script>`;
    await saveFigure(
      { data: [{ type: 'scatter', name: label, x: [1], y: [1] }], layout: { title: { text: label } } },
      file,
    );
    const entry = { name: label, picture: 'a.svg', code: label };
    const pages = [
      readFileSync(file, 'utf8'),
      indexPage([{ file: 'a.html', title: label, summary: label, verdict: label, picture: undefined }], []),
      galleryPage([entry], [{ href: 'index.html', text: label }]),
    ];
    for (const page of pages) {
      const place = page.indexOf(PAGE_POLICY);
      expect(place).toBeGreaterThan(0);
      expect(page.slice(0, place)).toMatch(
        /^<!doctype html>\s*(<html lang="en">\s*)?<meta charset="utf-8">\s*$/,
      );
      // The library is packed; what a figure says stands in a script, where it is text.
      const shown = page.replace(/<script>[\s\S]*?<\/script>/g, '');
      expect(shown).not.toMatch(FETCHED);
      expect(page.match(/<\/script>/g)?.length ?? 0).toBe(page.match(/<script>/g)?.length ?? 0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
