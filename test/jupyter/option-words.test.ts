import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from './kernel-client.js';

/** `|` is where the cursor is. */
function cursor(text: string): [string, number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

describe('words where one types', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(`import { registerRule, sweep, train, z, learningCurves } from 'xnorlab';
const mine = registerRule({
  name: 'mine', version: 1,
  options: z.strictObject({ width: z.int().min(1).max(99).default(7).describe('Neurons of the layer.') }),
  inputForm: () => 'binarized',
  describe: () => { throw new Error('not now'); },
  createLearner: async () => { throw new Error('not now'); },
});`);
  });
  afterAll(() => kernel.stop());

  async function explained(text: string): Promise<string> {
    const { reply } = await kernel.inspect(...cursor(text));
    return String((reply.data as Record<string, string>)['text/plain'] ?? '');
  }

  it.each([
    [
      "train({ dataset: 'mnist', rule: { name: 'local-error', robust|ness: 0.5 } })",
      'robustness, of local-error: a number in [0, 1]. Default 0.25.\nr: a sample triggers when its largest logit leads by less than ⌊r·K⌋.',
    ],
    [
      'train({ epochs|: 3 })',
      'epochs: an integer of at least 1. Default 20.\nHow often every training sample is shown.',
    ],
    ['train({ epochs: 3| })', 'epochs: an integer of at least 1. Default 20.'],
    [
      "const rule = { name: 'local-error', greedy: { epochsPerLayer|: 2 } } as const;",
      'epochsPerLayer, of local-error: an integer of at least 1. Required.',
    ],
    [
      "const options = { dataset: 'mnist', model|Selection: 'last' };",
      "modelSelection: 'last' or 'best-validation'. Default 'last'.",
    ],
    [
      "sweep({ base: { rule: { name: 'local-error' } }, axes: [{ grid: { 'rule.group|Size': [3] } }] }, {})",
      'rule.groupSize, of local-error: an integer of at least 1, or a list, each an integer of at least 1. Default 51.',
    ],
    ['sweep({ base: { epochs|: 2 } }, {})', 'How often every training sample is shown.'],
    [
      'sweep({ axes: [{ random: { samples|: 3, fields: {} } }] }, {})',
      'samples: an integer in [1, 100000]. Required.\nHow many points are drawn',
    ],
    ['mine({ width|: 5 })', 'width, of mine: an integer in [1, 99]. Default 7.\nNeurons of the layer.'],
    ['learningCurves([], { trai|ning: true })', "Also draw the training set's accuracy. Default: true."],
    ["train({ rule: { name: 'sgd', layers: [5] } }, { on|Epoch: () => {} })", 'Called after each epoch.'],
  ])('%s', async (text, words) => {
    expect(await explained(text)).toContain(words);
  });

  it('of a call begin with the sentence, and end with a short signature', async () => {
    const text = await explained('train(|');
    expect(text.split('\n\n').slice(0, 2)).toEqual([
      'Trains one network.',
      'train(options: TrainOptions & BackendOption, hooks?: TrainHooks): Promise<TrainedRun & Exportable>',
    ]);
    const [, signature] = (await explained('registerRule(|)')).split('\n\n');
    expect(signature).toBe(
      'registerRule(definition: RuleDefinition<Options, Name>): RuleOptionsFunction<Options>',
    );
  });

  it.each([
    ["train({ dataset: '|", ['prototypes', 'fashion-mnist', 'mnist', 'italy-power-demand']],
    ["train({ dataset: 'fa|' })", ['fashion-mnist']],
    ["train({ dataset: { name: 'mn|' } })", ['mnist']],
    ["train({ rule: { name: 'mi|' } })", ['mine']],
    ["sweep({ axes: [{ grid: { 'rule.groupSi|' } }] })", ['rule.groupSize']],
    ["sweep({ axes: [{ grid: { 'rule.x': { divisorsOf: 'rule.lay|' } } }] })", ['rule.layers']],
  ])('complete %s', async (text, candidates) => {
    const [code, position] = cursor(text);
    const { reply } = await kernel.complete(code.slice(0, position));
    expect(reply.matches).toEqual(candidates);
    expect(position - Number(reply.cursor_start)).toBe(text.slice(0, position).split("'").at(-1)?.length);
  });

  it('say `as const` where options in a variable have lost their type', async () => {
    await kernel.execute("const loose = { name: 'local-error', layers: [35, 35] };");
    const { reply } = await kernel.execute("await train({ dataset: 'mnist', rule: loose, epochs: 1 })");
    expect(reply.evalue).toContain('write `as const` behind them');
  });

  it('are kept by options in a variable with `as const`', async () => {
    const code =
      "const firm = { name: 'local-error', layers: [35, 35] } as const;\nconst check = () => train({ dataset: 'mnist', rule: firm });";
    expect((await kernel.execute(code)).status).toBe('ok');
  });
});
