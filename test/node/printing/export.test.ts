import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learningCurves } from '../../../src/figures/learning-curves.js';
import { paperFigure } from '../../../src/figures/paper.js';
import { type FigureFormat, saveFigure, saveFigures } from '../../../src/node/printing/export.js';
import { epochRows } from '../../../src/records/rows.js';
import { figures } from '../../figures/sample-figures.js';
import { sampleRecord } from '../../sample-record.js';

describe('saved figures', () => {
  let folder: string;
  let files: string[];
  const curves = learningCurves(epochRows([sampleRecord]), { title: 'Curves & <signs>' });
  const printed = paperFigure(figures.heatMap);

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-figures-'));
    const formats: FigureFormat[] = ['html', 'json', 'svg', 'pdf', 'png'];
    const print = { title: true };
    files = await saveFigures({ curves, printed }, path.join(folder, 'new'), { formats, print });
  }, 60_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function read(name: string): Buffer {
    return readFileSync(path.join(folder, 'new', name));
  }

  it('are one file per format, named after the figure', () => {
    expect(files.map((file) => path.relative(folder, file))).toEqual(
      ['curves', 'printed'].flatMap((name) =>
        ['html', 'json', 'svg', 'pdf', 'png'].map((format) => path.join('new', `${name}.${format}`)),
      ),
    );
    expect(JSON.parse(read('curves.json').toString())).toEqual(JSON.parse(JSON.stringify(curves)));
  });

  it('are printed as asked, keep text as text in the vectors, and draw every line', () => {
    const svg = read('curves.svg').toString();
    // 178 mm by 178 · 440/720 mm, text of 7 points.
    expect(svg).toMatch(/^<svg[^>]*width="672\.7559[^>]*height="411\.128/);
    expect(svg).toMatch(/font-size: 9\.33/);
    expect(svg).toContain('accuracy (%)');
    expect(svg).toContain('Curves &amp; &#60;signs&#62;');
    expect(svg.match(/<g class="lines"><path class="js-line"/g)).toHaveLength(2);
    expect(svg).not.toContain('<image');
  });

  it('keep the size that paperFigure has given them', () => {
    expect(read('printed.svg').toString()).toMatch(/^<svg[^>]*width="321\.259/);
  });

  it('fill one page of a PDF, with embedded fonts and text', () => {
    const pdf = read('printed.pdf').toString('latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)?.map(Number) ?? [];
    // 85 mm by 85 · 3/4 mm in points; Chromium rounds up to its own pixels.
    expect(Math.abs(width - (85 * 72) / 25.4)).toBeLessThan(0.75);
    expect(Math.abs(height - (63.75 * 72) / 25.4)).toBeLessThan(0.75);
    expect(pdf).toContain('/FontFile2');
    expect(shownGlyphs(pdf)).toBeGreaterThan('testAccuracyrobustnessreinforcement'.length);
  });

  it('have four pixels for each of the figure in a PNG', () => {
    const png = read('curves.png');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([4 * 673, 4 * 412]);
  });
});

/** Glyphs that a PDF's pages show as text. */
function shownGlyphs(pdf: string): number {
  const streams = [...pdf.matchAll(/stream\r?\n(.*?)\r?\nendstream/gs)].map(([, packed]) => {
    try {
      return inflateSync(Buffer.from(packed, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const shown = streams.join('\n').match(/<([0-9A-Fa-f]+)> ?Tj/g) ?? [];
  return shown.reduce((glyphs, text) => glyphs + text.length / 4, 0);
}

describe('without a browser', () => {
  it('says how to get one, and writes nothing', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-figures-'));
    process.env.XNORLAB_BROWSER = '/nowhere/chromium';
    await expect(saveFigure(figures.heatMap, path.join(folder, 'map'))).rejects.toThrow(
      'XNORLAB_BROWSER names /nowhere/chromium, which is no program. Correct or unset it.',
    );
    expect(readdirSync(folder)).toEqual([]);
    const files = await saveFigure(figures.heatMap, path.join(folder, 'map'), { formats: ['json', 'html'] });
    expect(files.map((file) => path.basename(file))).toEqual(['map.json', 'map.html']);
    delete process.env.XNORLAB_BROWSER;
    rmSync(folder, { recursive: true });
  });
});

describe('an unknown format', () => {
  it('is refused', async () => {
    const formats = ['svg', 'gif' as 'png'];
    await expect(saveFigure(figures.heatMap, 'map', { formats: formats as FigureFormat[] })).rejects.toThrow(
      "formats: expected some of html, json, svg, pdf, png, got 'gif'",
    );
  });
});
