import type { Row } from '../dist/core/row.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { referenceKernels } from '../dist/kernels/reference.js';
import { loadDataset } from '../dist/node/data/load.js';
import { selectKernels } from '../dist/node/kernels/select.js';
import { configuredRule, ruleOptionsSchema } from '../dist/rules/registry.js';
import type { RuleOptions } from '../dist/rules/rule-types.js';
import { markdownTable } from '../dist/tables/markdown.js';
import { prepareTaskData } from '../dist/training/task-data.js';
import { floatEpochs } from './float-epoch.js';
import { installJax, jaxEpoch } from './peers.js';
import { processorMs, show, spread } from './timing.js';

const MEDIAN = { kind: 'median', per: 'channel' } as const;
const LAYERS = [525, 525];
const RULES = ['sgd', 'adam', 'qat'] as const;

/**
 * Processor seconds for an epoch of float rules at 525,525 on one thread: native float kernels and ONNX Runtime in turns, with JAX before and
 * after.
 * @param asked - names of the rules that are wanted; all where none is among them
 */
export async function floatRules(
  say: (text: string) => void,
  repeats: number,
  asked: readonly string[],
): Promise<void> {
  const dataset = await loadDataset('fashion-mnist');
  const jax = installJax();
  const rows: Row[] = [];
  const wanted = RULES.filter((name) => asked.includes(name));
  for (const name of wanted.length > 0 ? wanted : RULES) {
    const options: RuleOptions = { name, layers: LAYERS };
    const { inputForm } = configuredRule(ruleOptionsSchema().parse(options));
    const { train } = prepareTaskData(dataset, inputForm, MEDIAN);
    const epochOn = async (kernels: Kernels): Promise<() => Promise<number>> => {
      const { epoch } = await floatEpochs(options, train, kernels);
      return async () => (await processorMs(epoch)) / 1000;
    };
    const [native, onnx] = [await epochOn(selectKernels('native')), await epochOn(referenceKernels)];
    const times: Record<'native' | 'onnx' | 'jax', number[]> = { native: [], onnx: [], jax: [] };
    const askJax = (): void => {
      if (jax !== undefined) times.jax.push(jaxEpoch(LAYERS, 1, 3, name, 'processor').median);
    };
    await native();
    await onnx();
    askJax();
    for (let repeat = 0; repeat < repeats; repeat++) {
      times.native.push(await native());
      times.onnx.push(await onnx());
    }
    askJax();
    const [ours, theirs] = [spread(times.native), spread(times.onnx)];
    const peer = times.jax.length > 0 ? spread(times.jax) : undefined;
    rows.push({
      rule: name,
      native: show(ours, 2),
      'ONNX Runtime': show(theirs, 2),
      [jax ?? 'JAX']: peer === undefined ? '–' : show(peer, 2),
      'ONNX Runtime / native': (theirs.median / ours.median).toFixed(2),
      'native / JAX': peer === undefined ? '–' : (ours.median / peer.median).toFixed(2),
    });
  }
  say(markdownTable(rows));
}
