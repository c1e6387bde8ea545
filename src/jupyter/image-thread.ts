/** Entry of the thread that draws the figures of cells: one browser, one page, one figure at a time. */
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../node/printing/browser.js';
import {
  FIGURE_HEIGHT_PX,
  FIGURE_WIDTH_PX,
  type FigureImage,
  imageScript,
} from '../node/printing/figure-html.js';
import type { ImageReply, ImageRequest } from './figure-images.js';

/** Without figures for this long, browser and thread end. */
const IDLE_MS = 60_000;

let browser: Promise<Browser> | undefined;
let page: Promise<Page> | undefined;
let idle: NodeJS.Timeout | undefined;
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: ImageRequest | 'close') => {
  clearTimeout(idle);
  last = last.then(() => (message === 'close' ? close() : answer(message)));
});

async function answer({ id, json }: ImageRequest): Promise<void> {
  reply({ id, image: await draw(json).catch(() => undefined) });
  clearTimeout(idle);
  idle = setTimeout(() => void close(), IDLE_MS);
}

async function draw(json: string): Promise<FigureImage> {
  page ??= openPage();
  return (await page).evaluate<FigureImage>(drawing(json));
}

async function openPage(): Promise<Page> {
  browser = launchBrowser();
  const opened = await browser.catch(async (error: unknown) => {
    reply('no browser');
    await close();
    throw error;
  });
  const blank = await opened.newPage();
  // A page that lies beside the library may load it by itself: three times as fast as handing 10 MB over.
  await blank.goto(pathToFileURL(require.resolve('plotly.js-dist/package.json')).href);
  await blank.addScriptTag({ url: pathToFileURL(require.resolve('plotly.js-dist/plotly.js')).href });
  return blank;
}

function drawing(json: string): string {
  const size = `Object.assign({ width: ${FIGURE_WIDTH_PX}, height: ${FIGURE_HEIGHT_PX} }, figure.layout)`;
  return imageScript('Plotly', json, size);
}

/** The thread ends with its last work. */
async function close(): Promise<void> {
  parentPort?.close();
  await browser?.then((open) => open.close()).catch(() => undefined);
}

function reply(message: ImageReply): void {
  parentPort?.postMessage(message);
}
