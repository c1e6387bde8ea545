import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import { loadAddon } from '../../src/node/kernels/native/addon.js';
import { runCase, TARGETS } from './targets.js';

const CORPUS = path.join(__dirname, 'corpus');

/** A short run of what `npm run fuzz` does at length; the cases are the same in every run. `scripts/sanitize-native.sh` asks for more. */
const CASES = Number(process.env.XNORLAB_FUZZ_CASES ?? 150);

const targets = TARGETS.filter(({ name }) => !name.startsWith('native') || 'addon' in loadAddon());

function corpusOf(name: string): Uint8Array[] {
  const folder = path.join(CORPUS, name);
  if (!readdirSync(CORPUS).includes(name)) return [];
  return readdirSync(folder).map((file) => new Uint8Array(readFileSync(path.join(folder, file))));
}

describe('what comes from outside', () => {
  it.each(targets)('is taken or refused with an error of ours: $name', async (target) => {
    const corpus = corpusOf(target.name);
    let accepted = 0;
    for (let number = 0; number < CASES; number++) {
      const input = target.input(corpus, RandomStream.named(1, `fuzz/${target.name}/${number}`));
      const outcome = await runCase(target, input);
      expect(outcome.finding, `case ${number}`).toBeUndefined();
      if (outcome.accepted) accepted++;
    }
    // Else nothing is tried but the first check.
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(target.name.endsWith('-valid') ? CASES + 1 : CASES);
  });

  it.each(targets.filter(({ name }) => corpusOf(name).length > 0))(
    'is taken as it is in the corpus: $name',
    async (target) => {
      for (const input of corpusOf(target.name)) {
        expect(await runCase(target, input)).toEqual({ accepted: true });
      }
    },
  );
});
