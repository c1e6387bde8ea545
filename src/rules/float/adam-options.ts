import { z } from 'zod';

/** A factor by which a running mean forgets: 1 would never learn anything. */
export const decay = z.number().min(0).lt(1);

/** Options of rules that are trained by Adam, besides the learning rate. Defaults are those of Kingma and Ba. */
export const adamOptions = {
  beta1: decay.default(0.9).describe('β₁: decay per step of the running mean of gradients.'),
  beta2: decay.default(0.999).describe('β₂: decay per step of the running mean of squared gradients.'),
  // Far below 1e-30 it would be 0 in 32 bits, and a weight whose gradient is always 0 would get 0/0.
  epsilon: z
    .number()
    .min(1e-30)
    .default(1e-8)
    .describe('ε: keeps the division by the root mean square finite.'),
} as const;
