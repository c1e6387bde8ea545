import { stateRaster } from 'xnorlab';

const steps = Array.from({ length: 12 }, (_, t) => t);
const wave = (period: number): number[][] =>
  steps.map((t) => Array.from({ length: 24 }, (_, k) => Math.sin((2 * Math.PI * (t + k)) / period)));

export const figure = stateRaster([
  { label: 'slow', states: wave(12) },
  { label: 'fast', states: wave(5) },
  { label: 'slow', states: wave(11) },
]);
