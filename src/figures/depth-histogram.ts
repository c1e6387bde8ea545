import { ArgumentError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import type { EpochRecord, LayerRecord } from '../records/record.js';
import { depthRange } from './depth-range.js';
import type { Figure } from './figure.js';
import { PALETTE } from './series-style.js';
import { screenLayout } from './theme.js';

/** Far apart in lightness, because bars have neither dash nor marker. */
const BAR_COLORS = [PALETTE[0], PALETTE[4], PALETTE[6], PALETTE[5]] as const;

/**
 * Metaplastic depth after an epoch: percent of each layer's hidden weights in each power-of-two range of |h|.
 * @param epoch - of a run of a rule that has hidden weights
 * @throws ArgumentError when the epoch has no layers
 */
export function depthHistogram(
  { epoch, layers }: EpochRecord,
  { title = `Depth of hidden weights after epoch ${epoch}` }: { readonly title?: string } = {},
): Figure {
  if (!layers || layers.length === 0) {
    throw new ArgumentError('epoch.layers', 'an epoch of a rule with hidden weights', layers);
  }
  const bins = usedBins(layers);
  const data = layers.map(({ depthHistogram: counts }, l) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return {
      type: 'bar' as const,
      name: `layer ${l + 1}`,
      x: bins.map((bin) => depthRange(2 ** bin)),
      y: bins.map((bin) => (100 * counts[bin]) / total),
      marker: { color: BAR_COLORS[l % BAR_COLORS.length] },
    };
  });
  const layout = screenLayout(title, 'depth |h|', 'hidden weights (%)');
  return {
    data,
    layout: { ...layout, barmode: 'group', xaxis: { ...layout.xaxis, type: 'category', tickangle: -40 } },
  };
}

/** All bins up to the deepest one in which any layer has weights. */
function usedBins(layers: readonly LayerRecord[]): number[] {
  const deepest = layers.map(({ depthHistogram: counts }) => counts.findLastIndex((count) => count > 0));
  return Array.from({ length: largest(deepest) + 1 }, (_, bin) => bin);
}
