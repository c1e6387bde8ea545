import { decodeSnapshot, RUN_STATES, type StoreSnapshot } from '../records/store-snapshot.js';
import { curveSvg, type NamedCurve } from './dashboard/curve-svg.js';
import { figureCode } from './dashboard/figure-code.js';
import { GroupCurves } from './dashboard/group-curves.js';
import {
  curveStarts,
  filterRuns,
  type Group,
  groupCurve,
  groupRuns,
  type Spread,
  valueText,
} from './dashboard/groups.js';
import { ParallelCoordinates } from './dashboard/parallel.js';
import { byId, element, SERIES } from './elements.js';

const POLL_MS = 2000;
/** Groups that are compared at once, each with a colour of its own. */
const MOST_CHOSEN = 6;
/** Rows that are shown before one asks for more. */
const ROWS = 15;
/** Options of more values are searched by words. */
const MOST_CHOICES = 40;
/** Failures that are told whole. */
const MOST_FAILURES = 20;
/** How far back the pace of a sweep is measured. */
const PACE_MS = 60_000;

class Dashboard {
  readonly #parallel = new ParallelCoordinates(byId<HTMLCanvasElement>('parallel'));
  readonly #curves = new GroupCurves(byId('curves'));
  readonly #values = new Map<string, string>();
  readonly #pace: { readonly at: number; readonly epochs: number }[] = [];
  #snapshot: StoreSnapshot | undefined;
  #starts = new Uint32Array(0);
  #groups: Group[] = [];
  #runs: readonly number[] = [];
  /** Keys of groups, in the order of their colours; undefined: the best. */
  #chosen: string[] | undefined;
  #rows = ROWS;
  #filterKeys = '';

  constructor() {
    byId('words').addEventListener('input', () => this.#filter());
    byId('state').addEventListener('change', () => this.#filter());
    byId('more').addEventListener('click', () => {
      this.#rows *= 4;
      this.#showGroups();
    });
    byId('best').addEventListener('click', () => {
      this.#chosen = undefined;
      this.#showGroups();
      this.#showCurves();
    });
    for (const id of ['measure-validation', 'measure-test']) {
      byId(id).addEventListener('change', () => this.#showCurves());
    }
    byId('copy-code').addEventListener('click', () => this.#copyCode());
    byId('save-svg').addEventListener('click', () => this.#saveSvg());
    let width = 0;
    new ResizeObserver(() => {
      const now = byId('parallel').clientWidth;
      if (now !== width) this.#showParallel();
      width = now;
    }).observe(byId('parallel'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#showParallel());
  }

  /** Takes the state of the store, and shows what has changed. */
  take(snapshot: StoreSnapshot): void {
    this.#snapshot = snapshot;
    this.#starts = curveStarts(snapshot) as Uint32Array<ArrayBuffer>;
    const epochs = snapshot.done.reduce((sum, done) => sum + done, 0);
    this.#pace.push({ at: Date.now(), epochs });
    this.#makeFilters(snapshot);
    this.#showCounts(snapshot, epochs);
    this.#showFailures(snapshot);
    this.#filter();
    byId('dashboard').hidden = false;
  }

  #makeFilters({ options }: StoreSnapshot): void {
    const shown = options.filter(({ values }) => values.length > 1 && values.length <= MOST_CHOICES);
    const key = JSON.stringify(shown.map(({ path, values }) => [path, values]));
    if (key === this.#filterKeys) return;
    this.#filterKeys = key;
    byId('filters').replaceChildren(
      ...shown.map(({ path, values }) => {
        const id = `filter-${path}`;
        const texts = values.map(String).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
        const choices = ['', ...texts].map((text) =>
          element('option', { value: text }, text === '' ? 'any' : text),
        );
        const select = element('select', { id }, ...choices);
        select.value = this.#values.get(path) ?? '';
        select.addEventListener('change', () => {
          this.#values.set(path, select.value);
          this.#filter();
        });
        return element('div', {}, element('label', { for: id }, shortName(path)), select);
      }),
    );
  }

  #filter(): void {
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    const start = performance.now();
    const words = byId<HTMLInputElement>('words').value;
    const state = byId<HTMLSelectElement>('state').value;
    this.#runs = filterRuns(snapshot, { values: this.#values, state, words });
    this.#groups = groupRuns(snapshot, this.#runs);
    this.#showGroups();
    this.#showCurves();
    this.#showParallel();
    const all = snapshot.keys.length;
    byId('matches').textContent =
      `${count(this.#runs.length)} of ${count(all)} runs, in ${count(this.#groups.length)} groups of seeds`;
    byId('matches').dataset.ms = String(Math.round(performance.now() - start));
  }

  #keyOf({ codes }: Group): string {
    const { options } = this.#snapshot ?? { options: [] };
    return codes.map((code, option) => `${options[option]?.path}=${options[option]?.values[code]}`).join('&');
  }

  /** Those that are drawn as curves, with the style of each. */
  get #drawn(): readonly { readonly group: Group; readonly style: number }[] {
    const chosen = this.#chosen;
    if (!chosen) return this.#groups.slice(0, 5).map((group, style) => ({ group, style }));
    return chosen.flatMap((key, style) => {
      const group = this.#groups.find((one) => this.#keyOf(one) === key);
      return group ? [{ group, style }] : [];
    });
  }

  #nameOf({ codes }: Group): string {
    const snapshot = this.#snapshot;
    if (!snapshot) return '';
    const parts = snapshot.options.flatMap(({ path }, option) => {
      const text = valueText(snapshot, option, codes[option]);
      return text === '' ? [] : [`${shortName(path)} ${text}`];
    });
    return parts.join(', ') || 'all runs';
  }

  #showCounts({ folder, states, done, epochs, takenAt }: StoreSnapshot, shown: number): void {
    byId('folder').textContent = folder;
    RUN_STATES.forEach((state, code) => {
      byId(`count-${state}`).textContent = count(states.filter((one) => one === code).length);
    });
    byId('count-epochs').textContent = count(shown);
    const left = states.reduce((sum, state, run) => sum + (state === 0 ? epochs[run] - done[run] : 0), 0);
    byId('time-left').textContent = this.#timeLeft(left);
    byId('taken').textContent = `As of ${new Date(takenAt).toLocaleTimeString('en-GB')}`;
  }

  /** By the pace at which epochs have come in the last minute, whoever trains them. */
  #timeLeft(epochs: number): string {
    if (epochs === 0) return 'nothing to train';
    const now = Date.now();
    while (this.#pace.length > 2 && now - this.#pace[0].at > PACE_MS) this.#pace.shift();
    const [first] = this.#pace;
    const trained = (this.#pace.at(-1)?.epochs ?? 0) - first.epochs;
    if (trained <= 0) return `${count(epochs)} epochs; none has come of late`;
    const seconds = (epochs * (now - first.at)) / trained / 1000;
    return seconds < 90
      ? `${Math.ceil(seconds)} s`
      : seconds < 5400
        ? `${Math.round(seconds / 60)} min`
        : `${(seconds / 3600).toFixed(1)} h`;
  }

  #showGroups(): void {
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    const options = snapshot.options.map(({ path }, option) => ({ path, option }));
    const header = ['', ...options.map(({ path }) => shortName(path)), 'runs', 'validation', 'test'];
    byId('group-head').replaceChildren(
      element(
        'tr',
        {},
        ...header.map((text) =>
          element('th', { scope: 'col' }, text || element('span', { class: 'unseen' }, 'compare')),
        ),
      ),
    );
    const drawn = new Map(this.#drawn.map(({ group, style }) => [group, style]));
    const rows = this.#groups.slice(0, this.#rows).map((group) => {
      const style = drawn.get(group);
      const name = this.#nameOf(group);
      const box = element('input', { type: 'checkbox', 'aria-label': `Compare ${name}` });
      box.checked = style !== undefined;
      if (style !== undefined) box.style.accentColor = `var(--series-${style % SERIES})`;
      box.addEventListener('change', () => this.#choose(group, box.checked));
      const finished = group.runs.filter((run) => snapshot.states[run] === 2).length;
      const runs = finished === group.runs.length ? String(finished) : `${finished} of ${group.runs.length}`;
      const cells = [
        ...options.map(({ option }) => valueText(snapshot, option, group.codes[option])),
        runs,
        spreadText(group.validation),
        spreadText(group.test),
      ];
      return element('tr', {}, element('td', {}, box), ...cells.map((text) => element('td', {}, text)));
    });
    byId('group-rows').replaceChildren(...rows);
    byId('more').hidden = this.#groups.length <= this.#rows;
    byId('more').textContent = `Show more of ${count(this.#groups.length)}`;
  }

  #choose(group: Group, isChosen: boolean): void {
    const key = this.#keyOf(group);
    const before = this.#chosen ?? this.#drawn.map((one) => this.#keyOf(one.group));
    const others = before.filter((one) => one !== key);
    this.#chosen = isChosen ? [...others, key].slice(-MOST_CHOSEN) : others;
    this.#showGroups();
    this.#showCurves();
  }

  get #measure(): 'validation' | 'test' {
    return byId<HTMLInputElement>('measure-test').checked ? 'test' : 'validation';
  }

  #namedCurves(): NamedCurve[] {
    const snapshot = this.#snapshot;
    if (!snapshot) return [];
    return this.#drawn.map(({ group }) => ({
      name: this.#nameOf(group),
      ...groupCurve(snapshot, this.#starts, group.runs, this.#measure),
    }));
  }

  #showCurves(): void {
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    const curves = this.#namedCurves();
    this.#curves.draw(curves);
    byId('curve-names').replaceChildren(
      ...curves.map(({ name }, i) => {
        const mark = element('i', { class: `mark mark-${i % 6}` });
        mark.style.borderTopColor = `var(--series-${i % SERIES})`;
        return element('li', {}, mark, name);
      }),
    );
    byId('code').textContent = figureCode(
      snapshot,
      this.#drawn.map(({ group }) => group),
    );
  }

  #showParallel(): void {
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    const hasValidation = snapshot.validation.some((value) => value !== null);
    const accuracies = hasValidation ? snapshot.validation : snapshot.test;
    const name = hasValidation ? 'validation' : 'test';
    this.#parallel.draw(snapshot, this.#runs, accuracies, name);
    byId('parallel').setAttribute(
      'aria-label',
      `${this.#runs.length} runs as lines across ${snapshot.options.length} options to their ${name} accuracy; the table below has the numbers`,
    );
  }

  #showFailures({ failures, options, seeds }: StoreSnapshot): void {
    byId('failures').hidden = failures.length === 0;
    const more = failures.length - MOST_FAILURES;
    byId('failure-rows').replaceChildren(
      ...failures.slice(0, MOST_FAILURES).map(({ run, name, message }) => {
        const parts = options.flatMap(({ path, values, codes }) =>
          codes[run] < 0 ? [] : [`${shortName(path)} ${values[codes[run]]}`],
        );
        const which = [...parts, `seed ${seeds[run]}`].join(', ');
        return element('li', {}, element('b', {}, which), element('br'), `${name}: ${message}`);
      }),
      ...(more > 0 ? [element('li', {}, `and ${count(more)} more: choose the state failed above`)] : []),
    );
  }

  #copyCode(): void {
    const tell = (text: string): void => {
      byId('copied').textContent = text;
    };
    navigator.clipboard?.writeText(byId('code').textContent ?? '').then(
      () => tell('Copied.'),
      () => tell('Not allowed here: select it below.'),
    );
  }

  #saveSvg(): void {
    const svg = curveSvg(this.#namedCurves(), `${this.#measure} accuracy (%)`);
    const link = element('a', {
      href: URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })),
      download: 'learning-curves.svg',
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

function shortName(path: string): string {
  return path.replace(/^(rule|dataset)\.name$/, '$1').replace(/^(rule|dataset)\./, '');
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function spreadText(spread: Spread | undefined): string {
  if (!spread) return '';
  const half = spread.half === undefined ? '' : ` ± ${spread.half.toFixed(2)}`;
  return `${spread.mean.toFixed(2)}${half}`;
}

async function unpacked(base64: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Asks the server again and again, for as long as it is there. */
async function follow(dashboard: Dashboard): Promise<never> {
  let tag = '';
  for (;;) {
    try {
      const response = await fetch('data', tag === '' ? {} : { headers: { 'if-none-match': tag } });
      if (response.ok) {
        tag = response.headers.get('etag') ?? '';
        dashboard.take(decodeSnapshot(new Uint8Array(await response.arrayBuffer())));
      } else if (response.status !== 304) throw new Error(await response.text());
      byId('live-words').textContent = 'Follows the store.';
    } catch (error) {
      byId('live-words').textContent = `Does not follow the store: ${(error as Error).message}`;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function start(): Promise<void> {
  const dashboard = new Dashboard();
  const kept = document.getElementById('dashboard-data')?.textContent;
  if (!kept) return follow(dashboard);
  dashboard.take(decodeSnapshot(await unpacked(kept)));
  byId('live-words').textContent = 'A copy: it does not follow the store.';
}

start().catch((error: unknown) => {
  byId('live-words').textContent = `This page could not start: ${(error as Error).message}`;
});
