import path from 'node:path';
import { ArgumentError } from '../../core/errors.js';
import { PAGE_POLICY } from '../../core/page-policy.js';
import { type Figure, figureJson } from '../../figures/figure.js';
import { isPaperFigure, type PaperOptions, paperFigure } from '../../figures/paper.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { type Drawing, withDrawing } from './drawing.js';
import { figureHtml, libraryHtml } from './figure-html.js';
import { savedFiles } from './saved-files.js';
import { splitExtension } from './split-extension.js';

/**
 * The ways to keep a figure. For the screen: `html` (interactive, needs no network) and `json` (what Plotly draws). For
 * print: `svg` and `pdf` (vectors, text as text) and `png` (four pixels for each of the figure's own, 384 in an inch).
 */
export const FIGURE_FORMATS = ['html', 'json', 'svg', 'pdf', 'png'] as const;

/** One of `FIGURE_FORMATS`. */
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** What to keep. */
export interface SaveFigureOptions {
  /** Default: html, json, svg and pdf. */
  readonly formats?: readonly FigureFormat[];
  /** How svg, pdf and png are printed; a figure that `paperFigure` made is left as it is. Default: as wide as both columns. */
  readonly print?: PaperOptions;
}

const DEFAULT_FORMATS: readonly FigureFormat[] = ['html', 'json', 'svg', 'pdf'];

const DEFAULT_PRINT = { width: 'double' } as const;

/**
 * A figure as SVG, as it is, drawn by a real headless browser: vectors, text as text.
 * @throws EnvironmentError when there is no browser
 */
export async function figureSvg(figure: Figure): Promise<string> {
  return withDrawing((drawing) => drawing.svg(figure));
}

/**
 * Writes a figure to `file`.html, `file`.json and so on, or in the one format that its extension names. Nothing is written
 * before all formats are made.
 * @param file - without an extension, or with that of a format: `curves.svg`; folders on the way are made
 * @returns the files written, in the order of the formats; as the value of a cell, links to them
 * @throws ArgumentError for an unknown format or width, or an extension beside `formats`
 * @throws EnvironmentError when svg, pdf or png are asked for and there is no browser, or a file cannot be written
 */
export async function saveFigure(
  figure: Figure,
  file: string,
  options: SaveFigureOptions = {},
): Promise<string[]> {
  const { name, extension } = splitExtension(
    file,
    FIGURE_FORMATS.map((format) => `.${format}` as const),
  );
  if (extension && options.formats) {
    throw new ArgumentError('formats', `none, as the file ends in ${extension}`, options.formats);
  }
  const formats = FIGURE_FORMATS.filter((format) => extension === `.${format}`);
  const figures = { [path.basename(name)]: figure };
  return saveFigures(figures, path.dirname(name), { ...options, ...(extension && { formats }) });
}

/**
 * Writes figures to `folder`/NAME.html, `folder`/NAME.json and so on, all drawn in one browser. Nothing is written
 * before all are made.
 * @param figures - by name
 * @param folder - made if need be
 * @returns the files written, figure by figure; as the value of a cell, links to them
 * @throws ArgumentError for an unknown format or width
 * @throws EnvironmentError when svg, pdf or png are asked for and there is no browser, or a file cannot be written
 */
export async function saveFigures(
  figures: Readonly<Record<string, Figure>>,
  folder: string,
  { formats = DEFAULT_FORMATS, print }: SaveFigureOptions = {},
): Promise<string[]> {
  const unknown = formats.find((format) => !FIGURE_FORMATS.includes(format));
  if (unknown !== undefined)
    throw new ArgumentError('formats', `some of ${FIGURE_FORMATS.join(', ')}`, unknown);
  const make = async (drawing?: Drawing): Promise<Map<string, string | Uint8Array>> => {
    const files = new Map<string, string | Uint8Array>();
    for (const [name, figure] of Object.entries(figures)) {
      const printed = isPaperFigure(figure) ? figure : paperFigure(figure, { ...DEFAULT_PRINT, ...print });
      for (const format of formats) {
        const shown = isDrawn(format) ? printed : figure;
        files.set(path.join(folder, `${name}.${format}`), await contents(shown, format, drawing));
      }
    }
    return files;
  };
  const files = await (formats.some(isDrawn) ? withDrawing(make) : make());
  for (const [file, content] of files) await writeFileAtomically(file, content);
  return savedFiles([...files.keys()]);
}

/** JupyterLab opens pages of HTML without their scripts, until one says otherwise. */
const WITHOUT_SCRIPTS =
  '<style>.xnorlab-figure > p { display: none }</style>' +
  '<p>A script draws this figure. In JupyterLab, press “Trust HTML”.</p>' +
  '<script>document.currentScript.previousElementSibling.remove();</script>';

type DrawnFormat = keyof Drawing & FigureFormat;

function isDrawn(format: FigureFormat): format is DrawnFormat {
  return format === 'svg' || format === 'pdf' || format === 'png';
}

async function contents(
  figure: Figure,
  format: FigureFormat,
  drawing: Drawing | undefined,
): Promise<string | Uint8Array> {
  if (format === 'json') return `${figureJson(figure, 1)}\n`;
  if (drawing && isDrawn(format)) return drawing[format](figure);
  return `<!doctype html><meta charset="utf-8">\n${PAGE_POLICY}\n${WITHOUT_SCRIPTS}\n${figureHtml(figure, 'figure')}\n${libraryHtml()}\n`;
}
