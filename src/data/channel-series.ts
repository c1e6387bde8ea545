import { DataError } from '../core/errors.js';
import { vector } from '../core/shape.js';
import {
  classesOfTexts,
  distinctCategories,
  inOrder,
  type LabelTexts,
  numberNames,
  numberTexts,
} from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { decodeText } from './decode-text.js';
import { refuseForeignFormat } from './foreign-format.js';
import { parseFloat32 } from './parse-float32.js';
import type { SourceFile } from './source-file.js';

/** A series as it stands in a file: each channel as its numbers, not read yet. */
interface SeriesLine {
  /** From 1. */
  readonly line: number;
  readonly channels: readonly (readonly string[])[];
  readonly label: string;
}

/** A file of series. */
interface SeriesFile {
  readonly file: string;
  readonly series: readonly SeriesLine[];
  /** The classes that its header names, and the line that does. */
  readonly declared?: { readonly classes: readonly string[]; readonly line: number };
}

/** How series are read. */
export interface ChannelSeriesOptions {
  /** How many of the last steps are read where series are of different lengths, which have to be cut to one. */
  readonly window?: number | undefined;
}

/**
 * A data set of the UEA archive (`.ts` of sktime and aeon), of one or more channels: comments (`#`), a header of lines that begin with `@`,
 * then one series a line, its channels separated by colons, the numbers of a channel by commas, the class last. At each step of a sequence
 * are the numbers of all channels. Classes are those that the header of the training file names, else those that occur in it.
 *
 * Series of different lengths are one data set only with a `window`, which no series is shorter than: the last so many steps of each.
 * @throws DataError with file and line for missing values (`?`, `NaN`), time stamps, regression targets, channels of different number or
 *   length in a series, series of different lengths without a window, and one that is shorter than it
 */
export function channelSeriesDataset(
  name: string,
  files: { readonly train: SourceFile; readonly test: SourceFile },
  options: ChannelSeriesOptions = {},
): Dataset {
  const [train, test] = [files.train, files.test].map(parseSeriesFile);
  const steps = commonSteps([train, test], options.window);
  const channels = train.series[0].channels.length;
  for (const file of [train, test]) checkChannels(file, channels, train);
  const { declared } = train;
  const classes = declared ? inOrder(declared.classes) : classesOfTexts(labelsOf(train));
  const split = (file: SeriesFile): SplitSource => ({
    features: featuresOf(file, steps, channels),
    labels: declared
      ? numberNames(labelsOf(file), classes, `classes that line ${declared.line} of ${train.file} names`)
      : numberTexts(labelsOf(file), classes),
    featuresFile: file.file,
    labelsFile: file.file,
  });
  return createDataset({
    name,
    classes,
    shape: { kind: 'sequence', steps, of: vector(channels) },
    train: split(train),
    test: split(test),
    files: [train.file, test.file],
  });
}

function parseSeriesFile(source: SourceFile): SeriesFile {
  const { file } = source;
  refuseForeignFormat(source, 'series of the UEA archive');
  const lines = decodeText(source)
    .split('\n')
    .map((text, i) => ({ text: text.trim(), line: i + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  const start = lines.findIndex(({ text }) => /^@data$/i.test(text));
  if (start < 0) throw new DataError(file, 'has no line @data, behind which its series stand');
  const declared = headerOf(lines.slice(0, start), file);
  const series = lines.slice(start + 1).map(({ text, line }) => parseSeries(text, line, file));
  if (series.length === 0) throw new DataError(file, 'holds no series');
  return { file, series, ...(declared && { declared }) };
}

/** @throws DataError for what a header says of series that cannot be read */
function headerOf(
  lines: readonly { readonly text: string; readonly line: number }[],
  file: string,
): SeriesFile['declared'] {
  let declared: SeriesFile['declared'];
  for (const { text, line } of lines) {
    if (!text.startsWith('@')) {
      throw new DataError(
        file,
        `line ${line}: ${JSON.stringify(text.slice(0, 40))}, expected a line that begins with @ before @data`,
      );
    }
    const [keyword, value = '', ...rest] = text.slice(1).split(/\s+/);
    const is = (name: string, text: string): boolean =>
      keyword.toLowerCase() === name.toLowerCase() && value.toLowerCase() === text;
    if (is('timeStamps', 'true'))
      throw new DataError(file, `line ${line}: series with time stamps, expected values alone`);
    if (is('targetLabel', 'true') || is('classLabel', 'false')) {
      throw new DataError(file, `line ${line}: ${text}: expected series with classes`);
    }
    if (is('classLabel', 'true') && rest.length > 0) {
      const column = { file, texts: rest, placeOf: () => `line ${line}` };
      declared = { classes: distinctCategories(column), line };
    }
  }
  if (declared?.classes.length === 1) {
    throw new DataError(file, `line ${declared.line}: one class, expected two`);
  }
  return declared;
}

function parseSeries(text: string, line: number, file: string): SeriesLine {
  const parts = text.split(':');
  const label = (parts.pop() ?? '').trim();
  if (parts.length === 0) throw new DataError(file, `line ${line}: a class, but no series before a colon`);
  const channels = parts.map((part) => part.split(','));
  const [first] = channels;
  channels.forEach((channel, c) => {
    if (channel.length !== first.length) {
      const problem = `channel ${c + 1} has ${channel.length} steps, but channel 1 has ${first.length}`;
      throw new DataError(file, `line ${line}: ${problem}`);
    }
  });
  return { line, channels, label };
}

/** How many steps all series are cut to. */
function commonSteps(files: readonly SeriesFile[], wanted: number | undefined): number {
  const all = files.flatMap(({ file, series }) =>
    series.map(({ line, channels: [{ length }] }) => ({ file, line, length })),
  );
  const [first] = all;
  const other = all.find(({ length }) => length !== first.length);
  if (!other) return first.length;
  const shortest = all.reduce((least, one) => (one.length < least.length ? one : least));
  if (wanted === undefined) {
    const where = other.file === first.file ? `line ${first.line}` : `line ${first.line} of ${first.file}`;
    const remedy = `say how many of the last steps to use (--window ${shortest.length}, or dataset.window)`;
    const problem = `a series of ${other.length} steps, but ${where} has ${first.length}`;
    throw new DataError(other.file, `line ${other.line}: ${problem}: ${remedy}`);
  }
  if (shortest.length < wanted) {
    const problem = `a series of ${shortest.length} steps, shorter than the window of ${wanted}`;
    throw new DataError(shortest.file, `line ${shortest.line}: ${problem}`);
  }
  return wanted;
}

function checkChannels({ file, series }: SeriesFile, channels: number, train: SeriesFile): void {
  for (const { line, channels: own } of series) {
    if (own.length === channels) continue;
    const first = `line ${train.series[0].line} of ${train.file} has ${channels}`;
    throw new DataError(file, `line ${line}: ${own.length} channels, but ${first}`);
  }
}

function labelsOf({ file, series }: SeriesFile): LabelTexts {
  return { file, texts: series.map(({ label }) => label), placeOf: (i) => `line ${series[i].line}` };
}

/** The last steps, at each of them the numbers of all channels. */
function featuresOf({ file, series }: SeriesFile, steps: number, channels: number): FeatureMatrix {
  const columns = steps * channels;
  const values = new Float32Array(series.length * columns);
  series.forEach(({ line, channels: own }, row) => {
    own.forEach((channel, c) => {
      channel.slice(-steps).forEach((text, i) => {
        const step = channel.length - steps + i + 1;
        values[row * columns + i * channels + c] = parseValue(
          text,
          file,
          `line ${line}, channel ${c + 1}, step ${step}`,
        );
      });
    });
  });
  return new FeatureMatrix(series.length, columns, values);
}

function parseValue(text: string, file: string, place: string): number {
  if (text.trim() === '?') throw new DataError(file, `${place}: a missing value (?), expected a number`);
  return parseFloat32(text, file, () => place);
}
