import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { limitTrain } from '../dist/data/limit-train.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { loadDataset } from '../dist/node/data/load.js';
import { figureSvg } from '../dist/node/printing/export.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { markdownTable } from '../dist/tables/markdown.js';
import { prepareTaskData } from '../dist/training/task-data.js';
import { benchAgainst } from './against.js';
import { backends, nativeWithThreads } from './backends.js';
import { comparisonHours } from './comparison-hours.js';
import { convolutionSpeed } from './convolution.js';
import { type EpochSetting, type EpochTime, epochTimer, PHASES } from './epoch.js';
import { epochFigure } from './figure.js';
import { floatRules } from './float-rules.js';
import { presentCommit, remember } from './history.js';
import { inferenceSpeeds } from './inference.js';
import { loading } from './loading.js';
import { machineDescription } from './machine.js';
import { installJax, jaxEpoch, sgdEpoch } from './peers.js';
import { productSpeeds } from './product.js';
import { recurrentEpochs } from './recurrent.js';
import { processorSlug, writeSection } from './results-page.js';
import { QUICK_SWEEPS, SWEEPS, sweeps } from './sweeps.js';
import { twoThreads } from './threads.js';
import { show, spread } from './timing.js';
import { vpopcntLimit } from './vpopcnt-limit.js';

const FOLDER = path.resolve(__dirname, '..', 'bench');
const MEDIAN = { kind: 'median', per: 'channel' } as const;
const AGAINST = process.argv.indexOf('--against');
const QUICK = process.argv.includes('--quick');
const REPEATS = QUICK ? 2 : 7;
const WARM_UP_EPOCHS = QUICK ? 1 : 2;

/** An epoch of wider layers takes the reference minutes and tells nothing new. */
const LARGEST_REFERENCE_WIDTH = 1035;

/** Widths of both layers with a group size that divides them, about as published. */
const SETTINGS: readonly EpochSetting[] = [
  { layers: [255, 255], groupSize: 51 },
  { layers: [525, 525], groupSize: 35 },
  { layers: [1035, 1035], groupSize: 45 },
  { layers: [2048, 2048], groupSize: 64 },
];

const report: string[] = [];
const say = (text: string): void => {
  report.push(text);
  console.log(text);
};

async function main(): Promise<void> {
  if (process.argv.includes('convolution')) return convolution(backends());
  if (process.argv.includes('loading')) return loading(say, REPEATS);
  if (process.argv.includes('float')) return floatRules(say, REPEATS, process.argv);
  if (process.argv.includes('recurrent')) return recurrentEpochs(say, QUICK ? 200 : 1000);
  if (process.argv.includes('cores')) return void (await cores());
  if (process.argv.includes('hours')) return void (await comparisonHours(say));
  if (AGAINST >= 0) {
    return benchAgainst(process.argv[AGAINST + 1] ?? 'HEAD~1', SETTINGS, process.argv.includes('--short'));
  }
  const dataset = await loadDataset('fashion-mnist');
  const binary = prepareTaskData(dataset, 'binarized', MEDIAN);
  const all = backends();
  if (QUICK) console.error('--quick: few repeats, nothing is written');
  say(
    `Made by \`npm run bench\` at ${presentCommit().slice(0, 7)} on ${new Date().toISOString().slice(0, 10)}.\n`,
  );
  for (const line of machineDescription()) say(line);
  await product(all);
  await convolution(all);
  const medians = await epochs(all, binary.train);
  await peers(medians, binary.train, prepareTaskData(dataset, 'full-precision', MEDIAN).train);
  await growth(binary.train, dataset);
  await inference(all, binary.test);
  const ratios = await cores();
  const hours = await comparisonHours(say);
  const figure = `epochs-${processorSlug()}.svg`;
  const svg = await figureSvg(epochFigure(medians));
  if (QUICK) return;
  writeFileSync(path.join(FOLDER, figure), svg);
  writeSection(report.join('\n'), `![epochs](${figure})`);
  const numbers = Object.entries(medians).flatMap(([widths, byBackend]) =>
    Object.entries(byBackend).map(([backend, ms]) => [`epoch ${widths} ${backend} (ms)`, ms] as const),
  );
  remember('full', { ...Object.fromEntries(numbers), ...ratios, ...hours });
}

/** What a second core brings: two threads in an epoch, two workers in a sweep. @returns ratios by name */
async function cores(): Promise<Record<string, number>> {
  const settings = [SETTINGS[1], SETTINGS[3]];
  return {
    ...(await twoThreads(say, settings, REPEATS)),
    ...(await sweeps(say, QUICK ? QUICK_SWEEPS : SWEEPS, QUICK ? 1 : 2)),
  };
}

async function product(all: Record<string, Kernels>): Promise<void> {
  say('\n### Binary product, 100×784 · 1024×784, one thread\n');
  const speeds = await productSpeeds(all);
  const limit = vpopcntLimit();
  const rows = Object.entries(speeds).map(([backend, speed]) => ({
    backend,
    'Gbit/s': show(speed, 0),
    'of the rate of VPOPCNTQ': limit === undefined ? '–' : `${((100 * speed.median) / limit).toFixed(0)} %`,
  }));
  say(markdownTable(rows));
  const { repeats } = Object.values(speeds)[0];
  say(
    `${repeats} repeats of 40 ms.${limit === undefined ? '' : ` VPOPCNTQ on registers: ${limit.toFixed(0)} Gbit/s.`}`,
  );
}

/** Speed of a convolution beside that of the product, of the backends whose speed matters. */
async function convolution(all: Record<string, Kernels>): Promise<void> {
  say('\n### Convolution 3×3, 64 → 64 channels on 28×28, windows cut out included, one thread\n');
  const rows = [];
  for (const [backend, kernels] of Object.entries(all)) {
    if (isSlow(backend)) continue;
    const { convolution, sameProduct, product } = await convolutionSpeed(kernels);
    const share = (of: { readonly median: number }): string =>
      `${((100 * convolution.median) / of.median).toFixed(0)} %`;
    rows.push({
      backend,
      'Gbit/s': show(convolution, 0),
      'of its own product': share(sameProduct),
      'of the product 100×784 · 1024×784': share(product),
    });
  }
  say(markdownTable(rows));
}

/** Milliseconds per epoch by widths and backend. */
export type EpochMedians = Record<string, Record<string, number>>;

async function epochs(all: Record<string, Kernels>, data: LabelledInputs): Promise<EpochMedians> {
  say('\n### One training epoch of local-error, 50,000 Fashion-MNIST samples, batch 100, one thread\n');
  say(
    `Milliseconds, ${REPEATS} epochs after ${WARM_UP_EPOCHS} uncounted ones (one without any before for reference and scalar; no reference beyond 1035); phases are medians.\n`,
  );
  const medians: EpochMedians = {};
  const rows = [];
  for (const setting of SETTINGS) {
    const widths = setting.layers.join(',');
    medians[widths] = {};
    for (const [backend, kernels] of Object.entries(all)) {
      if (backend === 'reference' && setting.layers[0] > LARGEST_REFERENCE_WIDTH) continue;
      const times = await epochTimes(kernels, data, setting, isSlow(backend) ? 1 : REPEATS);
      const total = spread(times.map(({ totalMs }) => totalMs));
      medians[widths][backend] = total.median;
      rows.push({ widths, γ: setting.groupSize, backend, epoch: show(total, 0), ...phaseMedians(times) });
    }
  }
  say(markdownTable(rows));
  return medians;
}

function isSlow(backend: string): boolean {
  return backend === 'reference' || backend.endsWith('scalar');
}

async function epochTimes(
  kernels: Kernels,
  data: LabelledInputs,
  setting: EpochSetting,
  repeats: number,
): Promise<EpochTime[]> {
  const epoch = epochTimer(kernels, data, setting);
  for (let i = 0; i < (repeats === 1 ? 0 : WARM_UP_EPOCHS); i++) await epoch();
  const times: EpochTime[] = [];
  for (let i = 0; i < repeats; i++) times.push(await epoch());
  return times;
}

function phaseMedians(times: readonly EpochTime[]): Record<string, string> {
  return Object.fromEntries(
    PHASES.map((phase) => [phase, spread(times.map(({ phases }) => phases[phase])).median.toFixed(1)]),
  );
}

async function peers(medians: EpochMedians, binary: LabelledInputs, float: LabelledInputs): Promise<void> {
  say('\n### Against float, seconds per epoch of the same widths and batch size\n');
  const jax = installJax();
  const rows = [];
  for (const setting of [SETTINGS[1], SETTINGS[3]]) {
    const repeats = setting === SETTINGS[1] ? 5 : 2;
    for (const threads of [1, 2]) {
      // In turn, so that both meet the same machine.
      const before = jax ? [jaxEpoch(setting.layers, threads, repeats)] : [];
      const native = spread(
        (await epochTimes(nativeWithThreads(threads), binary, setting, REPEATS)).map(
          ({ totalMs }) => totalMs / 1000,
        ),
      );
      const own = threads === 1 ? [await sgdEpoch(float, setting.layers, repeats)] : [];
      const fastest = Math.min(...[...before, ...own].map(({ median }) => median));
      const wasm = medians[setting.layers.join(',')].wasm / 1000;
      rows.push({
        widths: setting.layers.join(','),
        threads,
        [jax ?? 'JAX']: before[0] ? show(before[0], 2) : 'skipped',
        'own SGD': own[0] ? show(own[0], 2) : 'one thread only',
        native: show(native, 3),
        'fastest float / native': `${(fastest / native.median).toFixed(1)}×`,
        'fastest float / wasm': threads === 1 ? `${(fastest / wasm).toFixed(1)}×` : '–',
      });
    }
  }
  say(markdownTable(rows));
}

async function growth(data: LabelledInputs, dataset: Parameters<typeof limitTrain>[0]): Promise<void> {
  say('\n### Growth: native, one thread, milliseconds per epoch\n');
  const rows = [];
  const kernels = nativeWithThreads(1);
  for (const samples of [12_500, 25_000, 50_000]) {
    const part = prepareTaskData(limitTrain(dataset, samples), 'binarized', MEDIAN).train;
    const { median } = spread(
      (await epochTimes(kernels, part, SETTINGS[1], REPEATS)).map(({ totalMs }) => totalMs),
    );
    rows.push({
      samples,
      widths: '525,525',
      epoch: median.toFixed(1),
      'per sample and weight (ps)': perWeight(median, samples, [525, 525]),
    });
  }
  for (const setting of SETTINGS) {
    const { median } = spread(
      (await epochTimes(kernels, data, setting, REPEATS)).map(({ totalMs }) => totalMs),
    );
    rows.push({
      samples: 50_000,
      widths: setting.layers.join(','),
      epoch: median.toFixed(1),
      'per sample and weight (ps)': perWeight(median, 50_000, setting.layers),
    });
  }
  say(markdownTable(rows));
}

/** Picoseconds for each sample and weight: constant where time grows with both. */
function perWeight(ms: number, samples: number, [first, second]: readonly number[]): string {
  return ((ms * 1e9) / (samples * (784 * first + first * second))).toFixed(2);
}

async function inference(all: Record<string, Kernels>, { inputs }: LabelledInputs): Promise<void> {
  say('\n### Inference, samples per second, one thread\n');
  const rows = [];
  for (const { layers } of [SETTINGS[1], SETTINGS[3]]) {
    const speeds = await inferenceSpeeds(all, inputs, layers, 3);
    for (const [backend, speed] of Object.entries(speeds))
      rows.push({ widths: layers.join(','), backend, 'samples/s': show(speed, 0) });
  }
  say(markdownTable(rows));
}

void main();
