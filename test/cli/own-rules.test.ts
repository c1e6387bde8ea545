import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex, sha256 } from '../../src/core/sha256.js';
import { openStore } from '../../src/node/store/run-store.js';
import type { RunRecord } from '../../src/records/record.js';
import { xnorlab } from './run-xnorlab.js';

const EXAMPLE = path.resolve(__dirname, '..', '..', 'examples', 'random-correction.ts');

/** In a folder that has nothing to do with the package, as a user's. */
describe('a rule in a file of the user’s', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-own-rules-'));
    file = path.join(folder, 'my-rule.ts');
    copyFileSync(EXAMPLE, file);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  it('is trained with flags of its own, and recorded with the hash of the file', async () => {
    const rule = ['--rules', file, '--rule', 'random-correction', '--layers', '15', '--corrections', '2'];
    const { code, stdout } = await xnorlab(
      ...['train', '--dataset', 'prototypes', '--limit-train', '200', '--epochs', '1', '--json', ...rule],
    );
    expect(code).toBe(0);
    const record = JSON.parse(stdout) as RunRecord;
    expect(record.rule).toEqual({
      name: 'random-correction',
      version: 1,
      sha256: hex(sha256(readFileSync(file))),
    });
    expect(record.config).toMatchObject({ rule: { corrections: 2, layers: [15] } });
    expect(record.architecture).toBe('15');
  });

  it('is swept in threads when the sweep names it, from wherever it is called', async () => {
    const prototypes =
      '{ features: 60, classes: 3, trainSamples: 90, validationSamples: 30, testSamples: 30 }';
    const sweep = write(
      'sweep.yaml',
      `rules: ./my-rule.ts
base:
  dataset: { name: prototypes, prototypes: ${prototypes} }
  rule: { name: random-correction, layers: [9] }
  epochs: 1
axes:
  - grid: { rule.corrections: [1, 3] }
  - seeds: 2
`,
    );
    const store = path.join(folder, 'store');
    const first = await xnorlab('sweep', sweep, '--store', store, '--workers', '2');
    expect(first.stdout).toContain('4 finished now, 0 before, 0 failed');
    const { stdout } = await xnorlab('sweep', sweep, '--store', store);
    expect(stdout).toContain('0 finished now, 4 before, 0 failed');
    // A changed rule is another rule.
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// changed\n`);
    const changed = await xnorlab('sweep', sweep, '--store', store, '--workers', '1');
    copyFileSync(EXAMPLE, file);
    expect(changed.stdout).toContain('4 finished now, 0 before, 0 failed');
    const opened = openStore(store);
    const [one] = opened.records();
    opened.close();
    expect(one.rule.sha256).toBe(hex(sha256(readFileSync(file))));
  });

  it('may import parts of the package', async () => {
    const parts = readFileSync(EXAMPLE, 'utf8').replace("} from 'xnorlab';", "} from 'xnorlab/rules';");
    const { stdout, stderr } = await xnorlab(
      'rules',
      'random-correction',
      '--rules',
      write('parts.ts', parts),
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('### `random-correction`, version 1');
  });

  it('has its options documented, and in the schema for editors', async () => {
    const { stdout } = await xnorlab('rules', 'random-correction', '--rules', file);
    expect(stdout).toContain('| `corrections` | integer from 1 | `5` | Most neurons of a layer');
    expect((await xnorlab('schema', `--rules=${file}`)).stdout).toContain('rule.corrections');
  });

  it('is not needed to have those of the rules that come along', async () => {
    expect((await xnorlab('rules', 'committee')).stdout).toContain('### `committee`, version 1');
  });

  it('is refused when it is no such file, in words that say which', async () => {
    const train = (rules: string) => xnorlab('train', '--rules', rules);
    const missing = await train(path.join(folder, 'nothing.ts'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toMatch(
      /^xnorlab: rules: expected a readable JavaScript or TypeScript file \(ENOENT/,
    );
    const empty = write('empty.js', 'module.exports = {};');
    expect((await train(empty)).stderr).toBe(
      `xnorlab: rules: expected a file that calls registerRule, got '${empty}'\n`,
    );
    const broken = write('broken.ts', 'const = 3;');
    const outcome = await train(broken);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(`xnorlab: ${broken}: cannot be loaded:`);
  });
});
