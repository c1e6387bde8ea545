import {
  ArgumentError,
  type BitMatrix,
  type Figure,
  formatTable,
  groupRows,
  type Kernels,
  lifetimes,
  numberOf,
  RandomStream,
  type Row,
  type StudyPart,
  type SummaryRow,
  selectKernels,
  sortDifferent,
  summarize,
} from 'xnorlab';
import {
  cascadeMemory,
  type HiddenMemoryOptions,
  hiddenMemory,
  type Memory,
  type MemorySize,
} from './memories.js';

/** What is stored, and when it is looked at. */
export interface LifetimeProtocol extends MemorySize {
  /** Patterns whose fate is followed, one after the other. */
  readonly followed: number;
  /** How many patterns were stored before the first of them: once for each number. */
  readonly before: readonly number[];
  /** Patterns stored after one that is looked at. */
  readonly ages: readonly number[];
}

const PROTOCOL: LifetimeProtocol = {
  neurons: 16,
  inputs: 1024,
  followed: 64,
  before: [1024, 16384],
  ages: [0, ...Array.from({ length: 16 }, (_, i) => 2 ** i)],
};

const SEEDS = [1, 2, 3];

/** Hidden weights by their bound: two states, switched with a probability, and up to as good as none. */
const BOUNDS: Readonly<Record<string, HiddenMemoryOptions>> = {
  'two states, q = 1/64': { hiddenBits: 2, consolidation: { probability: 1 / 64 } },
  '4 bits': { hiddenBits: 4 },
  '6 bits': { hiddenBits: 6 },
  '8 bits': { hiddenBits: 8 },
  '16 bits': { hiddenBits: 16 },
};

/** By how depth protects, with 16 bits. */
const PROTECTED: Readonly<Record<string, HiddenMemoryOptions>> = {
  'θ = 31': { hiddenBits: 16, consolidation: { threshold: 31 } },
  'θ = 127': { hiddenBits: 16, consolidation: { threshold: 127 } },
  'm = 0.002': { hiddenBits: 16, consolidation: { m: 0.002 } },
  'halved every 128': { hiddenBits: 16, consolidation: { halving: 128 } },
};

/** Cascades by their depths n. */
const CASCADES: Readonly<Record<string, number>> = { 'cascade, n = 5': 5, 'cascade, n = 10': 10 };

const KEY = ['memory', 'before', 'seed', 'age'];

/**
 * Follows patterns through a memory. Patterns and what they are stored as are fair ±1; each is stored once.
 * @returns a row for each number before and age, with the mean and the standard deviation over followed patterns and neurons of
 *   desired_k · Σ_n w_k,n · pattern_n / N, the overlap of a neuron's weights with what a pattern asked for
 */
export function follow(memory: Memory, protocol: LifetimeProtocol, seed: number): Row[] {
  const { neurons, inputs, followed, before, ages } = protocol;
  const stream = RandomStream.named(seed, 'lifetime/patterns');
  const kept = new Map<number, { readonly pattern: BitMatrix; readonly desired: BitMatrix }>();
  const overlaps = before.map(() => ages.map((): number[] => []));
  const last = Math.max(...before) + followed - 1 + Math.max(...ages);
  for (let time = 0; time <= last; time++) {
    const pattern = stream.signs(1, inputs);
    const desired = stream.signs(1, neurons);
    memory.store(pattern, desired);
    if (before.some((first) => time >= first && time < first + followed))
      kept.set(time, { pattern, desired });
    before.forEach((first, b) => {
      ages.forEach((age, a) => {
        const stored =
          time - age >= first && time - age < first + followed ? kept.get(time - age) : undefined;
        if (!stored) return;
        const fields = memory.fields(stored.pattern);
        stored.desired.signs(0).forEach((sign, k) => {
          overlaps[b][a].push((sign * fields[k]) / inputs);
        });
      });
    });
  }
  return before.flatMap((first, b) =>
    ages.map((age, a): Row => ({ before: first, seed, age, ...momentsOf(overlaps[b][a]) })),
  );
}

function momentsOf(values: readonly number[]): { readonly signal: number; readonly noise: number } {
  const signal = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - signal) ** 2, 0);
  return { signal: rounded(signal), noise: rounded(Math.sqrt(squares / (values.length - 1))) };
}

/** To what three seeds can say, so that rows are short. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}

/** A memory that patterns are followed through, made anew for each seed. */
export interface NamedMemory {
  readonly name: string;
  make(seed: number): Memory;
}

/** All that are compared. */
export function comparedMemories(kernels: Kernels): NamedMemory[] {
  const hidden = Object.entries({ ...BOUNDS, ...PROTECTED }).map(([name, options]): NamedMemory => {
    return { name, make: (seed) => hiddenMemory(PROTOCOL, options, { kernels, seed }) };
  });
  const cascades = Object.entries(CASCADES).map(([name, depths]): NamedMemory => {
    return { name, make: (seed) => cascadeMemory(PROTOCOL, depths, seed) };
  });
  return [...hidden, ...cascades];
}

/** The rows of a memory, three seeds. */
export function memoryRows({ name, make }: NamedMemory): Row[] {
  return SEEDS.flatMap((seed) => {
    return follow(make(seed), PROTOCOL, seed).map((row) => ({ memory: name, ...row }));
  });
}

/** Those of all memories: about four minutes of one core. */
export function lifetimeRows(): Row[] {
  return comparedMemories(selectKernels('auto', { threads: 1 })).flatMap(memoryRows);
}

/** With the ratio that is drawn. */
function withRatio(row: Row): Row {
  return { ...row, signalToNoise: numberOf(row, 'signal') / numberOf(row, 'noise') };
}

/** How much of a ratio three seeds cannot tell from none: three standard errors. */
const LEAST_RATIO = 3 / Math.sqrt(PROTOCOL.neurons * PROTOCOL.followed * SEEDS.length);

const ORDER = [...Object.keys(BOUNDS), ...Object.keys(PROTECTED), ...Object.keys(CASCADES)];

/** In the order in which memories stand above. */
function ordered(rows: readonly Row[]): Row[] {
  const sorted = sortDifferent(rows, KEY);
  const other = sorted.find(({ memory }) => !ORDER.includes(String(memory)));
  if (other) throw new ArgumentError('memory', `one of ${ORDER.join(', ')}`, other.memory);
  return sorted.sort((a, b) => ORDER.indexOf(String(a.memory)) - ORDER.indexOf(String(b.memory)));
}

/** Some memories after so many patterns, each until it cannot be told from none. */
function drawn(rows: readonly Row[], names: readonly string[], before: number, title: string): Figure {
  const own = rows
    .filter((row) => names.includes(String(row.memory)) && row.before === before && Number(row.age) > 0)
    .map(withRatio);
  const shown = groupRows(own, ['memory']).flatMap(({ rows: ofMemory }) => {
    const byAge = groupRows(ofMemory, ['age']).sort((a, b) => Number(a.key.age) - Number(b.key.age));
    const end = byAge.findIndex(({ rows: seeds }) => meanRatio(seeds) <= LEAST_RATIO);
    return byAge.slice(0, end < 0 ? undefined : end).flatMap(({ rows: seeds }) => [...seeds]);
  });
  return lifetimes(shown, { series: 'memory', title });
}

function meanRatio(seeds: readonly Row[]): number {
  return summarize(seeds, { by: [], value: 'signalToNoise' })[0].mean;
}

/** What the table shows. */
const SHOWN_AGES = [0, 1, 16, 256, 4096, 32768];

function ratiosByAge(rows: readonly Row[]): SummaryRow[] {
  const shown = rows.filter(({ age }) => SHOWN_AGES.includes(Number(age))).map(withRatio);
  return summarize(shown, { by: ['memory', 'before', 'age'], value: 'signalToNoise' });
}

/** How long is a single pattern remembered? Kept by the notebook in full mode, as these are no runs of a sweep. */
export const lifetime = {
  title: 'The lifetime of a memory',
  description:
    'Random patterns are shown once each to 16 neurons of 1024 inputs, of which every one asks every weight for one step of 2. Signal: the overlap of the weights of a neuron with what a ' +
    'pattern asked of them; noise: its standard deviation, both over 64 patterns and all neurons. Weights start one step from their other sign. Patterns are followed after 1024 ' +
    'others, and after 16384. Two states are hidden weights of ±1 that take a step with probability 1/64; cascades are those of Fusi, Drew and Abbott (2005), x = 1/2.',
  sweeps: [],
  rows: (records) => {
    throw new ArgumentError('records', 'none, as these rows are no runs of a sweep', records.length);
  },
  tables: (rows) => ({
    ratios: formatTable(ratiosByAge(ordered(rows)), {
      rows: ['memory', 'before'],
      columns: ['age'],
      bestPer: 'none',
      label: (column, cell) => (column === 'age' ? `${cell} later` : String(cell)),
      caption:
        'Signal to noise of a neuron, by how many patterns were stored before a pattern, and how many later',
    }),
  }),
  figures: (rows) => {
    const all = ordered(rows);
    const [early, late] = PROTOCOL.before;
    const others = ['16 bits', ...Object.keys(PROTECTED), ...Object.keys(CASCADES)];
    return {
      'lifetime-by-bound': drawn(all, Object.keys(BOUNDS), early, 'Lifetime of a pattern, by bound'),
      'lifetime-by-protection': drawn(all, others, early, `Lifetime by protection, after ${early} patterns`),
      'lifetime-by-protection-late': drawn(
        all,
        others,
        late,
        `Lifetime by protection, after ${late} patterns`,
      ),
    };
  },
} satisfies StudyPart;
