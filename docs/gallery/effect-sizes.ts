import { compare, effectSizes } from 'xnorlab';

const changes = {
  base: 0,
  'robustness 0': -3.5,
  'eight input bits': 2,
  'four times the width': 0.7,
  'batches of 200': 0.05,
};
const rows = Object.entries(changes).flatMap(([setting, effect]) =>
  [1, 2, 3, 4, 5].map((seed) => ({
    setting,
    seed,
    testAccuracy: 85 + effect + 0.2 * ((seed * setting.length) % 5),
  })),
);
const effects = compare(rows, { between: 'setting', baseline: 'base', value: 'testAccuracy' });

export const figure = effectSizes(effects.map((effect) => ({ ...effect, name: String(effect.first) })));
