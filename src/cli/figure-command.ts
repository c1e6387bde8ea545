import { Command } from '@commander-js/extra-typings';
import { checkChoice } from '../bits/check.js';
import { resultPath } from '../bits/folders.js';
import { FIGURE_FORMATS, type FigureFormat, saveFigures } from '../figures/export.js';
import { PAPER_WIDTHS_MM, paperFigure } from '../figures/paper.js';
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
    Object.entries(report.figures(rows)).map(([figure, content]) => ({
      name: `${report.name}-${figure}`,
      screen: content,
      print: paperFigure(content, { width: parseWidth(width) }),
    })),
  );
  if (figures.length === 0) {
    process.stdout.write(`${name} has no figures\n`);
    return;
  }
  const save = (form: 'screen' | 'print'): Promise<string[]> =>
    saveFigures(Object.fromEntries(figures.map((figure) => [figure.name, figure[form]])), to, {
      formats: formats.filter((format) => isPrinted(format) === (form === 'print')),
    });
  const files = [...(await save('print')), ...(await save('screen'))];
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

function isPrinted(format: FigureFormat): boolean {
  return format !== 'html' && format !== 'json';
}
