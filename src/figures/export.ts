import { writeFileAtomically } from '../bits/atomic-file.js';
import { EnvironmentError } from '../bits/errors.js';
import { launchBrowser } from './browser.js';
import type { Figure } from './figure.js';
import { figureHtml, libraryHtml } from './figure-html.js';

/**
 * A figure as SVG, drawn by a real headless browser: vectors, text as text.
 * @throws EnvironmentError when there is no browser
 */
export async function figureSvg(figure: Figure): Promise<string> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: require.resolve('plotly.js-dist/plotly.js') });
    const address = await page.evaluate<string>(drawingScript(figure));
    return decodeURIComponent(address.slice(address.indexOf(',') + 1));
  } finally {
    await browser.close();
  }
}

/** An expression for the page; as text, because this program is compiled without the types of one. */
function drawingScript({ data, layout = {} }: Figure): string {
  const { width, height } = layout;
  return `Plotly.toImage(${JSON.stringify({ data, layout })}, ${JSON.stringify({ format: 'svg', width, height })})`;
}

/**
 * Writes a figure to `path`.html (interactive, needs no network), `path`.json (what Plotly draws) and, where a
 * browser is found, `path`.svg; each whole or not at all. Without a browser a warning says so.
 * @param path - without an extension; folders on the way are made
 * @returns the files written
 * @throws EnvironmentError when they cannot be written
 */
export async function saveFigure(figure: Figure, path: string): Promise<string[]> {
  const page = `<!doctype html><meta charset="utf-8">\n${figureHtml(figure, 'figure')}\n${libraryHtml()}\n`;
  await writeFileAtomically(`${path}.html`, page);
  await writeFileAtomically(`${path}.json`, `${JSON.stringify(figure, undefined, 1)}\n`);
  const svg = await svgOrWarning(figure, path);
  if (svg === undefined) return [`${path}.html`, `${path}.json`];
  await writeFileAtomically(`${path}.svg`, svg);
  return [`${path}.html`, `${path}.json`, `${path}.svg`];
}

async function svgOrWarning(figure: Figure, path: string): Promise<string | undefined> {
  try {
    return await figureSvg(figure);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.warn(`${path}.svg is left out: ${error.message}`);
    return undefined;
  }
}
