import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../src/core/errors.js';
import * as parts from '../../src/node/parts.js';
import { train } from '../../src/node/train.js';
import type { RuleOptions } from '../../src/rules/rule-types.js';

vi.mock('../../src/node/parts.js', { spy: true });

/** Data that is not there: whoever looks for it says so. */
const DATASET = { name: './no-such-folder' };
const MISSING = 'onnxruntime-node, needed for rules in floating point, is not installed';

describe('where ONNX Runtime is not installed', () => {
  afterEach(() => void vi.mocked(parts.checkPart).mockReset());
  afterAll(() => void vi.doUnmock('../../src/node/parts.js'));

  const trained = (rule: RuleOptions, backend: string): Promise<unknown> => {
    vi.mocked(parts.checkPart).mockImplementation(() => {
      throw new EnvironmentError(MISSING, 'Get it');
    });
    return train({ dataset: DATASET, rule, backend });
  };

  it.each<[RuleOptions]>([
    [{ name: 'sgd', layers: [9] }],
    [{ name: 'adam', layers: [9] }],
    [{ name: 'qat', layers: [9] }],
    [{ name: 'iterative', layers: [9], epochsPerStage: 1 }],
  ])('a rule that needs it says so before data is looked for: %o', async (rule) => {
    await expect(trained(rule, 'wasm')).rejects.toThrow(`${MISSING}. Get it`);
  });

  it('others go on', async () => {
    const binary: RuleOptions = { name: 'local-error', layers: [9], groupSize: 3 };
    await expect(trained(binary, 'wasm')).rejects.toThrow('no-such-folder');
    await expect(trained({ name: 'sgd', layers: [9] }, 'native')).rejects.toThrow('no-such-folder');
  });
});
