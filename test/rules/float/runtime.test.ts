import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { referenceKernels } from '../../../src/kernels/reference.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { sgd, sgdConfig } from '../../../src/rules/gradient-descent.js';
import { inOrder, labelled, randomBatch } from './helpers.js';

const RULES = path.resolve(__dirname, '../../../src/rules');
const TASK = { input: vector(3), classes: 2, batchSize: 4, hasValidation: false };
const CONFIG = sgdConfig.parse({ name: 'sgd', layers: [2] });
const CONTEXT = { kernels: referenceKernels, streams: randomStreams(1) };

/** Packages that a file imports, types left out. */
function packagesOf(file: string): string[] {
  const { outputText } = ts.transpileModule(readFileSync(path.join(RULES, file), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const { importedFiles } = ts.preProcessFile(outputText, true, true);
  return importedFiles.map(({ fileName }) => fileName).filter((name) => !name.startsWith('.'));
}

describe('the runtime of float rules', () => {
  it('is a matter of the host: float rules import nothing that runs on one host only', () => {
    const files = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(float|quantized|iterative|gradient-descent).*\.ts$/.test(file),
    );
    expect(files).toContain('gradient-descent.ts');
    const packages = new Set(files.flatMap(packagesOf));
    expect([...packages].sort()).toEqual(['protobufjs/minimal.js', 'zod']);
  });

  it('is asked for when a learner is made, and missed with a remedy', async () => {
    await expect(sgd.createLearner(CONFIG, TASK, CONTEXT)).rejects.toThrow(
      'sgd needs ONNX Runtime, which is not provided here. Provide it as onnxRuntime of the rule context, or use a binary rule',
    );
  });

  it('is the one that the host provides', async () => {
    const { Tensor, InferenceSession } = await onnxRuntime();
    let graphs = 0;
    const create = ((...args: Parameters<typeof InferenceSession.create>) => {
      graphs++;
      return InferenceSession.create(...args);
    }) as typeof InferenceSession.create;
    const counting = async () => ({ Tensor, InferenceSession: { create } });
    const learner = await sgd.createLearner(CONFIG, TASK, { ...CONTEXT, onnxRuntime: counting });
    expect(graphs).toBe(2);
    const { loss } = await learner.trainEpoch(inOrder(labelled(randomBatch(8, 3, 2, 'host')), 4));
    expect(loss).toBeGreaterThan(0);
    await learner.dispose();
  });
});
