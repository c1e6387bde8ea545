import { type RandomStream, randomStreams } from '../../../src/core/random.js';
import type { ZeroPlace } from '../../../src/layers/zeros.js';
import type { CommitteeConfig } from '../../../src/rules/committee/config.js';

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** What a layer makes of one sample. */
interface Shown {
  readonly z: number[];
  readonly a: number[];
  readonly units: number[];
  /** One for each class, or of a single unit one whose sign decides. */
  readonly logits: number[];
}

/** The committee a second time: numbers in arrays, one sample and one weight after the other, no kernels. */
export class CommitteeOracle {
  readonly layers: LayerOracle[] = [];
  #accuracy = 0;

  constructor(
    readonly config: CommitteeConfig,
    inputs: number,
    classes: number,
    seed: number,
  ) {
    for (let l = 0; 2 * l < config.layers.length; l++) {
      const columns = l === 0 ? inputs : config.layers[2 * l - 2];
      this.layers.push(new LayerOracle(config, l, { inputs: columns, classes }, seed));
    }
  }

  predict(samples: number[][]): number[] {
    const last = this.layers[this.layers.length - 1];
    return samples.map((x) => last.classOf(this.#forward(x)[this.layers.length - 1]));
  }

  #forward(x: number[]): Shown[] {
    const shown: Shown[] = [];
    for (const layer of this.layers) shown.push(layer.forward(shown[shown.length - 1]?.a ?? x));
    return shown;
  }

  trainEpoch(samples: number[][], labels: ArrayLike<number>, batchSize: number): void {
    const scale = this.config.reinforcement * Math.sqrt(1 - this.#accuracy);
    let wrong = 0;
    for (let start = 0; start < samples.length; start += batchSize) {
      const batch = samples.slice(start, start + batchSize);
      // What all layers made of the batch before any of them is changed.
      const shown = batch.map((x) => this.#forward(x));
      this.layers.forEach((layer, l) => {
        const seen = batch.map((x, b) => ({
          x: l === 0 ? x : shown[b][l - 1].a,
          shown: shown[b][l],
          label: labels[start + b],
        }));
        const wrongHere = layer.update(seen, scale);
        if (l === this.layers.length - 1) wrong += wrongHere;
      });
    }
    this.#accuracy = 1 - wrong / samples.length;
  }
}

class LayerOracle {
  readonly hidden: number[][];
  readonly #classifier: number[][];
  readonly #reinforcement: RandomStream;
  readonly #groupSize: number;
  readonly #margin: number;

  constructor(
    readonly config: CommitteeConfig,
    l: number,
    { inputs, classes }: { readonly inputs: number; readonly classes: number },
    seed: number,
  ) {
    const [perceptrons, units] = config.layers.slice(2 * l);
    const name = l === 0 ? 'committee' : `committee/layer-${l + 1}`;
    const stream = (part: string) => randomStreams(seed).stream(`${name}${part}`);
    this.#groupSize = perceptrons / units;
    this.#margin = Math.floor(config.robustness * units);
    this.hidden = this.#draw('weights', stream('/signs'), stream('/depth'), perceptrons, inputs);
    const rows = config.output ? 1 : classes;
    this.#classifier = this.#draw(
      'classifier',
      stream('/classifier'),
      stream('/classifier-depth'),
      rows,
      units,
    ).map((row) => row.map((h) => this.#sign('classifier', h)));
    this.#reinforcement = stream('/reinforcement');
  }

  #draw(place: ZeroPlace, signs: RandomStream, depths: RandomStream, rows: number, columns: number) {
    const drawn = signs.signs(rows, columns);
    return Array.from({ length: rows }, (_, r) =>
      [...drawn.signs(r)].map((sign) => {
        const x = this.config.initialDepth * depths.normal();
        const isTernary = this.config.zeros?.includes(place);
        return sign * Math.abs(isTernary ? Math.trunc(x) : 2 * Math.floor(x / 2) + 1) + 0;
      }),
    );
  }

  #sign(place: ZeroPlace, x: number): number {
    if (x === 0) return this.config.zeros?.includes(place) ? 0 : 1;
    return x < 0 ? -1 : 1;
  }

  forward(x: number[]): Shown {
    const z = this.hidden.map((row) =>
      dot(
        row.map((h) => this.#sign('weights', h)),
        x,
      ),
    );
    const a = z.map((sum) => this.#sign('activations', sum));
    const units = Array.from({ length: z.length / this.#groupSize }, (_, j) => {
      const votes = a.slice(j * this.#groupSize, (j + 1) * this.#groupSize);
      return this.#sign(
        'activations',
        votes.reduce((sum, vote) => sum + vote, 0),
      );
    });
    return { z, a, units, logits: this.#classifier.map((row) => dot(row, units)) };
  }

  classOf({ logits }: Shown): number {
    return logits.length === 1 ? Number(logits[0] < 0) : argmax(logits);
  }

  #triggers(shown: Shown, label: number): boolean {
    if (this.classOf(shown) !== label) return true;
    const [largest, second] = [...shown.logits].sort((p, q) => q - p);
    return (second === undefined ? Math.abs(largest) : largest - second) < this.#margin;
  }

  #desired(label: number, j: number): number {
    if (this.#classifier.length > 1) return this.#classifier[label][j];
    return label === 0 ? this.#classifier[0][j] : -this.#classifier[0][j];
  }

  /** @returns samples that it got wrong */
  update(
    batch: readonly { readonly x: number[]; readonly shown: Shown; readonly label: number }[],
    scale: number,
  ): number {
    const { hidden } = this;
    const changes = hidden.map((row) => row.map(() => 0));
    const triggering = batch.filter(({ shown, label }) => this.#triggers(shown, label));
    for (const { x, shown, label } of triggering) {
      const { z, units } = shown;
      units.forEach((unit, j) => {
        const wanted = this.#desired(label, j);
        if (unit * wanted >= 0) return;
        let best = -1;
        for (let k = j * this.#groupSize; k < (j + 1) * this.#groupSize; k++) {
          const isNearer = best < 0 || Math.abs(z[k]) < Math.abs(z[best]);
          if (z[k] * wanted < 0 && isNearer) best = k;
        }
        // All that agree with a unit of ±1 may be perceptrons with z = 0.
        if (best < 0) return;
        x.forEach((entry, n) => {
          changes[best][n] += 2 * wanted * entry;
        });
      });
    }
    if (triggering.length > 0) {
      changes.forEach((row, k) => {
        row.forEach((change, n) => {
          hidden[k][n] += change;
        });
      });
      this.#reinforce(scale);
    }
    return batch.filter(({ shown, label }) => this.classOf(shown) !== label).length;
  }

  #reinforce(scale: number): void {
    const columns = this.hidden[0].length;
    const probability = scale * Math.sqrt(2 / (Math.PI * columns));
    if (probability === 0) return;
    for (let position = 0; position < this.hidden.length * columns; position++) {
      const draw = this.#reinforcement.uint32() / 2 ** 32;
      position += Math.floor(Math.log(1 - draw) / Math.log(1 - probability));
      if (position >= this.hidden.length * columns) return;
      const row = this.hidden[Math.floor(position / columns)];
      row[position % columns] += 2 * this.#sign('weights', row[position % columns]);
    }
  }
}
