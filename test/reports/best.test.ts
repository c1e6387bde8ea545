import { expect, it } from 'vitest';
import { best } from '../../src/reports/best.js';
import { reportPage } from '../../src/reports/page.js';
import { madeUpRuns } from './made-up-run.js';

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
  expect(best.figures(rows)).toEqual({});
});

it('makes a page with the commands and the tables', () => {
  const page = reportPage(best, best.tables(rows));
  expect(page).toMatch(/^# Best fully binary networks\n\nThe best fully binary networks that we found,/);
  expect(page).toContain(
    '\n```\nnpx xnorlab sweep configs/best.yaml --store results/best\n' +
      'npx xnorlab table best --store results/best --keep\n```\n',
  );
  expect(page).toContain(`\n\n${TABLE}Test accuracy in percent, mean`);
  expect(page).toMatch(/[^\n]\n$/);
});
