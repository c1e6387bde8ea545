import type { OptionChange } from '../browser/live-run.js';
import { type OptionField, prototypesFields, ruleFields, runFields } from '../browser/option-fields.js';
import type { Shape } from '../core/shape.js';
import type { EpochRecord, RunRecord } from '../records/record.js';
import { CHANGEABLE } from '../rules/binary/changeable.js';
import { ruleNames } from '../rules/registry.js';
import type { TrainOptions } from '../training/config.js';
import { AnswerBars } from './answers.js';
import { Curves } from './curves.js';
import { DepthBars } from './depth.js';
import { filesChosen, filesOf } from './dropped-files.js';
import { byId, element } from './elements.js';
import { OptionForm } from './form.js';
import type { DataSource, DataSummary, Frame, Pace, Reply, Request } from './protocol.js';
import { Sketch } from './sketch.js';
import { WeightImages } from './weights.js';

/** Neurons of the first layer that are shown. */
const NEURONS = 40;

const FIRST_OPTIONS = ['layers', ...CHANGEABLE];
const FIRST_OF_RUN = ['epochs', 'seed'];
const FIRST_OF_PROTOTYPES = ['flipProbability'];

declare global {
  interface Window {
    /** Set by the script of the digits: bytes in base64. */
    xnorlabDigits?: string;
  }
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

const textOf = (id: string): string => byId(id).textContent ?? '';

class LivePage {
  readonly #worker: Worker;
  readonly #hasDigits = byId('live').dataset.digits !== undefined;
  readonly #accuracy = new Curves(byId('accuracy'), 'percent');
  readonly #triggers = new Curves(byId('triggers'), 'percent');
  readonly #flips = new Curves(byId('flips'), 'counts');
  readonly #weights = new WeightImages(byId<HTMLCanvasElement>('weights'));
  readonly #depth = new DepthBars(byId('depth'));
  readonly #answers = new AnswerBars(byId('answers'), byId<HTMLCanvasElement>('seen'), byId('answer-words'));
  readonly #sketch = new Sketch(byId<HTMLCanvasElement>('sketch'), (pixels) =>
    this.#send({ kind: 'ask', sample: pixels }),
  );
  readonly #runForm = new OptionForm(byId('run-options'), runFields(), FIRST_OF_RUN, () => this.#describe());
  readonly #prototypesForm = new OptionForm(
    byId('prototypes-options'),
    prototypesFields(),
    FIRST_OF_PROTOTYPES,
    () => this.#describe(),
  );
  #ruleForm!: OptionForm;
  #source: DataSource;
  #own: DataSummary | undefined;
  #phase: 'idle' | 'loading' | 'running' | 'paused' = 'idle';
  #data: DataSummary | undefined;
  #shape: Shape = { kind: 'vector', size: 1 };
  #record: RunRecord | undefined;
  #changes: readonly OptionChange[] = [];
  #frame: Frame | undefined;
  #epochs = 0;
  #layers = 0;
  #isDrawing = false;
  #drawMs = 0;
  #watchedMs = 0;
  #runningSince = 0;
  #lastPace: { readonly at: number; readonly samples: number; readonly workMs: number } | undefined;
  #whenDigits: { readonly start: () => void } | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: { readonly data: Reply }) => this.#take(data));
    worker.addEventListener('error', ({ message }) => this.#say(`The worker failed: ${message}`, true));
    const kernels = bytesOf(textOf('live-kernels'));
    this.#send({ kind: 'kernels', bytes: kernels });
    this.#source = this.#hasDigits ? 'digits' : 'prototypes';
    this.#fillRules();
    this.#listen();
    this.#readLink();
    this.#describe();
    this.#showPhase();
    byId('live').hidden = false;
  }

  #send(request: Request, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  // ── The form ────────────────────────────────────────────────────────────────────────────────

  #fillRules(): void {
    const select = byId<HTMLSelectElement>('rule');
    select.replaceChildren(...ruleNames().map((name) => element('option', { value: name }, name)));
    this.#makeRuleForm();
  }

  #makeRuleForm(): void {
    const { value } = byId<HTMLSelectElement>('rule');
    this.#ruleForm = new OptionForm(byId('rule-options'), ruleFields(value), FIRST_OPTIONS, (field) =>
      this.#optionChanged(field),
    );
    for (const input of document.querySelectorAll<HTMLElement>('#rule-options .option')) {
      const [, name = ''] = /option-rule\.(\w+)$/.exec(input.querySelector('label')?.htmlFor ?? '') ?? [];
      if ((CHANGEABLE as readonly string[]).includes(name)) input.classList.add('changeable');
    }
  }

  #optionChanged(field: OptionField): void {
    const option = CHANGEABLE.find((name) => `rule.${name}` === field.path);
    if (option && (this.#phase === 'running' || this.#phase === 'paused')) {
      const text = this.#ruleForm.valueOf(field.path) ?? JSON.parse(field.default || 'null');
      this.#say('');
      this.#send({ kind: 'change', option, value: text });
      return;
    }
    this.#describe();
  }

  #listen(): void {
    byId('rule').addEventListener('change', () => {
      this.#makeRuleForm();
      this.#describe();
    });
    for (const input of document.querySelectorAll<HTMLInputElement>('input[name="data"]')) {
      input.addEventListener('change', () => {
        this.#source = input.value as DataSource;
        this.#describe();
      });
    }
    byId('start').addEventListener('click', () => this.#startOrGoOn());
    byId('step').addEventListener('click', () => this.#step());
    byId('stop').addEventListener('click', () => this.#send({ kind: 'stop' }));
    byId('save').addEventListener('click', () => this.#save());
    byId('copy-link').addEventListener('click', () => this.#copy(location.href, 'copy-link'));
    byId('copy-code').addEventListener('click', () => this.#copy(textOf('code'), 'copy-code'));
    byId('clear').addEventListener('click', () => this.#sketch.clear());
    byId('sample').addEventListener('click', () => this.#askSample());
    byId<HTMLInputElement>('show').addEventListener('change', () => this.#sendView());
    addEventListener('hashchange', () => {
      if (this.#phase !== 'idle') return;
      this.#readLink();
      this.#describe();
    });
    this.#listenForFiles();
  }

  #listenForFiles(): void {
    const drop = byId('drop');
    const input = byId<HTMLInputElement>('files');
    input.addEventListener('change', () => void this.#takeFiles(filesChosen(input.files)));
    for (const kind of ['dragenter', 'dragover'] as const) {
      document.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add('over');
      });
    }
    document.addEventListener('dragleave', () => drop.classList.remove('over'));
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      if (event.dataTransfer) void this.#takeFiles(filesOf(event.dataTransfer));
    });
  }

  async #takeFiles(
    files: Promise<{ name: string; files: { file: string; bytes: Uint8Array }[] }>,
  ): Promise<void> {
    try {
      const taken = await files;
      if (taken.files.length === 0) return;
      this.#own = undefined;
      byId('own-words').textContent = `Reading ${taken.files.length} files …`;
      byId('own-words').classList.remove('error');
      this.#send(
        { kind: 'own', ...taken },
        taken.files.map(({ bytes }) => bytes.buffer as ArrayBuffer),
      );
    } catch (error) {
      this.#ownFailed((error as Error).message);
    }
  }

  #ownFailed(message: string): void {
    byId('own-words').textContent = message;
    byId('own-words').classList.add('error');
  }

  #choose(source: DataSource): void {
    this.#source = source;
    byId<HTMLInputElement>(`data-${source}`).checked = true;
  }

  /** What the form says; data of one's own by its name. */
  #options(): TrainOptions {
    const name = this.#datasetName();
    const dataset: Record<string, unknown> = { dataset: { name } };
    if (this.#source === 'prototypes') this.#prototypesForm.fill(dataset);
    const { dataset: set } = dataset as { dataset: object };
    const rule = { name: byId<HTMLSelectElement>('rule').value };
    const options: Record<string, unknown> = {
      dataset: Object.keys(set).length === 1 ? name : set,
      rule,
    };
    this.#ruleForm.fill(options);
    this.#runForm.fill(options);
    const { dataset: data, rule: chosen, ...rest } = options;
    return { dataset: data, rule: chosen, epochs: 20, seed: 1, ...rest } as unknown as TrainOptions;
  }

  #datasetName(): string {
    if (this.#source === 'own') return this.#own?.name ?? 'own';
    return this.#source === 'digits' ? 'mnist' : 'prototypes';
  }

  /** Brings what follows from the form up to date: link, code, what is shown of it. */
  #describe(): void {
    byId('prototypes-options').hidden = this.#source !== 'prototypes';
    byId('drop').hidden = this.#source !== 'own';
    const parameters = new URLSearchParams();
    if (this.#source !== 'own') parameters.set('dataset', this.#datasetName());
    parameters.set('rule', byId<HTMLSelectElement>('rule').value);
    const forms = [this.#ruleForm, this.#runForm];
    if (this.#source === 'prototypes') forms.push(this.#prototypesForm);
    for (const form of forms) for (const [path, text] of form.texts) parameters.set(path, text);
    if (!parameters.has('seed')) parameters.set('seed', '1');
    history.replaceState(undefined, '', `#${parameters.toString().replaceAll('%2C', ',')}`);
    byId('code').textContent = `await train(${codeOf(this.#options())})`;
    byId('code-words').hidden = this.#source !== 'own';
  }

  /** Takes what a link says. */
  #readLink(): void {
    const parameters = new URLSearchParams(location.hash.slice(1));
    const dataset = parameters.get('dataset');
    if (dataset === 'prototypes' || (dataset === 'mnist' && !this.#hasDigits)) this.#choose('prototypes');
    else this.#choose(this.#hasDigits ? 'digits' : 'prototypes');
    const rule = parameters.get('rule');
    if (rule !== null && ruleNames().includes(rule)) {
      byId<HTMLSelectElement>('rule').value = rule;
      this.#makeRuleForm();
    }
    for (const form of [this.#ruleForm, this.#runForm, this.#prototypesForm])
      form.texts = parameters as never;
  }

  // ── The run ─────────────────────────────────────────────────────────────────────────────────

  #startOrGoOn(): void {
    if (this.#phase === 'running') this.#send({ kind: 'pause' });
    else if (this.#phase === 'paused') this.#send({ kind: 'resume' });
    else if (this.#phase === 'idle') this.#start(false);
  }

  #step(): void {
    if (this.#phase === 'idle') this.#start(true);
    else if (this.#phase !== 'loading') this.#send({ kind: 'step' });
  }

  #start(isPaused: boolean): void {
    if (this.#source === 'own' && !this.#own) {
      this.#say('Drop files on the page first, or choose them.', true);
      return;
    }
    this.#say('');
    this.#phase = 'loading';
    this.#showPhase();
    this.#whenDataIsThere(() =>
      this.#send({ kind: 'start', options: this.#options(), source: this.#source, isPaused }),
    );
  }

  /** Digits are loaded when they are wanted first: by a script, which also a page from a file may ask for. */
  #whenDataIsThere(start: () => void): void {
    if (this.#source !== 'digits' || window.xnorlabDigits === '') {
      start();
      return;
    }
    this.#say('Loading the digits, 2.5 MB …');
    this.#whenDigits = { start };
    const script = element('script', { src: byId('live').dataset.digits ?? '' });
    script.addEventListener('load', () => {
      const packed = bytesOf(window.xnorlabDigits ?? '');
      window.xnorlabDigits = '';
      this.#send({ kind: 'digits', packed }, [packed.buffer as ArrayBuffer]);
    });
    script.addEventListener('error', () => this.#fail(`${script.src} could not be loaded`));
    document.head.append(script);
  }

  #fail(message: string): void {
    this.#phase = 'idle';
    this.#showPhase();
    this.#say(message, true);
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case 'ready':
        break;
      case 'data':
        this.#dataIsThere(reply.data);
        break;
      case 'started':
        this.#started(reply);
        break;
      case 'state':
        this.#state(reply);
        break;
      case 'frame':
        this.#frame = reply.frame;
        this.#drawSoon();
        break;
      case 'epoch':
        this.#draw(() => this.#drawEpoch(reply.record));
        break;
      case 'answers':
        this.#draw(() =>
          this.#answers.draw(reply.answers, reply.asked, this.#shape, this.#data?.classes ?? []),
        );
        break;
      case 'ended':
        this.#ended(reply.record, reply.pace);
        break;
      case 'stopped':
        this.#phase = 'idle';
        this.#showPhase();
        this.#say('Stopped. What was trained stays to be looked at; it has no record.');
        break;
      case 'failed':
        if (reply.about === 'data' && this.#source === 'own') this.#ownFailed(reply.message);
        else if (reply.about === 'change') this.#say(reply.message, true);
        else this.#fail(reply.message);
    }
  }

  #drawEpoch({ epoch, trainAccuracy, validationAccuracy, testAccuracy, layers = [] }: EpochRecord): void {
    if (layers.length !== this.#layers) this.#beginLayers(layers.length);
    this.#accuracy.push(epoch, [testAccuracy, validationAccuracy ?? null, trainAccuracy]);
    this.#triggers.push(
      epoch,
      layers.map(({ triggerPercent }) => triggerPercent),
    );
    // A logarithm has no place for 0.
    this.#flips.push(
      epoch,
      layers.map(({ flips }) => flips || null),
    );
    byId('test-accuracy').textContent = `${testAccuracy.toFixed(2)} %`;
  }

  /** Of how many layers a rule tells is its own matter: of the one that a committee trains, of the two of a recurrent network of one. */
  #beginLayers(count: number): void {
    this.#layers = count;
    const names = Array.from({ length: count }, (_, l) => `layer ${l + 1}`);
    this.#triggers.begin(names, this.#epochs);
    this.#flips.begin(names, this.#epochs);
  }

  #dataIsThere(data: DataSummary): void {
    if (data.source === 'digits') {
      this.#say('');
      this.#whenDigits?.start();
      this.#whenDigits = undefined;
      return;
    }
    this.#own = data;
    this.#choose('own');
    const { name, classes, trainSamples, validationSamples, testSamples } = data;
    const counts = `${trainSamples} samples to train on, ${validationSamples} to validate, ${testSamples} to test`;
    byId('own-words').textContent = `${name}: ${counts}, ${classes.length} classes. It stays in this page.`;
    byId('own-words').classList.remove('error');
    this.#describe();
  }

  #started({ config, data, input }: Reply & { kind: 'started' }): void {
    const { epochs, rule } = config as { epochs: number; rule: { layers?: readonly number[] } };
    this.#data = data;
    this.#shape = input;
    this.#record = undefined;
    this.#changes = [];
    this.#drawMs = 0;
    this.#watchedMs = 0;
    this.#runningSince = performance.now();
    this.#lastPace = undefined;
    this.#weights.clear();
    this.#epochs = epochs;
    this.#accuracy.begin(['test', 'validation', 'training'], epochs);
    this.#beginLayers(rule.layers?.length ?? 0);
    for (const id of ['test-accuracy', 'speed', 'flip-count', 'share']) byId(id).textContent = '–';
    const isDigit =
      input.kind === 'image' && input.width === 28 && input.height === 28 && input.channels === 1;
    byId('pad').hidden = !isDigit;
    byId('clear').hidden = !isDigit;
    byId('record-words').textContent = '';
    this.#sendView();
    this.#askSample();
  }

  #state({ isPaused, isPending, changes }: Reply & { kind: 'state' }): void {
    this.#clock();
    this.#phase = isPaused ? 'paused' : 'running';
    this.#changes = changes;
    this.#showPhase();
    const done = changes.map(
      ({ epoch, option, to }) => `${option} is ${JSON.stringify(to)} from epoch ${epoch} on`,
    );
    const text = [...done, ...(isPending ? ['a change waits for the next epoch'] : [])].join('; ');
    byId('changes').textContent = text && `${text[0].toUpperCase()}${text.slice(1)}.`;
  }

  #ended(record: RunRecord, pace: Pace): void {
    this.#clock();
    this.#phase = 'idle';
    this.#record = record;
    this.#showPhase();
    this.#weights.settle();
    this.#showPace(pace, true);
    const { testAccuracy, epochs } = record;
    const time = `${(pace.workMs / 1000).toFixed(1)} s`;
    this.#say(
      `${epochs.length} epochs in ${time}: ${testAccuracy.toFixed(2)} % of the test samples are right.`,
    );
    const disturbed = this.#changes.length > 0;
    byId('record-words').textContent = disturbed
      ? 'Options changed on the way: the record lists the changes, and no configuration gives it again.'
      : 'Undisturbed: the same configuration and seed give this record anywhere, times aside.';
  }

  /** Counts for how long the page has watched a run that is not waiting. */
  #clock(): void {
    const now = performance.now();
    if (this.#phase === 'running') this.#watchedMs += now - this.#runningSince;
    this.#runningSince = now;
  }

  #sendView(): void {
    this.#send({ kind: 'view', isOn: byId<HTMLInputElement>('show').checked, neurons: NEURONS });
  }

  #askSample(): void {
    if (!this.#data) return;
    this.#sketch.clear();
    this.#send({ kind: 'ask', sample: Math.floor(Math.random() * this.#data.testSamples) });
  }

  // ── What is drawn ───────────────────────────────────────────────────────────────────────────

  #drawSoon(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      const frame = this.#frame;
      if (frame) this.#draw(() => this.#drawFrame(frame));
      this.#send({ kind: 'drawn' });
    });
  }

  /** Does what draws, and counts the time, charts that draw a moment later among it. */
  #draw(work: () => void): void {
    const start = performance.now();
    work();
    queueMicrotask(() => {
      this.#drawMs += performance.now() - start;
    });
  }

  #drawFrame({ epoch, epochs, samplesShown, samples, view, pace }: Frame): void {
    const inEpoch = samples > 0 ? samplesShown / samples : 1;
    byId<HTMLProgressElement>('progress').value = (epoch - 1 + inEpoch) / epochs;
    byId('epoch').textContent = `${epoch} / ${epochs}`;
    if (view) {
      this.#weights.draw(view.first, view.inputs, this.#shape);
      if (this.#record) this.#weights.settle();
      this.#depth.draw(view.depth);
      byId('flip-count').textContent = view.flips.reduce((sum, flips) => sum + flips, 0).toLocaleString('en');
    }
    this.#showPace(pace, false);
  }

  #showPace(pace: Pace, isLast: boolean): void {
    this.#clock();
    const last = this.#lastPace;
    if (last && pace.workMs - last.workMs < 500 && !isLast) return;
    const from = isLast ? { samples: 0, workMs: 0 } : (last ?? { samples: 0, workMs: 0 });
    this.#lastPace = { at: performance.now(), samples: pace.samples, workMs: pace.workMs };
    const rate = (1000 * (pace.samples - from.samples)) / (pace.workMs - from.workMs || 1);
    byId('speed').textContent = `${Math.round(rate).toLocaleString('en')} / s`;
    const looking = (100 * pace.lookMs) / (pace.workMs || 1);
    const drawing = (100 * this.#drawMs) / (this.#watchedMs || 1);
    byId('share').textContent = `${looking.toFixed(1)} %`;
    byId('share').dataset.page = drawing.toFixed(1);
    byId('share-words').textContent =
      `of training's time; drawing keeps the page busy ${drawing.toFixed(0)} %`;
  }

  #showPhase(): void {
    const phase = this.#phase;
    byId('live').dataset.phase = phase;
    const isBusy = phase === 'running' || phase === 'paused';
    byId('start').textContent = phase === 'running' ? 'Pause' : phase === 'paused' ? 'Go on' : 'Start';
    // Start and One batch are never disabled: a button that is loses the focus of who works with keys.
    if (!isBusy && document.activeElement === byId('stop')) byId('start').focus();
    byId<HTMLButtonElement>('stop').disabled = !isBusy;
    byId<HTMLButtonElement>('save').disabled = this.#record === undefined;
    byId<HTMLButtonElement>('sample').disabled = this.#data === undefined;
    this.#ruleForm.allow(phase === 'idle' ? 'all' : isBusy ? CHANGEABLE : []);
    for (const form of [this.#runForm, this.#prototypesForm]) form.allow(phase === 'idle' ? 'all' : []);
    for (const input of document.querySelectorAll<HTMLInputElement>('#data input, #rule')) {
      input.disabled = phase !== 'idle' || (input.id === 'data-digits' && !this.#hasDigits);
    }
  }

  #say(text: string, isError = false): void {
    byId('status').textContent = text;
    byId('status').classList.toggle('error', isError);
  }

  #save(): void {
    if (!this.#record) return;
    const { dataset, seed, rule } = this.#record;
    const disturbed = this.#changes.length > 0 ? '-disturbed' : '';
    const blob = new Blob([`${JSON.stringify(this.#record, undefined, 2)}\n`], { type: 'application/json' });
    const link = element('a', {
      href: URL.createObjectURL(blob),
      download: `${dataset.name}-${rule.name}-seed-${seed}${disturbed}.json`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  #copy(text: string, button: string): void {
    const said = byId(button).textContent ?? '';
    const tell = (answer: string): void => {
      byId(button).textContent = answer;
      setTimeout(() => {
        byId(button).textContent = said;
      }, 1500);
    };
    if (!navigator.clipboard) {
      tell('Not allowed here');
      return;
    }
    navigator.clipboard.writeText(text).then(
      () => tell('Copied'),
      () => tell('Not allowed here'),
    );
  }
}

/** Options as they are written in TypeScript. */
function codeOf(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return `[${value.map((one) => codeOf(one)).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  const inner = `${indent}  `;
  const line = `{ ${entries.map(([key, one]) => `${key}: ${codeOf(one)}`).join(', ')} }`;
  if (indent !== '' && line.length < 70) return line;
  return `{\n${entries.map(([key, one]) => `${inner}${key}: ${codeOf(one, inner)},\n`).join('')}${indent}}`;
}

function start(): void {
  const source = new Blob([textOf('live-worker')], { type: 'text/javascript' });
  try {
    new LivePage(new Worker(URL.createObjectURL(source)));
  } catch (error) {
    const words =
      location.protocol === 'file:' ? ' Try the page from a static server, such as `npx serve`.' : '';
    byId('trouble').textContent = `This page could not start: ${(error as Error).message}.${words}`;
    byId('trouble').hidden = false;
  }
}

start();
