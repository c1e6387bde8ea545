import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { type Dataset, FeatureMatrix, type Samples } from '../../../src/data/dataset.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { train } from '../../../src/node/train.js';
import type { TrainOptions } from '../../../src/training/config.js';
import { temporaryFolder } from '../../data/helpers.js';
import { codeOf } from '../../documents/pages.js';
import { DATASET } from '../../models/pictures.js';
import { pythonWith } from '../../python-with.js';
import { gccIsThere, runHeader } from './c-program.js';

const PAGE = 'docs/export.md';

/** The Python blocks of a section. */
const pythonOf = (section: string): string => codeOf(PAGE, 'python', section).join('\n');

const RULES: readonly Partial<TrainOptions>[] = [
  { rule: { name: 'local-error', layers: [15, 9], groupSize: 3, readOut: 'summed' } },
  {
    rule: { name: 'local-error', layers: [9], groupSize: 3 },
    binarizer: { kind: 'thermometer', levels: 3, thresholds: 'even' },
  },
  {
    rule: { name: 'bep', layers: [12], groupSize: 2 },
    binarizer: { kind: 'median', per: 'image' },
  },
  { rule: { name: 'committee', layers: [12, 4] } },
  { rule: { name: 'committee', layers: [12, 4], zeros: 'published', initialDepth: 3 } },
  { rule: { name: 'qat', layers: [9, 7] } },
];

/** The same pictures in bytes. */
function inBytes(dataset: Dataset): Dataset {
  const ofSamples = ({ features, labels }: Samples): Samples => {
    if (features instanceof BitMatrix) throw new TypeError('pictures are numbers');
    const values = Uint8Array.from(features.values, (x) => Math.max(0, Math.min(255, 100 + 8 * x)));
    return { features: new FeatureMatrix(features.rows, features.columns, values), labels };
  };
  const { train: shown, test, validation: _, ...rest } = dataset;
  return { ...rest, train: ofSamples(shown), test: ofSamples(test) };
}

/** Runs code in a folder that has a network under `name` and samples as features.f32; what it leaves in `classes` comes back. */
async function classesInPython(
  python: string,
  options: Partial<TrainOptions>,
  { name, code }: { readonly name: string; readonly code: string },
) {
  const folder = await temporaryFolder();
  const run = await train(
    {
      dataset: DATASET.name,
      rule: { name: 'bep', layers: [12], groupSize: 2 },
      epochs: 3,
      batchSize: 20,
      ...options,
    },
    { dataset: DATASET },
  );
  await run.export(path.join(folder, name));
  const { features } = DATASET.test;
  if (features instanceof BitMatrix || !(features.values instanceof Float32Array))
    throw new TypeError('floats');
  writeFileSync(path.join(folder, 'features.f32'), features.values);
  const after = `
import sys
x = np.fromfile('features.f32', np.float32).reshape(-1, ${features.columns})
${name.endsWith('.onnx') ? "classes = session.run(['predictions'], {'features': x})[0]" : 'classes = logits(net, about, x).argmax(1)'}
print(*classes)`;
  const printed = execFileSync(python, ['-'], { cwd: folder, input: `${code}\n${after}`, encoding: 'utf8' });
  const expected = await run.predict(features);
  expect(new Set(expected).size).toBeGreaterThan(1);
  expect(printed.trim().split(' ').map(Number)).toEqual([...expected]);
}

const numpy = pythonWith('numpy');
const safetensors = pythonWith('numpy', 'safetensors');
const onnxruntime = pythonWith('numpy', 'onnxruntime');

describe('docs/export.md', () => {
  it('reads .npz in three lines', () => {
    const [block] = codeOf(PAGE, 'python');
    expect(block.split('\n').filter((line) => line && !line.startsWith('import'))).toHaveLength(3);
  });

  describe.each(RULES.map((options) => [JSON.stringify(options), options] as const))('%s', (_, options) => {
    it.skipIf(!numpy)(numpy ? 'predicts in NumPy' : 'NOT TESTED in NumPy: no Python has it', async () => {
      if (numpy) await classesInPython(numpy, options, { name: 'net.npz', code: pythonOf('NumPy') });
    });

    it.skipIf(!safetensors)(
      safetensors ? 'predicts from safetensors' : 'NOT TESTED: no Python has safetensors',
      async () => {
        const [, definitions] = pythonOf('NumPy').split(/^(?=def signs)/m);
        const code = `import numpy as np\n${pythonOf('safetensors')}\n${definitions}`;
        if (safetensors) await classesInPython(safetensors, options, { name: 'net.safetensors', code });
      },
    );

    it.skipIf(!onnxruntime)(
      onnxruntime ? "predicts in Python's ONNX Runtime" : 'NOT TESTED: no Python has onnxruntime',
      async () => {
        const code = `import json\n${pythonOf('ONNX')}`;
        if (onnxruntime) await classesInPython(onnxruntime, options, { name: 'net.onnx', code });
      },
    );
  });

  it.skipIf(!gccIsThere)('has a program in C that names classes', async () => {
    const folder = await temporaryFolder();
    const bytes = inBytes(DATASET);
    const rule = { name: 'bep', layers: [12], groupSize: 2 } as const;
    // Thresholds of bytes that are no whole numbers.
    const binarizer = { kind: 'thermometer', levels: 3, thresholds: 'even' } as const;
    const run = await train(
      { dataset: bytes.name, rule, binarizer, epochs: 3, batchSize: 20 },
      { dataset: bytes },
    );
    await run.export(path.join(folder, 'net.h'));
    const [code] = codeOf(PAGE, 'c');
    writeFileSync(path.join(folder, 'program.c'), code);
    const flags = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-pedantic'];
    execFileSync('gcc', [...flags, 'program.c', '-o', 'program'], { cwd: folder });
    const { features } = bytes.test;
    if (features instanceof BitMatrix) throw new TypeError('bytes');
    const input = Uint8Array.from(features.values);
    const printed = execFileSync(path.join(folder, 'program'), { input, encoding: 'utf8' });
    const expected = await run.predict(features);
    expect(new Set(expected).size).toBeGreaterThan(1);
    expect(printed.trim().split('\n')).toEqual(Array.from(expected, (c) => run.classes[c]));
  });
});

describe('a header', () => {
  it.skipIf(!gccIsThere)('gives the classes of 10,000 test images', async (context) => {
    const dataset = await loadDataset('fashion-mnist', { download: false }).catch(() => undefined);
    if (!dataset) return context.skip('Fashion-MNIST is not on this machine');
    const rule = { name: 'local-error', layers: [75, 75], groupSize: 15 } as const;
    const run = await train(
      { dataset: { name: dataset.name, limitTrain: 6000 }, rule, epochs: 1 },
      { dataset },
    );
    const { features } = dataset.test;
    expect(features.rows).toBe(10_000);
    const file = path.join(await temporaryFolder(), 'fashion.h');
    await run.export(file);
    for (const type of ['uint8_t', 'float'] as const) {
      const { classes, wrongGolden } = await runHeader(file, features, type);
      expect(wrongGolden).toBe(0);
      expect(classes).toEqual(await run.predict(features));
    }
  });
});
