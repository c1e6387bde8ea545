import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveModel } from '../../src/node/models/model-file.js';
import { train } from '../../src/node/train.js';
import { temporaryFolder } from '../data/helpers.js';
import { DATASET } from '../models/pictures.js';
import { xnorlab } from './run-xnorlab.js';

describe('xnorlab export', () => {
  it('writes what the model itself would write', async () => {
    const folder = await temporaryFolder();
    const rule = { name: 'bep', layers: [12], groupSize: 2 } as const;
    const run = await train({ dataset: DATASET.name, rule, epochs: 1, batchSize: 20 }, { dataset: DATASET });
    const [saved, own, written] = ['net.xnorlab', 'own.npz', 'written.npz'].map((name) =>
      path.join(folder, name),
    );
    await saveModel(run, saved);
    const { bytes } = await run.export(own);

    const [words, json, refused] = await Promise.all([
      xnorlab('export', saved, written),
      xnorlab('export', saved, path.join(folder, 'written.onnx'), '--json'),
      xnorlab('export', saved, path.join(folder, 'net.pt')),
    ]);
    expect(words).toEqual({ code: 0, stdout: `${written}: ${bytes} bytes\n`, stderr: '' });
    expect(readFileSync(written)).toEqual(readFileSync(own));
    const onnx = path.join(folder, 'written.onnx');
    expect(JSON.parse(json.stdout)).toEqual({ file: onnx, bytes: readFileSync(onnx).length });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      'xnorlab: file: expected a name that ends in .npz, .safetensors, .onnx or .h, got ',
    );
    expect(existsSync(path.join(folder, 'net.pt'))).toBe(false);
  });
});
