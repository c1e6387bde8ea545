import { readFile } from 'node:fs/promises';
import { DataError } from '../core/errors.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { launchBrowser } from '../node/printing/browser.js';
import { type FigureImage, figureIds, imageScript, withImages } from '../node/printing/figure-html.js';

/** What of a notebook's file we read; everything else stays as it is. */
interface Notebook {
  readonly cells: readonly { readonly outputs?: readonly Output[] }[];
}

interface Output {
  readonly data?: { 'text/html'?: string | string[]; 'image/png'?: string };
}

const TIMEOUT_MS = 60_000;

/**
 * Puts an image of every figure into an executed notebook, for readers that run no scripts, as on GitHub. Where
 * scripts run, the figure takes the image's place.
 * @param notebook - replaced as a whole
 * @returns the number of figures
 * @throws DataError when the file is no notebook, or a figure in it cannot be drawn
 * @throws EnvironmentError when there is no browser, or the file cannot be written
 */
export async function addStaticImages(notebook: string): Promise<number> {
  const content = await readNotebook(notebook);
  const bundles = content.cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap(({ data }) => (data && figureIds(htmlOf(data)).length > 0 ? [data] : [])),
  );
  if (bundles.length === 0) return 0;
  const images = await drawAll(bundles.map(htmlOf).join('\n')).catch((cause: unknown) => {
    throw cause instanceof Error && cause.name === 'TimeoutError'
      ? new DataError(notebook, 'a figure cannot be drawn; execute the notebook again', { cause })
      : cause;
  });
  for (const data of bundles) {
    const html = htmlOf(data);
    const [first] = figureIds(html);
    data['text/html'] = withImages(html, images).split(/(?<=\n)/);
    Object.assign(data, { 'image/png': images.get(first)?.png });
  }
  await writeFileAtomically(notebook, `${JSON.stringify(content, undefined, 1)}\n`);
  return images.size;
}

async function readNotebook(notebook: string): Promise<Notebook> {
  try {
    const content = JSON.parse(await readFile(notebook, 'utf8')) as Notebook;
    if (Array.isArray(content.cells)) return content;
  } catch (cause) {
    throw new DataError(notebook, 'is no notebook that can be read', { cause });
  }
  throw new DataError(notebook, 'has no cells');
}

function htmlOf(data: NonNullable<Output['data']>): string {
  return [data['text/html'] ?? ''].flat().join('');
}

/** Draws the figures of a page; images by id. */
async function drawAll(html: string): Promise<Map<string, FigureImage>> {
  const ids = figureIds(html);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent(html);
    const drawn = `document.querySelectorAll('.xnorlab-figure .main-svg').length > 0 &&
      [...document.querySelectorAll('.xnorlab-figure')].every((place) => place.querySelector('.main-svg'))`;
    await page.waitForFunction(drawn, undefined, { timeout: TIMEOUT_MS });
    const images = new Map<string, FigureImage>();
    for (const id of ids) {
      const place = `document.getElementById('${id}')`;
      const script = imageScript('xnorlabPlotly', place, `${place}._fullLayout`);
      images.set(id, await page.evaluate<FigureImage>(script));
    }
    return images;
  } finally {
    await browser.close();
  }
}
