import { confusionMatrix } from 'xnorlab';

const counts = [
  [870, 20, 110],
  [15, 960, 25],
  [130, 40, 830],
];

export const figure = confusionMatrix(counts, { classes: ['shirt', 'trouser', 'coat'] });
