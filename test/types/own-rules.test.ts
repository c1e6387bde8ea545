import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(__dirname, '..', '..');
/** The compiler that notebooks have: TypeScript 5.0.4. */
const COMPILER = require.resolve('@tslab/typescript-for-tslab/lib/tsc.js');

const USE = `
import { equalMemory, expandSweep, parseTrainConfig, readSweep, sweep, train } from 'xnorlab';
import { randomCorrection } from './random-correction';

export async function use(): Promise<void> {
  await train({ dataset: 'x', rule: { name: 'local-error', layers: [3, 4], groupSize: 3 }, backend: 'wasm' });
  await train({ dataset: 'x', rule: randomCorrection({ layers: [3], corrections: 4 }) });
  await train({ dataset: 'x', rule: randomCorrection() });
  // @ts-expect-error a slip of the pen in an option of a rule of one's own
  await train({ dataset: 'x', rule: randomCorrection({ lyers: [3] }) });
  // @ts-expect-error a slip of the pen in an option of ours
  await train({ dataset: 'x', rule: { name: 'local-error', layrs: [3, 4] } });
  // @ts-expect-error a name that nothing says
  await train({ dataset: 'x', rule: { name: 'unknown', layers: [3, 4] } });
  // @ts-expect-error an option of another rule
  await train({ dataset: 'x', rule: { name: 'sgd', layers: [3, 4], groupSize: 3 } });

  // Nothing of this needs a cast.
  const runs = expandSweep(readSweep('x.yaml')).filter(({ dataset, seed }) => dataset.name === 'mnist' && seed === 1);
  const binary = runs.filter((run) => run.rule.name === 'local-error' && run.rule.layers.length === 2);
  const sgd = { dataset: 'mnist', rule: { name: 'sgd', layers: [3] } } as const;
  await equalMemory(binary[0], sgd);
  await train(binary[0]);
  const shorter = runs.map((run) => ({ ...run, epochs: 3 }));
  const { records } = await sweep(
    { axes: [{ cases: shorter }, { cases: [{ rule: randomCorrection({ layers: [5] }) }, { rule: { robustness: 0 } }] }] },
    { store: 'x' },
  );
  const config = parseTrainConfig((await records())[0].config);
  console.log('batchNorm' in config.rule ? String(config.rule.batchNorm) : config.rule.name);
}
`;

/** On the built package: \`npm run build\` comes first. */
describe('types, for the compiler of notebooks', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-types-'));
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(ROOT, path.join(folder, 'node_modules', 'xnorlab'), 'dir');
    copyFileSync(
      path.join(ROOT, 'examples', 'random-correction.ts'),
      path.join(folder, 'random-correction.ts'),
    );
    writeFileSync(path.join(folder, 'use.ts'), USE);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['true', 'false'])('know the options of our rules, and of others, strict: %s', (strict) => {
    const options = ['--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'commonjs'];
    const flags = [...options, '--moduleResolution', 'node', '--esModuleInterop', '--strict', strict];
    let said = '';
    try {
      execFileSync(process.execPath, [COMPILER, ...flags, 'use.ts'], { cwd: folder, encoding: 'utf8' });
    } catch (error) {
      said = (error as { stdout: string }).stdout;
    }
    expect(said).toBe('');
  });
});
