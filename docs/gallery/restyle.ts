import { restyle } from 'xnorlab';
import { figure as curves } from './learning-curves';

export const figure = restyle(curves, {
  title: 'In the colours of a journal',
  axes: { y: { title: 'accuracy on FashionMNIST (%)', range: [70, 90] } },
  colours: { 'local-error': '#7B3294', sgd: '#008837' },
  size: { width: 640, height: 400 },
  fonts: { family: 'Times New Roman, serif', size: 14 },
});
