import { WIDTHS_OF_OLD_RECORDS } from '../../records/architecture.js';
import type { StoreSnapshot } from '../../records/store-snapshot.js';
import { RUN_STATES } from '../../records/store-snapshot.js';
import type { Group } from './groups.js';

/** Columns that rows have anyway, by the option that they come from. */
const COLUMN_OF: Readonly<Record<string, string>> = {
  'rule.name': 'rule',
  [WIDTHS_OF_OLD_RECORDS]: 'layers',
  'dataset.name': 'dataset',
};

/** A cell of a notebook that draws the learning curves of the finished runs of groups from the store. */
export function figureCode(snapshot: StoreSnapshot, groups: readonly Group[]): string {
  const { options, keys, states, folder } = snapshot;
  const finished = RUN_STATES.indexOf('finished');
  const chosen = groups.flatMap(({ runs }) => runs.filter((run) => states[run] === finished));
  const columns = new Map<string, string>();
  const series = options
    .filter(
      ({ path }, option) => COLUMN_OF[path] !== undefined || groups.some(({ codes }) => codes[option] >= 0),
    )
    .map(({ path }) => {
      const known = COLUMN_OF[path];
      if (known !== undefined) return known;
      const last = path.split('.').at(-1) ?? path;
      const name = [...columns.keys(), ...Object.values(COLUMN_OF)].includes(last)
        ? path.replaceAll('.', '_')
        : last;
      columns.set(name, path);
      return name;
    });
  const further = [...columns].map(([name, path]) => `${name}: '${path}'`).join(', ');
  return [
    "import { epochRows, learningCurves, openStore, show } from 'xnorlab';",
    '',
    `const store = openStore(${JSON.stringify(folder)});`,
    `const keys = new Set(\`${chosen.map((run) => keys[run]).join(' ')}\`.split(' '));`,
    "const records = store.runs().flatMap((run) => (keys.has(run.key) && run.status === 'finished' ? [run.record] : []));",
    `const rows = epochRows(records${further === '' ? '' : `, { columns: { ${further} } }`});`,
    `show(learningCurves(rows, { series: [${(series.length > 0 ? series : ['rule']).map((name) => `'${name}'`).join(', ')}], training: false }));`,
    '',
  ].join('\n');
}
