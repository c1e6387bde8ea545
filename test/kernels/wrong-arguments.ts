import type { Operation } from '../node/kernels/native-calls.js';

/** Arguments that are wrong, each with the message of the error that it has to cause. */
export function* wrongArguments(): Generator<[Operation, string, unknown, RegExp]> {
  const detached = new Uint32Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  yield ['gatherRows', 'rows', Uint32Array.of(1_000_000), /^(rows|out\.words): expected/];
  yield ['product', 'inputWords', [1, 2], /^inputs\.words: expected a Uint32Array, got \[ 1, 2 \]/];
  yield ['product', 'inputWords', new Float64Array(2), /^inputs\.words: expected a Uint32Array, got Float64/];
  yield [
    'product',
    'weightWords',
    detached,
    /^(inputs|weights)\.words: expected \d+ entries, got '0 entries'/,
  ];
  yield ['product', 'signWords', new Uint32Array(1), /^signs\.words: expected \d+ entries, got '1 entries'/];
  yield ['product', 'columns', 0, /^inputs\.columns: expected an integer in \[1, 1073741824\], got 0/];
  yield ['product', 'columns', 2 ** 40, /^inputs\.columns: expected an integer in \[1, 1073741824\], got 1/];
  yield ['product', 'neurons', -1, /^weights\.rows: expected an integer in \[0, 2147483647\], got -1/];
  yield ['product', 'neurons', 1.5, /^weights\.rows: expected an integer in \[0, 2147483647\], got 1\.5/];
  yield ['product', 'neurons', Number.NaN, /^weights\.rows: .* got NaN/];
  yield ['product', 'samples', undefined, /^inputs\.rows: .* got undefined/];
  yield [
    'product',
    'out',
    new Int32Array(1_000_003),
    /^out\.values: expected \d+ entries, got '1000003 entries'/,
  ];
  yield [
    'packSigns',
    'values',
    new Uint32Array(3),
    /^values\.values: expected an Int16Array or Int32Array, got U/,
  ];
  yield ['packSigns', 'outWords', null, /^out\.words: expected a Uint32Array, got null/];
  yield ['packGates', 'limit', -1, /^limit: expected an integer in \[0, 2147483647\], got -1/];
  yield ['packGates', 'limit', 2 ** 31, /^limit: expected an integer in \[0, 2147483647\], got 2147483648/];
  yield [
    'packGates',
    'gateWords',
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
  yield ['packMajority', 'outWords', new Uint32Array(999), /^out\.words: expected \d+ entries, got '999/];
  yield ['backProduct', 'weightWords', new Uint32Array(3), /^weights\.words: expected \d+ entries, got '3/];
  yield ['backProduct', 'gateWords', new Uint32Array(3), /^gates\.words: expected \d+ entries, got '3/];
  yield ['backProduct', 'out', new Int32Array(3), /^out\.values: expected \d+ entries, got '3 entries'/];
  yield ['backProduct', 'listedCount', 9_999, /^samples\.indices: expected at least 9999 entries, got/];
  yield [
    'backProduct',
    'listed',
    new Uint32Array(99).fill(99),
    /^samples\.indices: expected entries in \[0, \d+\), got '99 at 0'/,
  ];
  yield ['findTriggers', 'classes', 1, /^logits\.columns: expected an integer in \[2, 1073741824\], got 1/];
  yield ['findTriggers', 'margin', -1, /^margin: expected an integer in \[0, 9007199254740991\], got -1/];
  yield ['findTriggers', 'triggers', 'x', /^triggers\.indices: expected a Uint32Array, got 'x'/];
  yield ['selectNeurons', 'groupSize', 0, /^groupSize: expected an integer in \[1, 2147483647\], got 0/];
  yield [
    'selectNeurons',
    'groupSize',
    10_007,
    /^groupSize: expected a divisor of the number of neurons, got 10007/,
  ];
  yield ['selectNeurons', 'listedCount', 9_999, /^steps\.samples: expected at least \d+ entries, got/];
  yield ['selectNeurons', 'stepDirections', new Uint8Array(99), /^steps\.directions: expected an Int8Array/];
  yield ['selectRivals', 'listedCount', 9_999, /^steps\.samples: expected at least 19998 entries, got/];
  yield ['applySteps', 'stepCount', 9_999, /^steps\.samples: expected at least 9999 entries, got/];
  yield ['applySteps', 'bound', 2, /^bound: expected an odd integer, got 2/];
  yield ['applySteps', 'bound', 32_769, /^bound: expected an integer in \[1, 32767\], got 32769/];
  yield [
    'applySteps',
    'stepDirections',
    new Int8Array(999),
    /^steps\.directions: expected entries \+1 or -1, got 0/,
  ];
  yield [
    'applySteps',
    'stepNeurons',
    new Uint32Array(999).fill(77),
    /^steps\.neurons: expected entries in \[0, \d+\)/,
  ];
  yield ['applySteps', 'stepSamples', new Uint32Array(999).fill(-1), /^steps\.samples: .* got '-1 at 0'/];
  yield ['reinforce', 'thresholds', new Uint32Array(0), /^gaps\.thresholds: expected at least 1 entries/];
  yield [
    'reinforce',
    'guide',
    new Uint32Array(255),
    /^gaps\.guide: expected 4096 entries, got '255 entries'/,
  ];
  yield ['reinforce', 'state', new Int32Array(3), /^gaps\.state: expected 4 entries, got '3 entries'/];
}
