import { ArgumentError } from '../../core/errors.js';
import { PROTOTYPES } from '../prototypes.js';
import { fashionMnist } from './fashion-mnist.js';
import { italyPowerDemand } from './italy-power-demand.js';
import type { KnownDataset } from './known-dataset.js';
import { mnist } from './mnist.js';

const known = new Map<string, KnownDataset>(
  [fashionMnist, mnist, italyPowerDemand].map((dataset) => [dataset.name, dataset]),
);

/** All known data sets, ours first. */
export function knownDatasets(): readonly KnownDataset[] {
  return [...known.values()];
}

/**
 * Makes a data set known by its name for this process, as ours are: its files are looked for where data sets lie, checked by their
 * SHA-256 and downloaded if need be. Registering the same object again changes nothing.
 * @throws ArgumentError when the name is taken
 */
export function registerDataset(dataset: KnownDataset): void {
  const taken = dataset.name === PROTOTYPES ? 'the generated set' : known.get(dataset.name);
  if (taken === dataset) return;
  if (taken !== undefined) throw new ArgumentError('name', 'one that no data set has yet', dataset.name);
  known.set(dataset.name, dataset);
}
