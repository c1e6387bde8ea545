import {
  type ComparisonRow,
  cellOf,
  compare,
  FormattedTable,
  formatMean,
  formatSigned,
  groupRows,
  keyText,
  type Row,
  type StudyPart,
  summarize,
  type TextCell,
} from 'xnorlab';
import { ALL_ZEROS, publishedRows } from './compared.js';

/** Where a network has zeros, as a cell of a row, and what the table calls it. */
const PLACES: Readonly<Record<string, string>> = {
  weights: 'weights',
  activations: 'activations',
  classifier: 'classifier',
  [ALL_ZEROS]: 'everywhere',
};

const NETWORK = ['dataset', 'rule', 'layers'];

/** What the zeros of the published code are worth, and where. */
export const zeros = {
  title: 'B. What the zeros of the published code are worth',
  description:
    'In the published code sign(0) = 0: weights that start at 0, activations whose sum is 0 and entries of classifiers are ternary, a few in a ' +
    'hundred of each. The same networks with zeros in one place alone and everywhere, minus the strictly binary ones with the same seeds, ' +
    'which are divided in the same way: points, and the 95 % interval of Student’s t.',
  sweeps: [
    'sweep-sizes.yaml',
    'sweep-committees.yaml',
    'sweep-committee-groups.yaml',
    'sweep-zeros.yaml',
    'sweep-zeros-groups.yaml',
    'sweep-zero-places.yaml',
    'sweep-zero-ties.yaml',
  ],
  rows: publishedRows,
  tables: (rows): Record<string, FormattedTable> => {
    if (zerosEffects(rows, 'testAccuracy').length === 0) return {};
    return {
      test: zerosTable(rows, 'testAccuracy', 'Accuracy on the samples held out'),
      training: zerosTable(rows, 'trainAccuracy', 'Training accuracy of the last epoch'),
    };
  },
} satisfies StudyPart;

/** Each network with zeros against the same without, seed by seed. */
export function zerosEffects(rows: readonly Row[], value: string): ComparisonRow[] {
  const binary = new Map(
    rows
      .filter(({ zeros: places }) => places === null)
      .map((row) => [keyText(row, [...NETWORK, 'seed']), row]),
  );
  const pairs = rows.flatMap((row): Row[] => {
    const twin = binary.get(keyText(row, [...NETWORK, 'seed']));
    const place = PLACES[String(cellOf(row, 'zeros'))];
    if (!twin || place === undefined) return [];
    return [
      { ...row, place, reading: 'zeros' },
      { ...twin, place, reading: 'binary' },
    ];
  });
  if (pairs.length === 0) return [];
  return compare(pairs, { between: 'reading', within: [...NETWORK, 'place'], value, baseline: 'binary' });
}

function zerosTable(rows: readonly Row[], value: string, about: string): FormattedTable {
  const effects = zerosEffects(rows, value);
  const binary = summarize(
    rows.filter(({ zeros: places }) => places === null),
    { by: NETWORK, value },
  );
  const number = (text: string): TextCell => ({ text, isNumber: true });
  const places = Object.values(PLACES);
  const body = groupRows(effects, NETWORK).map(({ key, rows: own }): TextCell[] => {
    const base = binary.find((row) => keyText(row, NETWORK) === keyText(key, NETWORK));
    return [
      { text: String(key.dataset) },
      { text: key.rule === 'committee' ? String(key.layers).replace(',', '-') : String(key.layers) },
      number(base ? formatMean(base.mean, base.standardDeviation) : '–'),
      ...places.map((place) => effectCell(own.find((effect) => effect.place === place))),
    ];
  });
  const caption =
    `${about} (%): mean ± standard deviation of strictly binary networks, and what zeros add, in points; in bold where the interval leaves ` +
    'out 0; n pairs.';
  const headings = ['data', 'network', 'strictly binary', ...places.map((place) => `zeros: ${place}`)];
  return new FormattedTable({ caption, headings, headColumns: 2, body }, effects);
}

function effectCell(effect: ComparisonRow | undefined): TextCell {
  if (!effect) return { text: '–', isNumber: true };
  const { meanDifference, low95, high95, n } = effect;
  const text = formatSigned(meanDifference, 2);
  if (low95 === null || high95 === null) return { text, isNumber: true };
  const interval = [low95, high95].map((end) => formatSigned(end, 2)).join(', ');
  return { text, isNumber: true, isBest: low95 * high95 > 0, note: `[${interval}], n = ${n}` };
}
