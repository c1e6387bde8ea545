/** `xnorlab/figures`: builders of figures from plain rows. They draw with Plotly wherever it is. */

// They say how they look: the same in every figure, whatever else of xnorlab is loaded.
import '../rules/binary-rules.js';
import '../rules/float-rules.js';

export { type AblationPanelOptions, ablationPanel } from './ablation-panel.js';
export {
  type AccuracyVersusParametersOptions,
  accuracyVersusParameters,
} from './accuracy-versus-parameters.js';
export { type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.js';
export { depthHistogram } from './depth-histogram.js';
export { depthOverEpochs } from './depth-over-epochs.js';
export { depthRange } from './depth-range.js';
export { type EffectSizeOptions, effectSizes } from './effect-sizes.js';
export type { Figure } from './figure.js';
export { type FlipRateOptions, flipRate } from './flip-rate.js';
export { type ForgettingOptions, forgetting } from './forgetting.js';
export { type HeatMapOptions, heatMap } from './heat-map.js';
export type { GridOptions, Pixels } from './image-grid.js';
export { type LearningCurveOptions, learningCurves } from './learning-curves.js';
export { type LifetimesOptions, lifetimes } from './lifetimes.js';
export { type OptionCurvesOptions, optionCurves } from './option-curves.js';
export { type PanelOptions, panels } from './panels.js';
export { PAPER_WIDTHS_MM, type PaperOptions, paperFigure } from './paper.js';
export { type AxisStyle, type Restyling, restyle, seriesNames } from './restyle.js';
export { type ShownSample, sampleGrid } from './sample-grid.js';
export type { SeriesOptions } from './series.js';
export { type StateRasterOptions, type StateSeries, stateRaster } from './state-raster.js';
export { type TradeOffOptions, tradeOff } from './trade-off.js';
export type { ScaleRange } from './value-scale.js';
export { type WeightImageOptions, weightImages } from './weight-images.js';
