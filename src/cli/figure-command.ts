import { Command } from '@commander-js/extra-typings';
import { checkChoice } from '../core/check.js';
import { PAPER_WIDTHS_MM } from '../figures/paper.js';
import { resultPath } from '../node/files/folders.js';
import { FIGURE_FORMATS, type FigureFormat, saveFigures } from '../node/printing/export.js';
import { collect, REPORT_NAMES, type RowSource, rowsOfReports } from './report-rows.js';

interface FigureFlags extends RowSource {
  readonly to: string;
  readonly format: string;
  readonly width: string;
}

/** `xnorlab figure NAME|all`: makes the figures of a report, for print and for the screen. */
export function figureCommand(): Command {
  const widths = Object.keys(PAPER_WIDTHS_MM).join(', ');
  const command = new Command('figure')
    .description('Make the figures of a report: svg, pdf and png for print, html and json for the screen.')
    .argument('<name>', REPORT_NAMES.join(', '))
    .option('--store <dir>', 'take the runs from this store; several times for several', collect, [])
    .option('--stored <dir>', 'folder of stored rows, used without --store (notebooks/stored)')
    .option('--to <dir>', 'folder that they go to', resultPath('figures'))
    .option('--format <list>', `some of ${FIGURE_FORMATS.join(', ')}`, 'svg,pdf,html')
    .option('--width <width>', `in print: ${widths} or millimetres`, 'double');
  command.action(makeFigures);
  return command as unknown as Command;
}

async function makeFigures(name: string, flags: FigureFlags): Promise<void> {
  const { to, width, ...source } = flags;
  const formats = parseFormats(flags.format);
  const figures = rowsOfReports(name, source).flatMap(({ report, rows }) =>
    Object.entries(report.figures(rows)).map(([figure, content]) => [`${report.name}-${figure}`, content]),
  );
  if (figures.length === 0) {
    process.stdout.write(`${name} has no figures\n`);
    return;
  }
  const print = { width: parseWidth(width) };
  const files = await saveFigures(Object.fromEntries(figures), to, { formats, print });
  process.stdout.write(files.map((file) => `${file}\n`).join(''));
}

function parseFormats(list: string): FigureFormat[] {
  return list.split(',').map((format) => {
    checkChoice('--format', format, FIGURE_FORMATS);
    return format;
  });
}

/** `paperFigure` checks it. */
function parseWidth(text: string): keyof typeof PAPER_WIDTHS_MM | number {
  const widthMm = Number(text);
  return Number.isNaN(widthMm) ? (text as keyof typeof PAPER_WIDTHS_MM) : widthMm;
}
