/**
 * Attacks that try to exhaust time or memory, run one after the other on what is built in dist/, in a process of their own: prints a line of
 * JSON before each (`{"begins": name}`) and after it (what was thrown, and how many MiB the peak of memory has grown).
 * The files that they need are made before, so that what is measured is reading.
 */
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { deflateRawSync, deflateSync, constants } = require('node:zlib');

const [, , folder] = process.argv;
const dist = (file) => require(path.join(__dirname, '../../dist', file));

const { parseTrainConfig } = dist('training/config.js');
const { expandSweep } = dist('training/sweep/expand.js');
const { train } = dist('node/train.js');
const { ConfigFile } = dist('node/config-file.js');
const { loadModel } = dist('node/models/model-file.js');
const { loadDataset } = dist('node/data/load.js');
const { readSource } = dist('node/data/file-access.js');
const { readNpyFeatures } = dist('node/data/read-npy.js');
const { readSampleFile } = dist('node/data/sample-file.js');
const { decodePicture } = dist('node/data/decode-picture.js');
const { npzDataset } = dist('data/npz.js');
const { parsePickle } = dist('data/pickle.js');
const { encodeContainer, decodeContainer } = dist('core/container.js');

function file(name, bytes) {
  const place = path.join(folder, name);
  fs.writeFileSync(place, bytes);
  return place;
}

const uint32 = (value, isBig = false) => {
  const bytes = Buffer.alloc(4);
  if (isBig) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
};

/** Raw DEFLATE of so many MiB of zeros, without making them. */
function zeros(mebibytes) {
  const piece = deflateRawSync(Buffer.alloc(2 ** 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const end = deflateRawSync(Buffer.alloc(0));
  return Buffer.concat([...Array.from({ length: mebibytes }, () => piece), end]);
}

function gzipBomb(mebibytes, told = mebibytes * 2 ** 20) {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  return Buffer.concat([head, zeros(mebibytes), uint32(0), uint32(told % 2 ** 32)]);
}

/** An archive of entries that are all the same bytes. */
function zipBomb(mebibytes, entries) {
  const packed = zeros(mebibytes);
  const name = Buffer.from('x.npy');
  const size = uint32(mebibytes * 2 ** 20);
  const local = Buffer.concat([
    Buffer.from('504b030414000000080000000000', 'hex'),
    uint32(0),
    uint32(packed.length),
    size,
    Buffer.from([name.length, 0, 0, 0]),
    name,
    packed,
  ]);
  const names = Array.from({ length: entries }, (_, i) => Buffer.from(`x${i}.npy`));
  const central = Buffer.concat(
    names.map((own) =>
      Buffer.concat([
        Buffer.from('504b01021400140000000800', 'hex'),
        Buffer.alloc(4),
        uint32(0),
        uint32(packed.length),
        size,
        Buffer.from([own.length, 0]),
        Buffer.alloc(12),
        uint32(0),
        own,
      ]),
    ),
  );
  const end = Buffer.concat([
    Buffer.from('504b050600000000', 'hex'),
    Buffer.from([entries, 0, entries, 0]),
    uint32(central.length),
    uint32(local.length),
    Buffer.alloc(2),
  ]);
  return Buffer.concat([local, central, end]);
}

function png(width, height, packed) {
  const chunk = (name, contents) =>
    Buffer.concat([uint32(contents.length, true), Buffer.from(name), contents, uint32(0)]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.concat([uint32(width, true), uint32(height, true), Buffer.from([8, 0, 0, 0, 0])])),
    chunk('IDAT', packed),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function npy(type, shape, byteCount, name) {
  const text = `${`{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117)}\n`;
  const place = file(
    name,
    Buffer.concat([Buffer.from('934e554d50590100', 'hex'), Buffer.from([118, 0]), Buffer.from(text)]),
  );
  fs.truncateSync(place, 128 + byteCount); // a hole, which takes no room
  return place;
}

/** A file of version 1 of the format whose record tells another network. */
function oldModel(name, change) {
  const saved = fs.readFileSync(path.join(__dirname, '../node/models/version-1', `${name}.xnorlab`));
  const { content, arrays } = decodeContainer(saved, 'network', name);
  change(content);
  const bytes = Buffer.from(encodeContainer('network', { content, arrays }));
  bytes.writeUInt32LE(1, 8);
  createHash('sha256')
    .update(bytes.subarray(0, -32))
    .digest()
    .copy(bytes, bytes.length - 32);
  return file(`${name}-${Math.random()}.xnorlab`, bytes);
}

const withLayers = (name, layers) =>
  oldModel(name, ({ record }) => {
    Object.assign(record.config.rule, { layers, ...('groupSize' in record.config.rule && { groupSize: 1 }) });
  });

const small = {
  name: 'prototypes',
  prototypes: { features: 20, trainSamples: 20, validationSamples: 5, testSamples: 5 },
};
const wide = (name, backend) => () =>
  train({
    dataset: small,
    rule: {
      name,
      layers: [46400, 46400],
      ...(name === 'bep' || name === 'local-error' ? { groupSize: 46400 } : {}),
    },
    epochs: 1,
    backend,
  });
const sweepOf = (axis) => () =>
  expandSweep({
    base: { dataset: 'prototypes', rule: { name: 'bep', layers: [10], groupSize: 5 } },
    axes: [axis],
  });
const configOf = (name, text) => {
  const place = file(name, text);
  return () => ConfigFile.read(place);
};
const gz = (name, bytes) => {
  const place = file(name, bytes);
  return () => readSource(place);
};
const bytesOf = (name, bytes) => ({ file: name, bytes: new Uint8Array(bytes) });

/** A text of half a megabyte that is made bytes of a thousand times. */
function pickleOfCalls() {
  const text = Buffer.alloc(500_000, 97);
  const start = [
    Buffer.from('80025d', 'hex'),
    Buffer.from('c_codecs\nencode\n'),
    Buffer.from('710058', 'hex'),
    uint32(text.length),
    text,
    Buffer.from('710158', 'hex'),
    uint32(6),
    Buffer.from('latin1'),
    Buffer.from('7102303030', 'hex'),
  ];
  // POP is none of the operations that are known: what is made stays on the stack.
  return Buffer.concat([
    ...start.slice(0, -1),
    Buffer.from('7102', 'hex'),
    ...Array.from({ length: 1000 }, () => Buffer.from('68006801680286' + '52', 'hex')),
    Buffer.from('2e', 'hex'),
  ]);
}

const attacks = {
  ...Object.fromEntries(
    ['native', 'wasm', 'reference'].map((backend) => [
      `layers of 46400 on ${backend}`,
      wide('local-error', backend),
    ]),
  ),
  ...Object.fromEntries(
    ['bep', 'qat', 'adam', 'sgd', 'iterative'].map((name) => [
      `layers of 46400 by ${name}`,
      wide(name, 'auto'),
    ]),
  ),
  'a run beyond the limit': async () => {
    process.env.XNORLAB_MEMORY = '64M';
    try {
      await train({
        dataset: small,
        rule: { name: 'bep', layers: [6000, 6000], groupSize: 6000 },
        epochs: 1,
      });
    } finally {
      delete process.env.XNORLAB_MEMORY;
    }
  },
  'a job for layers of 46400': () =>
    train(parseTrainConfig({ dataset: small, rule: { name: 'committee', layers: [1e9, 1e9] } })),
  'prototypes of 1e9 features': () =>
    train({
      dataset: { name: 'prototypes', prototypes: { features: 1e9 } },
      rule: { name: 'bep', layers: [10], groupSize: 5 },
    }),
  'prototypes of 1e9 classes': () => loadDataset('prototypes', { prototypes: { classes: 1e9 } }),
  '1e9 seeds': sweepOf({ seeds: 1e9 }),
  '1e9 samples': sweepOf({ random: { samples: 1e9, fields: { 'rule.robustness': [0.1, 0.2] } } }),
  'divisors of 2^53 - 1': () =>
    expandSweep({
      base: { dataset: 'prototypes', rule: { name: 'bep', layers: [2 ** 53 - 1] } },
      axes: [{ grid: { 'rule.groupSize': { divisorsOf: 'rule.layers' } } }],
    }),
  'a mapping of 300,000 keys': configOf(
    'keys.yaml',
    Array.from({ length: 300_000 }, (_, i) => `key${i}: 1`).join('\n'),
  ),
  'a mapping of 20,000 keys, the last there before': configOf(
    'twice.yaml',
    `${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')}\nk7: 2\n`,
  ),
  'ten thousand aliases': configOf(
    'aliases.yaml',
    Array.from({ length: 10_000 }, (_, i) => `k${i}: &a${i} x\nl${i}: *a${i}`).join('\n'),
  ),
  'lists in lists': configOf('deep.yaml', '['.repeat(100_000)),
  'aliases of aliases': configOf(
    'laughs.yaml',
    Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => (i ? `*a${i}` : 'x')).join(',')}]`,
    ).join('\n'),
  ),
  'a model of 5 KB of layers of 46400': (
    (place) => () =>
      loadModel(place)
  )(withLayers('local-error', [46400, 46400])),
  'a model of 5 KB of a layer of 30000': (
    (place) => () =>
      loadModel(place)
  )(withLayers('committee', [30000 * 9, 30000])),
  'a model of 5 KB of 1e9 classes': (
    (place) => () =>
      loadModel(place)
  )(
    oldModel('local-error', ({ record }) => {
      record.dataset.classes = 1e9;
    }),
  ),
  'a model of 5 KB of 1e9 inputs': (
    (place) => () =>
      loadModel(place)
  )(
    oldModel('qat', ({ record }) => {
      record.dataset.inputs = 1e9;
      delete record.dataset.inputShape;
    }),
  ),
  'gzip of 3 GB': gz('bomb.gz', gzipBomb(3000)),
  'gzip of 3 GB that tells 1 MB': gz('liar.gz', gzipBomb(3000, 2 ** 20)),
  'npz of 1 GB': (
    (bytes) => () =>
      npzDataset('bomb', bytes)
  )(bytesOf('bomb.npz', zipBomb(1000, 1))),
  'npz of one array a hundred times': (
    (bytes) => () =>
      npzDataset('bomb', bytes)
  )(bytesOf('overlap.npz', zipBomb(60, 100))),
  'png of 65535 by 65535': (
    (bytes) => () =>
      decodePicture(bytes)
  )(bytesOf('large.png', png(65535, 65535, deflateSync(Buffer.alloc(100))))),
  'png of 10 by 10 that unpacks to 2 GB': (
    (bytes) => () =>
      decodePicture(bytes)
  )(bytesOf('bomb.png', png(10, 10, Buffer.concat([Buffer.from([0x78, 0xda]), zeros(2000)])))),
  'npy of more than there is': (
    (place) => () =>
      readSampleFile(place, { classes: ['a', 'b'] })
  )(npy('|b1', [2 ** 40, 2 ** 12], 100, 'short.npy')),
  'pickle that makes bytes of a text a thousand times': (
    (bytes) => () =>
      parsePickle(bytes)
  )(bytesOf('calls.pkl', pickleOfCalls())),
};

/** What is right, and shall take little: what is natural in this field. */
const uses = {
  'npy of 50,000 x 4,096 bools': (
    (place) => () =>
      readNpyFeatures(place)
  )(npy('|b1', [50_000, 4096], 50_000 * 4096, 'bools.npy')),
  'npy of 50,000 x 512 packed bytes': (
    (place) => () =>
      readNpyFeatures(place, { shape: { kind: 'vector', size: 4096 }, packed: 'big' })
  )(npy('|u1', [50_000, 512], 50_000 * 512, 'packed.npy')),
};

const ofStatus = (key) =>
  Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

/** What memory is now, from where its peak counts. */
function beginPeak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  fs.writeFileSync('/proc/self/clear_refs', '5');
  return ofStatus('VmRSS');
}

const peakMib = () =>
  process.platform === 'linux' ? ofStatus('VmHWM') : process.resourceUsage().maxRSS / 1024;
const tell = (line) => fs.writeSync(1, `${JSON.stringify(line)}\n`);

async function run(name, attack) {
  tell({ begins: name });
  const before = beginPeak();
  const start = performance.now();
  let outcome = {};
  try {
    await attack();
  } catch (error) {
    outcome = { error: error.name, exitCode: error.exitCode, message: error.message };
  }
  tell({
    name,
    ...outcome,
    ms: Math.round(performance.now() - start),
    grownMib: Math.round(peakMib() - before),
  });
}

void (async () => {
  for (const [name, attack] of Object.entries({ ...attacks, ...uses })) await run(name, attack);
})();
