/** Networks without their trainers: predict, look inside, save as bytes. */
export { inspectLayers, type LayerAnswers } from './inspect-layers.js';
export { inspectStates } from './inspect-states.js';
export { type Model, type ModelParts, signLayers } from './model.js';
export { decodeModel, encodeModel, type SavedModel } from './model-bytes.js';
export { createPredictor, type Predictor, type PredictorHost } from './predictor.js';
