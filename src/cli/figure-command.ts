import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { checkChoice } from '../core/check.js';
import { PAPER_WIDTHS_MM, paperFigure } from '../figures/paper.js';
import { FIGURE_FORMATS, type FigureFormat } from '../node/printing/export.js';
import { writeOut } from '../node/printing/terminal.js';
import { collect, type DrawFlags, drawnStudies, namedStudies, saveStudyFigures } from './drawn-studies.js';

/** How figures are saved. */
export interface FigureFlags {
  readonly format: string;
  readonly width: string;
}

/** `xnorlab figure NAME`: makes the figures of a study, for print and for the screen. */
export function figureCommand(): CommandUnknownOpts {
  const command = new Command('figure')
    .description('Make the figures of studies: svg, pdf and png for print, html and json for the screen.')
    .argument('[names...]', 'names of studies: `xnorlab study` lists them')
    .option('--all', 'of all studies')
    .option('--store <dir>', 'take the runs from this store; several times for several', collect, [])
    .option('--to <dir>', 'folder that they go to (results/, in a folder called like that of the study)')
    .option('--format <list>', `some of ${FIGURE_FORMATS.join(', ')}`, DEFAULT_FORMATS)
    .option('--width <width>', WIDTH_HELP, 'double');
  command.action(makeFigures);
  return command;
}

export const DEFAULT_FORMATS = 'svg,pdf,html';

type PaperWidth = keyof typeof PAPER_WIDTHS_MM | number;

export const WIDTH_HELP = `in print: ${Object.keys(PAPER_WIDTHS_MM).join(', ')} or millimetres`;

async function makeFigures(names: readonly string[], flags: DrawFlags & FigureFlags): Promise<void> {
  const formats = parseFormats(flags.format);
  const print = { width: parseWidth(flags.width) };
  for (const drawn of drawnStudies(await namedStudies(names, flags.all), flags)) {
    writeOut(await saveStudyFigures(drawn, formats, print));
  }
}

/** @throws ArgumentError for a format that is none */
export function parseFormats(list: string): FigureFormat[] {
  return list.split(',').map((format) => {
    checkChoice('--format', format, FIGURE_FORMATS);
    return format;
  });
}

/** @throws ArgumentError for a width that no figure can have */
export function parseWidth(text: string): PaperWidth {
  const widthMm = Number(text);
  const width = Number.isNaN(widthMm) ? (text as keyof typeof PAPER_WIDTHS_MM) : widthMm;
  // Checked before anything is made.
  paperFigure({ data: [] }, { width });
  return width;
}
