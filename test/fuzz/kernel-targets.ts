import { RandomStream } from '../../src/core/random.js';
import { BACKENDS, type BackendName, type Kernels } from '../../src/kernels/kernels.js';
import {
  OPERATION_NAMES,
  OPERATIONS,
  type Operation,
  type UntypedOperation,
} from '../../src/kernels/operations.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import { Arena } from '../kernels/operands.js';
import { flatten, outcomeOf, randomOperands, randomSizes, withValues } from '../kernels/table-calls.js';
import { spoil } from '../node/kernels/hostile-calls.js';
import { type FuzzTarget, sound } from './target.js';

const made = new Map<BackendName, Kernels>();

function kernelsOf(backend: BackendName): Kernels {
  const known = made.get(backend) ?? selectKernels(backend);
  made.set(backend, known);
  return known;
}

/** A call follows from sixteen bytes: its input is the state of a stream. */
const callInput: FuzzTarget['input'] = (_, random) =>
  Uint8Array.from({ length: 16 }, () => random.below(256));

/** What is wrong about some operands and right about others, as it comes from JavaScript without types. */
const WRONG_OPERANDS = [
  undefined,
  null,
  7,
  'text',
  {},
  [],
  { rows: 2, columns: 3 },
  new Float32Array(4),
  { count: 3 },
  { state: {} },
];

const wrap = (input: Uint8Array): RandomStream => {
  const view = new DataView(input.buffer, input.byteOffset, 16);
  return RandomStream.fromState([0, 4, 8, 12].map((at) => view.getInt32(at, true)));
};

/** Calls with up to three operands or parts of operands that are wrong: refused, or computed within their own memory. */
function hostile(backend: BackendName): FuzzTarget {
  return {
    name: `${backend}-hostile`,
    input: callInput,
    run(input) {
      const random = wrap(input);
      const name = OPERATION_NAMES[random.below(OPERATION_NAMES.length)];
      const operation: Operation = OPERATIONS[name];
      let operands = randomOperands(operation, randomSizes(operation, random), random);
      if (random.below(4) === 0) {
        operands[random.below(operands.length)] = WRONG_OPERANDS[random.below(WRONG_OPERANDS.length)];
      } else {
        const call = flatten(operation, operands);
        spoil(call, random);
        operands = withValues(operation, operands, call);
      }
      (kernelsOf(backend)[name] as UntypedOperation)(...operands);
    },
  };
}

/** Calls that are right: every backend gives what the reference gives, to the bit. */
function valid(backend: BackendName): FuzzTarget {
  return {
    name: `${backend}-valid`,
    input: callInput,
    run(input) {
      const choice = wrap(input);
      const name = OPERATION_NAMES[choice.below(OPERATION_NAMES.length)];
      const operation: Operation = OPERATIONS[name];
      const outcomes = [backend, 'reference' as const].map((each) => {
        const random = wrap(input);
        // Of the native backend in its own memory, where the shipped path allocates.
        const place = each === 'native' ? new Arena(kernelsOf(each), 'own memory') : undefined;
        const operands = randomOperands(operation, randomSizes(operation, random), random, place);
        const result = (kernelsOf(each)[name] as UntypedOperation)(...operands);
        return JSON.stringify(outcomeOf(operation, operands, result), (_, value) =>
          ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value,
        );
      });
      sound(outcomes[0] === outcomes[1], `${name}: ${outcomes[0]}, the reference gives ${outcomes[1]}`);
    },
  };
}

/** Targets for the kernels of every backend. */
export const KERNEL_TARGETS: readonly FuzzTarget[] = [
  ...BACKENDS.map(hostile),
  ...BACKENDS.filter((backend) => backend !== 'reference').map(valid),
];
