/** The rules that need ONNX Runtime, one line each; the host imports this that has it. */

import { adam, sgd } from './gradient-descent.js';
import { iterative } from './iterative/iterative.js';
import { qat } from './quantized/qat.js';
import { registerBuiltIn } from './registry.js';

registerBuiltIn(sgd);
registerBuiltIn(adam);
registerBuiltIn(qat);
registerBuiltIn(iterative);
