import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { escapeHtml } from '../../core/escape-html.js';
import { type Figure, figureJson } from '../../figures/figure.js';
import { PAGE_CONFIG, TOOLBAR_SCRIPT } from './page-config.js';

/** The waiting list on the page: an array until the library is there, then something that draws what is pushed. */
const QUEUE = 'window.xnorlabFigures';

/** Drawn figures of the page by id, held weakly. */
const DRAWN = 'window.xnorlabDrawn';

/** What Plotly takes where a figure says nothing. */
export const FIGURE_WIDTH_PX = 700;
export const FIGURE_HEIGHT_PX = 450;

/**
 * HTML that draws a figure as soon as the library (see `libraryHtml`) is on the page, wherever on the page and
 * whenever that is. Until then it shows `image`, or says what is missing. Shown again in place of itself, as when its
 * image comes later, it keeps what was drawn.
 *
 * @param id - unique on the page; letters, digits and hyphens
 * @param image - an image or SVG text, shown where scripts do not run
 */
export function figureHtml(figure: Figure, id: string, image?: string | FigureImage): string {
  const height = (figure.layout as { height?: number } | undefined)?.height ?? FIGURE_HEIGHT_PX;
  return [
    `<div id="${id}" class="xnorlab-figure" style="min-height: ${height}px">${placeholder(image)}</div>`,
    `<script>(function () {`,
    `var script = document.currentScript, figure = ${scriptJson(figure)};`,
    `(${QUEUE} = ${QUEUE} || []).push(function (Plotly, buttons) {`,
    `var before = script && script.previousElementSibling;`,
    `var place = before && before.id === '${id}' ? before : document.getElementById('${id}');`,
    `if (!place) return;`,
    `var known = ${DRAWN} = ${DRAWN} || {}, drawn = known['${id}'] && known['${id}'].deref();`,
    `if (drawn && !drawn.isConnected) { place.replaceWith(drawn); return; }`,
    `place.replaceChildren();`,
    `try {`,
    `var config = Object.assign(${JSON.stringify(PAGE_CONFIG)}, {modeBarButtonsToAdd: buttons || []}, figure.config);`,
    `Plotly.newPlot(place, figure.data, figure.layout || {}, config);`,
    `known['${id}'] = new WeakRef(place);`,
    `} catch (error) { place.textContent = 'This figure cannot be drawn: ' + error; }`,
    `});`,
    `})();</script>`,
  ].join('\n');
}

function placeholder(image: string | FigureImage | undefined): string {
  if (image === undefined) {
    return '<p>This figure needs a trusted notebook and the first figure of the same run: run all cells again.</p>';
  }
  if (typeof image !== 'string') return imageTag(image.address, image.width);
  return imageTag(`data:image/svg+xml;base64,${Buffer.from(image).toString('base64')}`);
}

/** @param width - in pixels of the page; the image's own if it is not given */
function imageTag(address: string, width?: number): string {
  const sized = width === undefined ? '' : ` width="${width}"`;
  return `<img alt="figure" src="${escapeHtml(address)}"${sized} style="max-width: 100%">`;
}

/** An image of a figure, in two formats. */
export interface FigureImage {
  /** A data URL of a WebP, a third as large as a PNG: for HTML. */
  readonly address: string;
  /** The PNG, in base64: for what shows no HTML. */
  readonly png: string;
  /** Pixels of the page that it is drawn for; the image may have more of its own. */
  readonly width: number;
}

/** Half as many pixels again as on the page: sharp on most screens. */
const IMAGE_SCALE = 1.5;

/**
 * A script that evaluates to a `FigureImage`.
 * @param plotly - expression for the library
 * @param figure - expression for the figure, or for the element that shows it
 * @param size - expression for an object with `width` and `height`
 */
export function imageScript(plotly: string, figure: string, size: string): string {
  return `(async () => {
    const plotly = ${plotly}, figure = ${figure};
    const { width, height } = ${size};
    const draw = (format) => plotly.toImage(figure, { format, width, height, scale: ${IMAGE_SCALE} });
    const png = await draw('png');
    return { address: await draw('webp'), png: png.slice(png.indexOf(',') + 1), width };
  })()`;
}

/** Where the HTML of figures keeps what it shows until scripts run: opening tag with the id, contents, closing tag. */
const PLACE = /(<div id="([\w-]+)" class="xnorlab-figure"[^>]*>)(.*?)(<\/div>)/gs;

/** Ids of the figures in a piece of HTML that `figureHtml` made. */
export function figureIds(html: string): string[] {
  return [...html.matchAll(PLACE)].map(([, , id]) => id);
}

/** The same HTML with an image of each figure, by id, for where scripts do not run. */
export function withImages(html: string, images: ReadonlyMap<string, FigureImage>): string {
  return html.replaceAll(PLACE, (all: string, open: string, id: string, _shown: string, close: string) => {
    const image = images.get(id);
    return image === undefined ? all : `${open}${imageTag(image.address, image.width)}${close}`;
  });
}

let library: string | undefined;

/** HTML that puts Plotly on the page, about 2.6 MB of text, and draws all figures that wait for it. */
export function libraryHtml(): string {
  library ??= gzipSync(readFileSync(require.resolve('plotly.js-dist/plotly.js')), { level: 9 }).toString(
    'base64',
  );
  return [
    `<script>(function () {`,
    `if (${QUEUE} && !Array.isArray(${QUEUE})) return;`,
    `if (window.xnorlabIsLoading) return;`,
    `window.xnorlabIsLoading = true;`,
    `var packed = Uint8Array.from(atob('${library}'), function (c) { return c.charCodeAt(0); });`,
    `var text = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text();`,
    `text.then(function (code) {`,
    // In a scope of its own, so that neither an AMD loader nor another Plotly on the page gets in the way.
    `var element = document.createElement('script'), other = window.Plotly;`,
    `element.textContent = '(function () { var module = {exports: {}}, exports = module.exports, define;' + code`,
    `+ '\\n;window.xnorlabPlotly = module.exports; })();';`,
    `document.head.appendChild(element);`,
    `if (other) window.Plotly = other;`,
    `var waiting = ${QUEUE} || [], buttons = (${TOOLBAR_SCRIPT})(window.xnorlabPlotly);`,
    `${QUEUE} = {push: function (draw) { draw(window.xnorlabPlotly, buttons); }};`,
    `waiting.forEach(${QUEUE}.push);`,
    `});`,
    `})();</script>`,
  ].join('\n');
}

/** JSON that may stand inside a script element. */
function scriptJson(value: unknown): string {
  return figureJson(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
