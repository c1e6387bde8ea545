import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '../core/errors.js';
import { isInstalled, PACKAGE_ROOT } from './files/folders.js';

/** Something that a plain installation leaves out, and that a project adds when it is wanted. */
export interface Part {
  /** Their versions stand in package.json, as optional peers. */
  readonly packages: readonly string[];
  /** What needs them; the rest of a sentence that begins with "for". */
  readonly purpose: string;
  /** What npm must be told beside the packages. */
  readonly npmOptions?: readonly string[];
}

/** All parts by name. Together they are hundreds of megabytes: see environment.md. */
export const PARTS = {
  float: {
    packages: ['onnxruntime-node'],
    purpose: 'rules in floating point where there are no native kernels',
    // It would fetch libraries for CUDA from outside the registry.
    npmOptions: ['--onnxruntime-node-install=skip'],
  },
  printing: {
    packages: ['playwright-core', '@sparticuz/chromium'],
    purpose: 'figures as SVG, PDF and PNG',
  },
  queue: { packages: ['bullmq', 'ioredis'], purpose: 'sweeps on many machines' },
  notebooks: { packages: ['tslab', 'zeromq'], purpose: 'the kernel of notebooks' },
} as const satisfies Readonly<Record<string, Part>>;

/** Name of a part. */
export type PartName = keyof typeof PARTS;

/** Names of all parts. */
export const PART_NAMES: readonly PartName[] = Object.keys(PARTS) as PartName[];

/** A package of a part as it is here. */
export interface PartPackage {
  readonly name: string;
  /** The version that xnorlab is made for. */
  readonly wanted: string;
  /** The version that is there; undefined where none is. */
  readonly found: string | undefined;
}

/** The packages of a part, wanted and found. Loads none of them. */
export function partPackages(part: PartName): PartPackage[] {
  const { peerDependencies } = readManifest(PACKAGE_ROOT) as { peerDependencies: Record<string, string> };
  return PARTS[part].packages.map((name) => {
    const folder = (require.resolve.paths(name) ?? [])
      .map((parent) => path.join(parent, name))
      .find((place) => existsSync(path.join(place, 'package.json')));
    const found = folder === undefined ? undefined : (readManifest(folder) as { version: string }).version;
    return { name, wanted: peerDependencies[name], found };
  });
}

/** The words after `npm` that add a part to a project: exactly the versions that xnorlab is made for. */
export function npmInstall(part: PartName): string[] {
  const { npmOptions = [] }: Part = PARTS[part];
  const packages = partPackages(part).map(({ name, wanted }) => `${name}@${wanted}`);
  return ['install', '--save-exact', ...packages, ...npmOptions];
}

/** How a part is got here, in a sentence: by a command in a project, by npm's own in a checkout. */
export function howToGet(part: PartName): string {
  return isInstalled(PACKAGE_ROOT)
    ? `Get it with \`npx xnorlab add ${part}\`, which is \`npm ${npmInstall(part).join(' ')}\`.`
    : `Run \`npm ci\` in ${PACKAGE_ROOT}.`;
}

/**
 * Loads what belongs to an optional part, when it is first needed.
 * @param load - imports packages of that part
 * @throws EnvironmentError when one of them is not installed, which says how to get it
 */
export async function loadPart<Loaded>(part: PartName, load: () => Promise<Loaded>): Promise<Loaded> {
  checkPart(part);
  return load();
}

/** @throws EnvironmentError when a package of the part is not installed, which says how to get it */
export function checkPart(part: PartName): void {
  const missing = partPackages(part).filter(({ found }) => found === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(' and ');
  throw new EnvironmentError(
    `${names}, needed for ${PARTS[part].purpose}, ${missing.length === 1 ? 'is' : 'are'} not installed`,
    howToGet(part),
  );
}

function readManifest(folder: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
