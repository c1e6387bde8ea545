import type { Page } from 'playwright-core';
import { type Figure, figureJson } from '../../figures/figure.js';
import { launchBrowser } from './browser.js';

/** A browser that draws figures. */
export interface Drawing {
  /** Vectors, text as text. */
  readonly svg: (figure: Figure) => Promise<string>;
  /** One page of the figure's size, with the fonts embedded. */
  readonly pdf: (figure: Figure) => Promise<Uint8Array>;
  /** Four pixels for each of the figure's own: about 400 per inch of a printed figure. */
  readonly png: (figure: Figure) => Promise<Uint8Array>;
  /** One pixel for each of the figure's own, as a screen shows it. */
  readonly screenPng: (figure: Figure) => Promise<Uint8Array>;
}

const PNG_SCALE = 4;

/**
 * Starts a headless browser for as long as `work` takes.
 * @throws EnvironmentError when there is none
 */
export async function withDrawing<Result>(work: (drawing: Drawing) => Promise<Result>): Promise<Result> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ deviceScaleFactor: PNG_SCALE });
    await page.addScriptTag({ path: require.resolve('plotly.js-dist/plotly.js') });
    return await work({
      svg: (figure) => drawSvg(page, figure),
      pdf: async (figure) => {
        await setPage(page, await drawSvg(page, figure));
        return page.pdf({ preferCSSPageSize: true, printBackground: true });
      },
      png: async (figure) => {
        await setPage(page, await drawSvg(page, figure));
        return page.locator('svg').first().screenshot();
      },
      screenPng: async (figure) => Buffer.from(await toImage(page, figure, 'png'), 'base64'),
    });
  } finally {
    await browser.close();
  }
}

// Scripts for the page are text, because this program is compiled without the types of one.

async function drawSvg(page: Page, figure: Figure): Promise<string> {
  return decodeURIComponent(await toImage(page, figure, 'svg'));
}

/** What stands after the comma of a data URL. */
async function toImage(page: Page, { data, layout = {} }: Figure, format: 'svg' | 'png'): Promise<string> {
  const options = { format, width: layout.width, height: layout.height };
  const address = await page.evaluate<string>(
    `Plotly.toImage(${figureJson({ data, layout })}, ${JSON.stringify(options)})`,
  );
  return address.slice(address.indexOf(',') + 1);
}

/** Makes the page show nothing but the drawing, and as large as that when printed. */
async function setPage(page: Page, svg: string): Promise<void> {
  const [width, height] = ['width', 'height'].map(
    (side) => new RegExp(` ${side}="([\\d.]+)"`).exec(svg)?.[1],
  );
  const style = `@page { size: ${width}px ${height}px; margin: 0 } body { margin: 0 } svg { display: block }`;
  await page.evaluate(`document.body.innerHTML = ${JSON.stringify(`<style>${style}</style>${svg}`)}`);
}
