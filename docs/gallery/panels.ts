import { panels, restyle } from 'xnorlab';
import { figure as accuracy } from './accuracy-versus-parameters';
import { figure as costs } from './trade-off';

export const figure = panels([restyle(accuracy, { title: 'size' }), restyle(costs, { title: 'memory' })], {
  letters: true,
});
