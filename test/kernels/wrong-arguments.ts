import { RandomStream } from '../../src/core/random.js';
import { fieldsOf } from '../../src/kernels/fields.js';
import {
  OPERATION_NAMES,
  OPERATIONS,
  type Operation,
  type OperationName,
} from '../../src/kernels/operations.js';
import { type FlatCall, flatten, type Operands, randomOperands, randomSizes } from './table-calls.js';

const CLASSES = {
  uint32: Uint32Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  'int16 or int32': Int32Array,
} as const;

/** Values of a flat call that are wrong, each with the message of the error that it has to cause. */
export function* wrongArguments(): Generator<[OperationName, string, unknown, RegExp]> {
  const detached = new Uint32Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  yield ['gatherRows', 'rows', Uint32Array.of(1_000_000), /^(rows|out\.words): expected/];
  yield ['product', 'inputs.words', [1, 2], /^inputs\.words: expected a Uint32Array, got \[ 1, 2 \]/];
  yield [
    'product',
    'inputs.words',
    new Float64Array(2),
    /^inputs\.words: expected a Uint32Array, got Float64/,
  ];
  yield [
    'product',
    'weights.words',
    detached,
    /^(inputs|weights)\.words: expected \d+ entries, got '0 entries'/,
  ];
  yield [
    'product',
    'signs.words',
    new Uint32Array(1),
    /^signs\.words: expected \d+ entries, got '1 entries'/,
  ];
  yield ['product', 'inputs.columns', 0, /^inputs\.columns: expected an integer in \[1, 1073741824\], got 0/];
  yield [
    'product',
    'inputs.columns',
    2 ** 40,
    /^inputs\.columns: expected an integer in \[1, 1073741824\], got 1/,
  ];
  yield ['product', 'weights.rows', -1, /^weights\.rows: expected an integer in \[0, 2147483647\], got -1/];
  yield [
    'product',
    'weights.rows',
    1.5,
    /^weights\.rows: expected an integer in \[0, 2147483647\], got 1\.5/,
  ];
  yield ['product', 'weights.rows', Number.NaN, /^weights\.rows: .* got NaN/];
  yield ['product', 'inputs.rows', undefined, /^inputs\.rows: .* got undefined/];
  yield [
    'product',
    'out.values',
    new Int32Array(1_000_003),
    /^out\.values: expected \d+ entries, got '1000003 entries'/,
  ];
  yield [
    'packSigns',
    'values.values',
    new Uint32Array(3),
    /^values\.values: expected an Int16Array or Int32Array, got U/,
  ];
  yield ['packSigns', 'out.words', null, /^out\.words: expected a Uint32Array, got null/];
  yield ['packGates', 'limit', -1, /^limit: expected an integer in \[0, 2147483647\], got -1/];
  yield ['packGates', 'limit', 2 ** 31, /^limit: expected an integer in \[0, 2147483647\], got 2147483648/];
  yield [
    'packGates',
    'gates.words',
    new Uint32Array(999),
    /^gates\.words: expected \d+ entries, got '999 entries'/,
  ];
  yield ['packMajority', 'groupSize', 0, /^groupSize: expected an integer in \[1, 1073741824\], got 0/];
  yield [
    'packMajority',
    'groupSize',
    10_007,
    /^groupSize: expected a divisor of the number of neurons, got 10007/,
  ];
  yield ['packMajority', 'out.words', new Uint32Array(999), /^out\.words: expected \d+ entries, got '999/];
  yield ['backProduct', 'weights.words', new Uint32Array(3), /^weights\.words: expected \d+ entries, got '3/];
  yield ['backProduct', 'gates.words', new Uint32Array(3), /^gates\.words: expected \d+ entries, got '3/];
  yield [
    'backProduct',
    'out.values',
    new Int32Array(3),
    /^out\.values: expected \d+ entries, got '3 entries'/,
  ];
  yield ['backProduct', 'samples.count', 9_999, /^samples\.indices: expected at least 9999 entries, got/];
  yield [
    'backProduct',
    'samples.indices',
    new Uint32Array(99).fill(99),
    /^samples\.indices: expected entries in \[0, \d+\), got '99 at 0'/,
  ];
  yield [
    'findTriggers',
    'logits.columns',
    1,
    /^logits\.columns: expected an integer in \[2, 1073741824\], got 1/,
  ];
  yield ['findTriggers', 'margin', -1, /^margin: expected an integer of at least 0, got -1/];
  yield ['findTriggers', 'triggers.indices', 'x', /^triggers\.indices: expected a Uint32Array, got 'x'/];
  yield ['selectNeurons', 'groupSize', 0, /^groupSize: expected an integer in \[1, 1073741824\], got 0/];
  yield [
    'selectNeurons',
    'groupSize',
    10_007,
    /^groupSize: expected a divisor of the number of neurons, got 10007/,
  ];
  yield ['selectNeurons', 'samples.count', 9_999, /^samples\.indices: expected at least 9999 entries, got/];
  yield [
    'selectNeurons',
    'steps.directions',
    new Uint8Array(99),
    /^steps\.directions: expected an Int8Array/,
  ];
  yield [
    'selectNeurons',
    'steps.samples',
    new Uint32Array(1),
    /^steps\.samples: expected at least \d+ entries, got '1/,
  ];
  yield [
    'selectRivals',
    'steps.neurons',
    new Uint32Array(1),
    /^steps\.neurons: expected at least \d+ entries, got '1/,
  ];
  yield ['selectRivals', 'samples.count', 9_999, /^samples\.indices: expected at least 9999 entries, got/];
  yield ['applySteps', 'steps.count', 9_999, /^steps\.samples: expected at least 9999 entries, got/];
  yield ['applySteps', 'bound', 2, /^bound: expected an odd integer, got 2/];
  yield ['applySteps', 'bound', 32_769, /^bound: expected an integer in \[1, 32767\], got 32769/];
  yield [
    'applySteps',
    'steps.directions',
    new Int8Array(999),
    /^steps\.directions: expected entries \+1 or -1, got 0/,
  ];
  yield [
    'applySteps',
    'steps.neurons',
    new Uint32Array(999).fill(77),
    /^steps\.neurons: expected entries in \[0, \d+\)/,
  ];
  yield ['applySteps', 'steps.samples', new Uint32Array(999).fill(-1), /^steps\.samples: .* got '-1 at 0'/];
  yield [
    'reinforce',
    'gaps.thresholds',
    new Uint32Array(0),
    /^gaps\.thresholds: expected at least 1 entries/,
  ];
  yield [
    'reinforce',
    'gaps.guide',
    new Uint32Array(255),
    /^gaps\.guide: expected 4096 entries, got '255 entries'/,
  ];
  yield ['reinforce', 'gaps.state', new Int32Array(3), /^gaps\.state: expected 4 entries, got '3 entries'/];
  yield* wrongFields();
}

/** The same wrongs of every field that the table tells of. */
function* wrongFields(): Generator<[OperationName, string, unknown, RegExp]> {
  for (const name of OPERATION_NAMES) {
    for (const field of fieldsOf(OPERATIONS[name])) {
      const escaped = field.name.replace('.', '\\.');
      if (field.type === 'number') {
        for (const wrong of [field.minimum - 1, field.minimum + 0.5, Number.NaN, '2', null]) {
          yield [name, field.name, wrong, new RegExp(`^${escaped}: expected an integer`)];
        }
        if (field.isOdd)
          yield [name, field.name, 2, new RegExp(`^${escaped}: expected an odd integer, got 2`)];
        continue;
      }
      for (const wrong of [undefined, {}, [1], new Float64Array(4), new DataView(new ArrayBuffer(8))]) {
        yield [name, field.name, wrong, new RegExp(`^${escaped}: expected an? .*Array, got`)];
      }
      if (field.length.kind === 'free') continue;
      const tooLong = field.length.kind === 'atLeast' ? 0 : 1_000_003;
      const Class = CLASSES[field.entries];
      yield [
        name,
        field.name,
        new Class(tooLong),
        new RegExp(`^${escaped}: expected .*entries, got '${tooLong}`),
      ];
      if (field.length.kind === 'atLeast' && field.holds) {
        const wrong = new Class(999).fill(-3);
        yield [name, field.name, wrong, new RegExp(`^${escaped}: expected entries .*, got '?-3`)];
      }
    }
  }
}

/** Sizes large enough for every wrong value above to be noticed, and small enough for it to be wrong. */
const SIZES = { S: 5, B: 6, N: 70, K: 12, G: 3, C: 5, D: 4, L: 3, T: 7, R: 3 };

/** A right call to make wrong. */
export function rightCall(name: OperationName): FlatCall {
  const operation: Operation = OPERATIONS[name];
  return flatten(operation, rightOperands(operation));
}

/** Its operands. */
export function rightOperands(operation: Operation): Operands {
  const random = RandomStream.named(1, 'wrong arguments');
  return randomOperands(operation, randomSizes(operation, random, SIZES), random);
}
