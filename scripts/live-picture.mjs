/**
 * `node scripts/live-picture.mjs`: draws docs/pictures/live.png again, the page that trains at work on MNIST. It needs a build (`npm run setup`), MNIST
 * and a browser.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const built = (file) => createRequire(import.meta.url)(path.join(root, 'dist', file));
const { makeLivePage } = built('cli/make-live-page.js');
const { launchBrowser } = built('node/printing/browser.js');

const WIDTH = 1100;
const HEIGHT = 900;
/** Of the picture: few, and it stays below 100 kB. */
const COLOURS = 48;

const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-picture-'));
const browser = await launchBrowser();
try {
  await makeLivePage(folder, { digits: true });
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: HEIGHT } });
  await page.goto(pathToFileURL(path.join(folder, 'live.html')).href);
  await page.click('#start');
  await page.waitForFunction(() => /^1[2-9] /.test(document.getElementById('epoch').textContent));
  await page.click('#start');
  await page.waitForTimeout(500);
  const box = await page.locator('#stage').boundingBox();
  const bottom = await page.locator('#weights').boundingBox();
  const clip = {
    x: box.x - 8,
    y: box.y - 8,
    width: box.width + 16,
    height: bottom.y + bottom.height - box.y + 48,
  };
  const picture = await page.screenshot({ clip, fullPage: true });
  const small = await sharp(picture)
    .resize({ width: WIDTH, withoutEnlargement: true })
    .png({ colours: COLOURS, effort: 10 })
    .toBuffer();
  writeFileSync(path.join(root, 'docs', 'pictures', 'live.png'), small);
  process.stdout.write(`docs/pictures/live.png: ${small.length} bytes\n`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
