import { expect, it } from 'vitest';
import { studyPage } from '../../src/studies/page.js';
import { madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import { best } from './best.js';
import study from './study.js';

const rule = {
  name: 'local-error',
  layers: [1035, 1035],
  groupSize: 45,
  robustness: 0.125,
  readOut: 'summed',
  inputFlipProbability: 0,
};
const rows = best.rows([
  ...madeUpRuns(
    { dataset: 'prototypes', rule: { ...rule, inputFlipProbability: 0.1, majorityAfterEpochs: 20 } },
    [77, 78, 79],
  ),
  ...madeUpRuns({ rule, binarizer: { kind: 'thermometer', levels: 8, thresholds: 'even' } }, [87, 88]),
]);

const TABLE =
  '| data set | layers | thermometer levels | group size | robustness | input flips | majority after epochs | read-out | test accuracy | n | aim | limit |\n' +
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n' +
  '| fashion-mnist | 1035,1035 | 8 | 45 | 0.125 | 0 | – | summed | **87.50 ± 0.71** | 2 | 87.5 | – |\n' +
  '| prototypes | 1035,1035 | – | 45 | 0.125 | 0.1 | 20 | summed | 78.0 ± 1.0 | 3 | 78.5 | 81.5 |\n\n';

it('holds the best networks against aim and limit', () => {
  expect(best.tables(rows).accuracy.toMarkdown()).toContain(TABLE);
});

it('has the networks of both data sets in its sweep', () => {
  const made = best.rows(madeUpSweep(__dirname, best.sweeps));
  expect(best.tables(made).accuracy.body.map(([dataset]) => dataset.text)).toEqual([
    'fashion-mnist',
    'prototypes',
  ]);
});

it('makes a page with the commands, and a section for each part that has rows', () => {
  const page = studyPage('beyond-the-papers', study, { best: best.tables(rows) });
  expect(page).toMatch(/^# Options beyond the papers\n\nWhat options of local-error bring/);
  expect(page).toContain('\n```\nnpx xnorlab study beyond-the-papers --run --keep\n```\n');
  expect(page).toContain('\n\n## Several together: the best networks\n\nThe best fully binary networks');
  expect(page).not.toContain('## One option at a time');
  expect(page).toContain(`\n\n${TABLE}Test accuracy in percent, mean`);
  expect(page).toMatch(/[^\n]\n$/);
});
