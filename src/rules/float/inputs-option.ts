import { z } from 'zod';

/** The option of float rules for what their network is shown. */
export const inputsOption = z
  .enum(['full-precision', 'binarized'])
  .default('full-precision')
  .describe('What the network is shown: standardized real numbers, or the ±1 that binary rules are shown.');
