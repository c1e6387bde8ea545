/** The rules that run anywhere, one line each. */

import { bep } from './bep/bep.js';
import { committee } from './committee/committee.js';
import { localError } from './local-error/local-error.js';
import { registerBuiltIn } from './registry.js';

registerBuiltIn(localError);
registerBuiltIn(bep);
registerBuiltIn(committee);
